/** A caller's guard under any script of calls, ends, hedges and cancellations: places in the
 * bulkhead, attempts under way and extra attempts are what a list of the attempts says. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type Attempt, createCallGuard } from '../../../../src/queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../../../src/queueing/calls/call-policies.ts';
import { DEFAULT_FIXED_HEDGE } from '../../../../src/queueing/calls/hedging.ts';
import { DEFAULT_CALL_RETRY } from '../../../../src/queueing/calls/retry-policy.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

interface Settings {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  readonly maxWaitUs: number;
  readonly retryRatio: number;
  readonly reserve: number;
  readonly hedgeCap: number;
}

type Step =
  | { readonly do: 'call'; readonly gapUs: number }
  /** A hedge of the oldest attempt under way. */
  | { readonly do: 'hedge'; readonly gapUs: number }
  | { readonly do: 'end' | 'cancel' | 'withdraw' | 'abandon'; readonly gapUs: number; at: number }
  /** An attempt times out, and is tried again where that is granted. */
  | { readonly do: 'fail'; readonly gapUs: number; readonly at: number }
  | { readonly do: 'expire'; readonly gapUs: number };

/** A second, which is longer than any script: a budget over the whole history. */
const TTL_US = 1_000_000;

function policiesOf(settings: Settings): CallPolicies {
  const { maxConcurrent, maxWaiting, maxWaitUs, retryRatio, reserve, hedgeCap } = settings;
  return {
    timeoutUs: 1_000,
    retry: { ...DEFAULT_CALL_RETRY, maxAttempts: 100 },
    bulkhead: { kind: 'semaphore', maxConcurrent, maxWaiting, maxWaitUs },
    hedge: { ...DEFAULT_FIXED_HEDGE, capRatio: hedgeCap, maxHedges: 100 },
    budget: {
      kind: 'ratio-bucket',
      ttlUs: TTL_US,
      retryRatio,
      minRetriesPerSec: reserve,
      slots: 1,
    },
  };
}

interface Waiting {
  readonly attempt: Attempt;
  readonly sinceUs: number;
}

/** The guard, and the list of the attempts that it let in. */
class Desk {
  readonly #settings: Settings;
  readonly #guard: ReturnType<typeof createCallGuard>;
  readonly #inside: Attempt[] = [];
  #waiting: Waiting[] = [];
  #nowUs = 0;
  #numbers = 0;
  #calls = 0;
  #admittedCalls = 0;
  #retries = 0;
  #hedges = 0;
  /** Granted, and neither sent nor handed back. */
  #granted = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#guard = createCallGuard(policiesOf(settings));
  }

  take(step: Step): void {
    this.#nowUs += step.gapUs;
    this.#do(step);
    this.#check();
  }

  /** Ends all: nothing may be left. */
  empty(): void {
    while (this.#inside.length > 0) this.take({ do: 'end', gapUs: 0, at: 0 });
    this.take({ do: 'expire', gapUs: this.#settings.maxWaitUs });
    while (this.#granted > 0) this.#handBack();
    const { active, activeExtra } = this.#guard.save();
    assert.deepEqual({ active, activeExtra }, { active: 0, activeExtra: 0 }, 'after all ended');
  }

  #do(step: Step): void {
    if (step.do === 'call') this.#call();
    else if (step.do === 'hedge') this.#hedge();
    else if (step.do === 'expire') this.#expire();
    else if (step.do === 'abandon') this.#handBack();
    else if (step.do === 'withdraw') this.#withdraw(step.at);
    else this.#end(step.do, step.at);
  }

  #call(): void {
    this.#calls += 1;
    if (this.#send('first')) this.#admittedCalls += 1;
  }

  #hedge(): void {
    if (this.#inside.length === 0 || !this.#guard.mayHedge(this.#nowUs, 0)) return;
    this.#hedges += 1;
    this.#granted += 1;
    this.#send('hedge');
  }

  #handBack(): void {
    if (this.#granted === 0) return;
    this.#granted -= 1;
    this.#guard.abandonExtra();
  }

  /** @returns whether the attempt is in, or waits. */
  #send(role: Attempt['role']): boolean {
    const attempt = { id: this.#numbers, role };
    this.#numbers += 1;
    const isFull = this.#inside.length >= this.#settings.maxConcurrent;
    if (role !== 'first') this.#granted -= 1;
    const verdict = this.#guard.admit(this.#nowUs, 0.5, attempt);
    assert.equal(verdict === 'admitted', !isFull, `${verdict} with ${this.#inside.length} inside`);
    if (verdict === 'admitted') this.#inside.push(attempt);
    if (verdict === 'waiting') this.#waiting.push({ attempt, sinceUs: this.#nowUs });
    return verdict === 'admitted' || verdict === 'waiting';
  }

  #end(how: 'end' | 'cancel' | 'fail', at: number): void {
    const [attempt] = this.#inside.splice(at % Math.max(1, this.#inside.length), 1);
    if (attempt === undefined) return;
    const { role } = attempt;
    const nowUs = this.#nowUs;
    const failure = how === 'fail' ? ('timeout' as const) : undefined;
    const next =
      how === 'cancel'
        ? this.#guard.cancelled(nowUs, role)
        : this.#guard.finished({ failure, durationUs: 5, nowUs, role });
    this.#starts(next);
    if (failure === undefined) return;
    if (!this.#guard.mayRetry({ failure, attempts: 1 }, nowUs)) return;
    this.#retries += 1;
    this.#granted += 1;
    this.#send('retry');
  }

  /** The waiting attempt that takes a place: the first whose wait is not over, if there is one. */
  #starts(next: Attempt | undefined): void {
    const { maxWaitUs } = this.#settings;
    const first = this.#waiting.find((one) => one.sinceUs + maxWaitUs >= this.#nowUs);
    assert.equal(next?.id, first?.attempt.id, 'who waits longest is next');
    if (next === undefined) return;
    this.#waiting = this.#waiting.filter((one) => one !== first);
    this.#inside.push(next);
  }

  #expire(): void {
    const { maxWaitUs } = this.#settings;
    const over = this.#waiting.filter((one) => one.sinceUs + maxWaitUs <= this.#nowUs);
    const expired = this.#guard.expireWaiting(this.#nowUs);
    assert.deepEqual(
      expired.map((one) => one.id),
      over.map((one) => one.attempt.id),
    );
    this.#waiting = this.#waiting.filter((one) => !over.includes(one));
  }

  #withdraw(at: number): void {
    const [gone] = this.#waiting.splice(at % Math.max(1, this.#waiting.length), 1);
    if (gone !== undefined) this.#guard.withdraw(this.#nowUs, gone.attempt);
  }

  #check(): void {
    const { active, activeExtra, bulkhead } = this.#guard.save();
    const { maxConcurrent, maxWaiting, retryRatio, reserve, hedgeCap } = this.#settings;
    const here = [...this.#inside, ...this.#waiting.map((one) => one.attempt)];
    assert.equal(bulkhead?.active, this.#inside.length, 'places taken in the bulkhead');
    assert.equal(bulkhead?.waiting.length, this.#waiting.length);
    assert.equal(active, here.length, 'attempts under way or waiting');
    const extra = here.filter((one) => one.role !== 'first').length + this.#granted;
    assert.equal(activeExtra, extra, 'extra attempts');
    assert.ok(this.#inside.length <= maxConcurrent && this.#waiting.length <= maxWaiting);
    const budget = retryRatio * this.#calls + reserve;
    assert.ok(this.#retries + this.#hedges <= budget, `${this.#retries} retries of ${budget}`);
    assert.ok(this.#hedges <= hedgeCap * this.#admittedCalls, `${this.#hedges} hedges`);
  }
}

const gapUs = fc.oneof(fc.constant(0), fc.nat(30));
const at = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('call' as const), gapUs }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('end', 'cancel', 'fail'), gapUs, at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('withdraw', 'abandon'), gapUs, at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('hedge', 'expire'), gapUs }) },
);

const guardKeepsBooks = zooProperty({
  name: 'guard-keeps-its-books',
  claim: 'attempts, places and budgets of a guard are what a list of its attempts says',
  arbitrary: fc.record({
    settings: fc.record({
      maxConcurrent: fc.integer({ min: 1, max: 3 }),
      maxWaiting: fc.nat(3),
      maxWaitUs: fc.constantFrom(0, 20, 50),
      retryRatio: fc.constantFrom(0, 0.2),
      reserve: fc.nat(3),
      hedgeCap: fc.constantFrom(0.1, 0.5, 1),
    }),
    steps: fc.array(step, { maxLength: 40, size: 'max' }),
  }),
  sizeOf: ({ steps }) => ({ commands: steps.length, faults: 0 }),
  holds({ settings, steps }) {
    const desk = new Desk(settings);
    for (const one of steps) desk.take(one);
    desk.empty();
  },
});

/** Properties of the guard. */
export const GUARD_PROPERTIES: readonly ZooProperty[] = [guardKeepsBooks];
