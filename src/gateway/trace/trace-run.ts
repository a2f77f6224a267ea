/** One page under way along what is known of it: the hot path, so it allocates little and looks up
 * less. Only outcomes other than `answered` cost more. */
import { invariant } from '../../kernel/errors.ts';
import type { CallOutcome, PageEnd, PageTraceRun, TracedCall } from './traced-call.ts';
import {
  FIRST_WITHOUT_DATA,
  OUTCOMES,
  type RunOutcomes,
  type TracedPage,
  type TracedStep,
} from './traced-page.ts';

const NO_CALLS: readonly TracedCall[] = Object.freeze([]);
const NOBODY: readonly number[] = Object.freeze([]);
/** A fetch that was started and whose calls are over. */
const STARTED = -1;
/** A call that is not over, and one that is not made yet. */
const OPEN = -1;
const NOT_MADE = -2;

/** Follows the outcomes of one page's calls. */
export class TraceRun implements PageTraceRun, RunOutcomes {
  openCalls = 0;
  readonly #page: TracedPage;
  readonly #steps: (TracedStep | undefined)[];
  /** Per fetch: how many are to be over before it starts; once it was started, −1 less the calls
   * that are not over. */
  readonly #waiting: number[];
  /** Per fetch with one call: its code, where any is not 0. */
  #codes: number[] | undefined;
  /** Per fetch with several calls: their codes. */
  #manyCodes: Map<number, Int8Array> | undefined;
  #stepsOver = 0;
  #isStarted = false;
  /** Whether every call so far was answered; whether every call so far brought its data. */
  #isPlain = true;
  #hasAllData = true;

  constructor(page: TracedPage) {
    this.#page = page;
    this.#waiting = page.waits.slice();
    this.#steps = page.noSteps.slice();
  }

  start(): readonly TracedCall[] {
    invariant(!this.#isStarted, 'PAGE_STARTED_TWICE', {});
    this.#isStarted = true;
    return this.#startReady(0);
  }

  complete(callId: number, outcome: CallOutcome): readonly TracedCall[] {
    const count = this.#waiting.length;
    const index = callId % count;
    const code = outcome === 'answered' ? 0 : OUTCOMES.indexOf(outcome);
    this.#note(index, (callId - index) / count, code);
    if (code > 0) {
      this.#isPlain = false;
      if (code >= FIRST_WITHOUT_DATA) this.#hasAllData = false;
    }
    this.openCalls -= 1;
    const missing = this.#missing(index) - 1;
    this.#waiting[index] = STARTED - missing;
    if (missing > 0) return this.#nextOf(index, missing);
    this.#release(index);
    return this.#startReady(index + 1);
  }

  end(): PageEnd | undefined {
    if (!this.#isStarted || this.#stepsOver < this.#waiting.length) return undefined;
    return this.#isPlain ? this.#page.plainEnd(this) : this.#page.endAfter(this);
  }

  stepAt(index: number): TracedStep | undefined {
    return this.#steps[index];
  }

  codeAt(index: number, call: number): number {
    return this.#manyCodes?.get(index)?.[call] ?? this.#codes?.[index] ?? 0;
  }

  #note(index: number, call: number, code: number): void {
    const isOpen = this.#missing(index) > 0;
    const many = this.#steps[index]?.calls.length === 1 ? undefined : this.#manyCodes?.get(index);
    const isCall = many === undefined ? call === 0 : many[call] === OPEN;
    invariant(isOpen && isCall, 'CALL_NOT_OPEN', { index, call });
    if (many !== undefined) many[call] = code;
    else if (code > 0) {
      this.#codes ??= [];
      this.#codes[index] = code;
    }
  }

  /** Calls of a started fetch that are not over. */
  #missing(index: number): number {
    return Math.max(0, STARTED - (this.#waiting[index] ?? STARTED));
  }

  /** A fetch is over: those that wait for it wait for one less. */
  #release(index: number): void {
    this.#stepsOver += 1;
    const waiting = this.#waiting;
    const dependents = this.#page.dependents[index] ?? NOBODY;
    for (let i = 0; i < dependents.length; i += 1) {
      const one = dependents[i] as number;
      waiting[one] = (waiting[one] ?? 0) - 1;
    }
  }

  /** Starts what waits for nothing. Only later fetches wait for a fetch, so one pass is enough. */
  #startReady(from: number): readonly TracedCall[] {
    const waiting = this.#waiting;
    let calls = NO_CALLS;
    for (let i = from; i < waiting.length; i += 1) {
      if (waiting[i] !== 0) continue;
      waiting[i] = STARTED;
      const made = this.#startStep(i);
      if (made.length === 0) this.#release(i);
      else calls = calls.length === 0 ? made : [...calls, ...made];
    }
    return calls;
  }

  #startStep(index: number): readonly TracedCall[] {
    const page = this.#page;
    const step = this.#hasAllData ? page.plainStep(index, this) : page.stepAfter(index, this);
    const { length } = step.calls;
    const atOnce = Math.min(length, page.maxInFlight[index] ?? length);
    this.#steps[index] = step;
    this.#waiting[index] = STARTED - length;
    this.openCalls += atOnce;
    if (length > 1) {
      this.#manyCodes ??= new Map();
      this.#manyCodes.set(index, new Int8Array(length).fill(OPEN).fill(NOT_MADE, atOnce));
    }
    return atOnce === length ? step.calls : step.calls.slice(0, atOnce);
  }

  /** A call of a fetch is over while others are missing: the next one that had to wait for it. */
  #nextOf(index: number, missing: number): readonly TracedCall[] {
    const calls = this.#steps[index]?.calls ?? NO_CALLS;
    const overBefore = calls.length - missing - 1;
    const next = overBefore + (this.#page.maxInFlight[index] ?? calls.length);
    const call = next < calls.length ? calls[next] : undefined;
    if (call === undefined) return NO_CALLS;
    const codes = this.#manyCodes?.get(index);
    if (codes !== undefined) codes[next] = OPEN;
    this.openCalls += 1;
    return [call];
  }
}
