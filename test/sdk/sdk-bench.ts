/** A page with an SDK, a collector and a network between them, on the kernel's clock. The bench
 * plays what a browser would: clocks, one timer, a store that outlives the page, requests. */
import type { PlainValue } from '../../src/domain/plain-value.ts';
import type { TrackedEvent } from '../../src/domain/tracked-event.ts';
import { createSimulation, type EventKey, type Simulation } from '../../src/kernel/simulation.ts';
import { ms } from '../../src/kernel/time.ts';
import { createSdkCore } from '../../src/sdk/sdk-core.ts';
import { createSdkHost, type SdkHost } from '../../src/sdk/sdk-host.ts';
import {
  requestBody,
  type SdkEffect,
  type SdkMessage,
  type SentBatchEffect,
} from '../../src/sdk/sdk-messages.ts';
import { DEFAULT_SDK_POLICY, type SdkPolicy } from '../../src/sdk/sdk-policy.ts';

/** What becomes of a request. `lost` never arrives; `unanswered` arrives, its answer does not. */
export type Fate =
  | 'lost'
  | 'unanswered'
  | { readonly status: number; readonly retryAfterUs?: number }
  | {
      readonly results: (event: TrackedEvent, index: number) => string | undefined;
      readonly retryAfterUs?: number;
    };

/** A request as it was sent. */
export interface SentRequest {
  readonly atUs: number;
  readonly life: number;
  readonly sent: SentBatchEffect;
  readonly body: string;
}

/** Bench options. */
export interface SdkBenchOptions {
  readonly policy?: Partial<SdkPolicy>;
  /** What becomes of the n-th request (from 0). Default: 200. */
  readonly fate?: (request: SentBatchEffect, n: number) => Fate;
  readonly uniform?: (batch: number, attempt: number) => number;
  /** Looks at the SDK after every step. */
  readonly check?: (bench: SdkBench) => void;
}

/** 2026-11-25 00:00 UTC in µs. */
export const EPOCH_US = 1_795_564_800_000_000;
const UP_US = ms(40);
const DOWN_US = ms(40);
const OK = 200;

/** The bench. */
export class SdkBench {
  readonly simulation: Simulation = createSimulation();
  readonly requests: SentRequest[] = [];
  /** Ids with the collector, each with how often it came. */
  readonly accepted = new Map<string, number>();
  /** Events as captured. */
  readonly captured = new Map<string, TrackedEvent>();
  readonly effects: SdkEffect[] = [];
  host: SdkHost;
  /** Lives of the page that have ended. */
  life = 0;
  isOnline = true;
  mayTrack: boolean;
  /** Before this the server wants to hear nothing; as long as no clock jumped, it must not. */
  notBeforeUs = 0;
  stored: string | undefined;
  readonly #options: SdkBenchOptions;
  readonly #core;
  readonly #wake;
  readonly #arrive;
  readonly #answer;
  #timer: EventKey | undefined;
  #startedUs = 0;
  #wallShiftUs = 0;

  constructor(options: SdkBenchOptions = {}) {
    this.#options = options;
    this.mayTrack = options.policy?.consent !== 'ask';
    this.#core = createSdkCore({
      policy: { ...DEFAULT_SDK_POLICY, ...options.policy },
      uniform: (_, batch, attempt) => options.uniform?.(batch, attempt) ?? 0.5,
    });
    this.#wake = this.simulation.registerHandler('wake', (life) => {
      if (life !== this.life) return;
      this.#timer = undefined;
      this.tell({ type: 'sdk.woken' });
    });
    this.#arrive = this.simulation.registerHandler('arrive', (_, payload) => {
      const [request, fate] = payload as [SentRequest, Fate];
      this.#receive(request, fate);
    });
    this.#answer = this.simulation.registerHandler('answer', (life, payload) => {
      // Nobody is there any more to hear what a page that ended had asked.
      if (life !== this.life || !this.isOnline) return;
      const message = payload as SdkMessage;
      this.#notePushback(message);
      this.tell(message);
    });
    this.host = this.#open();
  }

  get policy(): SdkPolicy {
    return this.#core.policy;
  }

  /** Tells the SDK. */
  tell(message: SdkMessage): void {
    if (message.type === 'consent.decided') this.mayTrack = message.granted;
    this.host.tell(message);
    this.#options.check?.(this);
  }

  capture(count = 1, text = 'home'): void {
    for (let i = 0; i < count; i += 1) {
      this.tell({ type: 'fact.captured', event: 'ui.click', data: { target: text } });
    }
  }

  /** Lets time pass. */
  wait(durationUs: number): void {
    this.simulation.run(this.simulation.nowUs + durationUs);
  }

  network(online: boolean): void {
    this.isOnline = online;
    this.tell({ type: 'network.changed', online });
  }

  /** The page is killed without notice, and loaded again after a while. */
  reload(afterUs = 0): void {
    this.life += 1;
    if (this.#timer !== undefined) this.simulation.cancel(this.#timer);
    this.#timer = undefined;
    this.wait(afterUs);
    this.host = this.#open();
    this.#options.check?.(this);
  }

  /** The wall clock is set. */
  jump(byUs: number): void {
    this.notBeforeUs = Number.NEGATIVE_INFINITY;
    this.#wallShiftUs += byUs;
  }

  /** [seconds, attempt, ids] of every request. */
  sent(): readonly (readonly [number, number, readonly string[]])[] {
    return this.requests.map(({ atUs, sent }) => [
      atUs / 1e6,
      sent.attempt,
      sent.events.map(({ id }) => id),
    ]);
  }

  /** Events given up, by reason. */
  dropped(): Readonly<Record<string, number>> {
    return this.host.state.dropped;
  }

  #open(): SdkHost {
    this.#startedUs = this.simulation.nowUs;
    const { life } = this;
    return createSdkHost(
      this.#core,
      { subject: 'v7', entity: 7 },
      {
        clock: () => ({
          wallUs: EPOCH_US + this.simulation.nowUs + this.#wallShiftUs,
          uptimeUs: this.simulation.nowUs - this.#startedUs,
        }),
        isOnline: () => this.isOnline,
        send: (sent) => this.#send(sent, life),
        store: {
          load: () =>
            this.stored === undefined ? undefined : (JSON.parse(this.stored) as PlainValue),
          save: (saved) => {
            this.stored = JSON.stringify(saved);
          },
        },
        wakeAt: (uptimeUs) => this.#wakeAt(uptimeUs),
        observe: (effect) => {
          this.effects.push(effect);
          if (effect.type === 'fact.recorded') this.captured.set(effect.event.id, effect.event);
        },
      },
    );
  }

  #wakeAt(uptimeUs: number | null): void {
    if (this.#timer !== undefined) this.simulation.cancel(this.#timer);
    this.#timer = undefined;
    if (uptimeUs === null) return;
    const delayUs = Math.max(0, uptimeUs + this.#startedUs - this.simulation.nowUs);
    this.#timer = this.simulation.schedule(delayUs, this.#wake, this.life);
  }

  #send(sent: SentBatchEffect, life: number): void {
    const fate = this.#options.fate?.(sent, this.requests.length) ?? { status: OK };
    const body = JSON.stringify(requestBody(sent));
    const request = { atUs: this.simulation.nowUs, life, sent, body };
    this.requests.push(request);
    if (fate === 'lost' || !this.isOnline) return;
    this.simulation.schedule(UP_US, this.#arrive, 0, [request, fate]);
  }

  #receive({ life, sent }: SentRequest, fate: Fate): void {
    const { batch, attempt, events } = sent;
    if (fate === 'lost') return;
    if (fate === 'unanswered') {
      for (const event of events) this.#accept(event);
      return;
    }
    if ('results' in fate) {
      const results: Record<string, string> = {};
      events.forEach((event, index) => {
        const result = fate.results(event, index);
        if (result !== undefined) results[event.id] = result;
        if (result === 'ok') this.#accept(event);
      });
      const { retryAfterUs } = fate;
      const message = { type: 'batch.judged' as const, batch, attempt, results };
      this.#reply(life, retryAfterUs === undefined ? message : { ...message, retryAfterUs });
    } else if (fate.status === OK) {
      for (const event of events) this.#accept(event);
      this.#reply(life, { type: 'batch.acknowledged', batch });
    } else {
      this.#reply(life, { type: 'batch.refused', batch, attempt, ...fate });
    }
  }

  /** A Retry-After for the try that is under way. */
  #notePushback(message: SdkMessage): void {
    if (message.type !== 'batch.refused' && message.type !== 'batch.judged') return;
    const { batch, attempt, retryAfterUs } = message;
    const found = this.host.state.batches.find(({ number }) => number === batch);
    if (retryAfterUs === undefined || found?.attempt !== attempt) return;
    if (found?.deadlineUs === null) return;
    if (message.type === 'batch.refused' && ![429, 503].includes(message.status ?? 0)) return;
    const untilUs = this.simulation.nowUs + Math.min(retryAfterUs, this.policy.maxRetryAfterUs);
    // −∞ stays: a clock that jumped once may cut a stored pause short.
    if (Number.isFinite(this.notBeforeUs)) this.notBeforeUs = Math.max(this.notBeforeUs, untilUs);
  }

  #reply(life: number, message: SdkMessage): void {
    this.simulation.schedule(DOWN_US, this.#answer, life, message);
  }

  #accept({ id }: TrackedEvent): void {
    this.accepted.set(id, (this.accepted.get(id) ?? 0) + 1);
  }
}
