/** An edge between fakes: any script of questions, answers, silence, errors, hang-ups and time. Its
 * account is what a list of its tries says, and no call ends twice or not at all. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createEdgeAccount } from '../../../../src/experiment/requests/calls/accounts.ts';
import {
  type Attempt,
  Call,
  type ServerFailure,
} from '../../../../src/experiment/requests/calls/call.ts';
import { CallEdge } from '../../../../src/experiment/requests/calls/call-edge.ts';
import { registerCallTimers } from '../../../../src/experiment/requests/calls/call-timers.ts';
import type { PageRequest } from '../../../../src/experiment/requests/calls/page-request.ts';
import type { CallOutcome } from '../../../../src/gateway/page-trace.ts';
import { createSimulation } from '../../../../src/kernel/simulation.ts';
import { type CallGuard, createCallGuard } from '../../../../src/queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../../../src/queueing/calls/call-policies.ts';
import { DEFAULT_FIXED_HEDGE } from '../../../../src/queueing/calls/hedging.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

interface Settings {
  readonly maxAttempts: number;
  readonly hedgeDelayUs: number;
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
}

type Step =
  /** A question that is worth nothing after so long. */
  | { readonly do: 'ask'; readonly patienceUs: number }
  | { readonly do: 'answer' | 'fail' | 'leave'; readonly at: number }
  | { readonly do: 'wait'; readonly forUs: number };

const TIMEOUT_US = 40;
const BULKHEAD_WAIT_US = 25;
/** From the server's answer to its arrival. */
const BACK_US = 4;

function policiesOf(settings: Settings): CallPolicies {
  const { maxAttempts, hedgeDelayUs, maxConcurrent, maxWaiting } = settings;
  return {
    timeoutUs: TIMEOUT_US,
    deadline: { allowanceUs: 0, minimumUs: 10 },
    retry: {
      maxAttempts,
      backoff: { kind: 'full-jitter', baseUs: 20, capUs: 100 },
      retryOn: ['timeout', 'unavailable', 'overloaded', 'bulkhead-full'],
    },
    hedge: { ...DEFAULT_FIXED_HEDGE, delayUs: hedgeDelayUs, capRatio: 1, maxHedges: 1 },
    bulkhead: { kind: 'semaphore', maxConcurrent, maxWaiting, maxWaitUs: BULKHEAD_WAIT_US },
  };
}

/** Clients that ask, a server that answers when it is told to. */
class Bench {
  readonly #simulation = createSimulation();
  readonly #account = createEdgeAccount('clients→server');
  readonly #guard: CallGuard;
  readonly #edge: CallEdge;
  readonly #calls: Call[] = [];
  readonly #endings = new Map<Call, string[]>();
  /** At the server, wanted or not. */
  readonly #there: Attempt[] = [];

  constructor(settings: Settings) {
    this.#guard = createCallGuard(policiesOf(settings));
    const timers = registerCallTimers(this.#simulation, () => undefined);
    const back = this.#simulation.registerHandler('answered', (_, attempt) =>
      this.#edge.answered(attempt as Attempt),
    );
    this.#edge = new CallEdge(
      { simulation: this.#simulation, timers, backoffUniform: () => 0.5 },
      {
        target: {
          name: 'server',
          actor: 0,
          region: 0,
          zoneOf: () => 0,
          choose: () => 0,
          observe: () => undefined,
          closed: () => undefined,
          hungUp: () => undefined,
        },
        carrier: {
          ask: (attempt) => {
            attempt.isConnected = true;
            this.#there.push(attempt);
          },
          answer: (attempt) => void this.#simulation.schedule(BACK_US, back, 0, attempt),
        },
        connections: undefined,
        guardOf: () => this.#guard,
        account: this.#account,
        admissionUniform: () => 0.5,
        bulkheadWaitUs: BULKHEAD_WAIT_US,
        tellsServer: false,
        answersKept: undefined,
      },
    );
  }

  take(step: Step): void {
    if (step.do === 'ask') this.#ask(step.patienceUs);
    else if (step.do === 'wait') this.#simulation.run(this.#simulation.nowUs + step.forUs);
    else if (step.do === 'leave') this.#leave(step.at);
    else this.#respond(step.at, step.do === 'fail' ? 'refused' : undefined);
    this.#check();
  }

  /** Whoever still waits hears nothing more from the server. */
  finish(): void {
    this.take({ do: 'wait', forUs: 100_000 });
    for (const call of this.#calls) {
      assert.equal(this.#endings.get(call)?.length, 1, 'each call ends, once');
    }
    const { active, activeExtra, bulkhead } = this.#guard.save();
    assert.deepEqual(
      { active, activeExtra, places: bulkhead?.active, waiting: bulkhead?.waiting.length },
      { active: 0, activeExtra: 0, places: 0, waiting: 0 },
      'nothing is left at the guard',
    );
  }

  #ask(patienceUs: number): void {
    const call = new Call({
      route: this.#edge,
      request: {
        client: { profile: { viewer: 1 } },
        pageSequence: this.#calls.length,
        priority: 0,
      } as unknown as PageRequest,
      owner: {
        actor: 1,
        zone: -1,
        settled: (of: Call, outcome: CallOutcome) => this.#note(of, outcome),
      },
      traced: undefined,
      demand: { totalUs: 1, entitiesUs: 0 },
      deadlineUs: this.#simulation.nowUs + patienceUs,
    });
    this.#calls.push(call);
    this.#endings.set(call, []);
    this.#edge.begin(call);
  }

  #note(call: Call, how: string): void {
    this.#endings.get(call)?.push(how);
    assert.equal(this.#endings.get(call)?.length, 1, 'no call ends twice');
  }

  #leave(at: number): void {
    const open = this.#calls.filter((call) => this.#endings.get(call)?.length === 0);
    const call = open[at % Math.max(1, open.length)];
    if (call === undefined) return;
    this.#edge.giveUp(call);
    this.#note(call, 'left');
  }

  #respond(at: number, failure: ServerFailure | undefined): void {
    const [attempt] = this.#there.splice(at % Math.max(1, this.#there.length), 1);
    if (attempt !== undefined) this.#edge.respond(attempt, failure);
  }

  #check(): void {
    const { calls, settled, abandoned, attempts, answers, errors, timeouts, hangUps } =
      this.#account;
    const ends = [...this.#endings.values()].flat();
    assert.equal(calls, this.#calls.length);
    assert.equal(settled.answered, ends.filter((how) => how === 'answered').length);
    assert.equal(settled.failed, ends.filter((how) => how === 'failed').length);
    assert.equal(abandoned, ends.filter((how) => how === 'left').length);
    assert.equal(answers, settled.answered, 'each answer settles a call');
    const open = this.#calls.flatMap((call) => call.openTries());
    const waiting = this.#guard.save().bulkhead?.waiting.length ?? 0;
    const over = answers + errors + timeouts + hangUps;
    assert.equal(
      attempts,
      over + open.length - waiting,
      'tries = ended in one of four ways + open',
    );
    for (const call of this.#calls) {
      if ((this.#endings.get(call)?.length ?? 0) === 0) continue;
      assert.equal(call.openTries().length, 0, 'a call that is over has no try under way');
    }
  }
}

const at = fc.nat(4);
const ask = fc.record({
  do: fc.constant('ask' as const),
  patienceUs: fc.constantFrom(Number.POSITIVE_INFINITY, 45),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: ask },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('answer', 'fail', 'leave'), at }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), forUs: fc.nat(60) }) },
);

const edgeKeepsAccount = zooProperty({
  name: 'edge-keeps-its-account',
  claim: 'each call ends once, its tries in one of four ways, and the guard is left as it was',
  arbitrary: fc.record({
    settings: fc.record({
      maxAttempts: fc.integer({ min: 1, max: 3 }),
      hedgeDelayUs: fc.constantFrom(5, 30, 1_000),
      maxConcurrent: fc.integer({ min: 1, max: 4 }),
      maxWaiting: fc.nat(2),
    }),
    steps: fc.array(step, { maxLength: 25, size: 'max' }),
  }),
  sizeOf: ({ steps }) => {
    const faults = steps.filter((one) => one.do === 'fail' || one.do === 'leave').length;
    return { commands: steps.length - faults, faults };
  },
  holds({ settings, steps }) {
    const bench = new Bench(settings);
    for (const one of steps) bench.take(one);
    bench.finish();
  },
});

/** Properties of edges. */
export const EDGES: readonly ZooProperty[] = [edgeKeepsAccount];
