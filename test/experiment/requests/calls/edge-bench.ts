/** One edge on a bench: a client that asks, a server that answers as it is told to, 1 ms of network
 * either way. Virtual time is in µs; what became of calls is kept with the time. */

import type { ActorSystem } from '../../../../src/actors/runtime/actor-system.ts';
import {
  createEdgeAccount,
  type EdgeAccount,
} from '../../../../src/experiment/requests/calls/accounts.ts';
import {
  type Attempt,
  Call,
  type CallOwner,
  type ServerFailure,
} from '../../../../src/experiment/requests/calls/call.ts';
import { type AnswersKept, CallEdge } from '../../../../src/experiment/requests/calls/call-edge.ts';
import { registerCallTimers } from '../../../../src/experiment/requests/calls/call-timers.ts';
import { createCarrier } from '../../../../src/experiment/requests/calls/carrier.ts';
import type { Connections } from '../../../../src/experiment/requests/calls/connections.ts';
import type { PageRequest } from '../../../../src/experiment/requests/calls/page-request.ts';
import type { Transport } from '../../../../src/experiment/requests/transport/transport.ts';
import type { TracedCall } from '../../../../src/gateway/page-trace.ts';
import { createSimulation } from '../../../../src/kernel/simulation.ts';
import { createCallGuard } from '../../../../src/queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../../../src/queueing/calls/call-policies.ts';

/** One way over the network, in µs. */
export const WAY_US = 1_000;

/** What the server does with a try. */
export interface ScriptedAnswer {
  /** From its arrival; Infinity never answers. */
  readonly afterUs: number;
  readonly failure?: ServerFailure;
  /** Worker time spent on it. */
  readonly workUs?: number;
}

/** What became of a call. */
export interface Settled {
  readonly atUs: number;
  readonly call: string;
  readonly outcome: string;
  readonly failure: string | undefined;
}

/** A retry policy without chance: `pauseUs` is the middle of full jitter over twice as much. */
export function retrying(maxAttempts: number, pauseUs: number): CallPolicies['retry'] {
  return {
    maxAttempts,
    backoff: { kind: 'full-jitter', baseUs: 2 * pauseUs, capUs: 2 * pauseUs },
    retryOn: ['timeout', 'unavailable', 'overloaded', 'error'],
  };
}

/** A page that somebody wants, as calls know it. */
export function pageRequest(number: number, over: Partial<PageRequest> = {}): PageRequest {
  return {
    client: { profile: { viewer: 1, device: 'web' }, deviceActor: 0, access: undefined },
    pageSequence: number,
    page: 'home',
    plan: undefined as unknown as PageRequest['plan'],
    variables: {},
    priority: 0,
    ...over,
  };
}

/** A question to a service. */
export function tracedCall(over: Partial<TracedCall> = {}): TracedCall {
  return {
    callId: 0,
    service: 'movie',
    operation: 'query',
    requestBytes: 0,
    responseBytes: 0,
    work: {},
    entityKeys: [],
    databaseRoundTrips: 1,
    answer: {} as TracedCall['answer'],
    ...over,
  };
}

/** Puts an edge on a bench. @param script - What the server does with the n-th try that arrives. */
export function edgeBench(options: {
  readonly policies: Partial<CallPolicies>;
  readonly script: (attempt: Attempt, n: number) => ScriptedAnswer;
  readonly answersKept?: AnswersKept;
  readonly connections?: Connections;
}) {
  const simulation = createSimulation();
  const settled: Settled[] = [];
  const arrivals: { readonly atUs: number; readonly role: string; readonly call: string }[] = [];
  const hangUps: number[] = [];
  const observed: (readonly [boolean, number])[] = [];
  let outstanding = 0;
  const respond = simulation.registerHandler('bench.respond', (_, payload) => {
    const { attempt, answer } = payload as { attempt: Attempt; answer: ScriptedAnswer };
    attempt.workedUs = answer.workUs ?? 0;
    attempt.call.route.respond(attempt, answer.failure);
  });
  const deliver = simulation.registerHandler('bench.deliver', (actor, payload) => {
    const attempt = payload as Attempt;
    if (actor === 0) {
      attempt.call.route.answered(attempt);
      return;
    }
    const call = attempt.call.request.page;
    arrivals.push({ atUs: simulation.nowUs, role: attempt.role, call });
    const answer = options.script(attempt, arrivals.length);
    if (answer.afterUs === Number.POSITIVE_INFINITY) return;
    simulation.schedule(answer.afterUs, respond, 0, { attempt, answer });
  });
  const actors = {
    send: (actor: number, message: { readonly attempt: Attempt }, delayUs: number) =>
      simulation.schedule(delayUs, deliver, actor, message.attempt),
  } as unknown as ActorSystem;
  const policies: CallPolicies = {
    timeoutUs: Number.POSITIVE_INFINITY,
    retry: retrying(1, 0),
    ...options.policies,
  };
  const guard = createCallGuard(policies);
  const account: EdgeAccount = createEdgeAccount('a→b');
  const transport: Transport = { upUs: (_, afterUs) => afterUs + WAY_US, downUs: () => WAY_US };
  const edge = new CallEdge(
    {
      simulation,
      timers: registerCallTimers(simulation, () => {}),
      backoffUniform: () => 0.5,
    },
    {
      target: {
        name: 'b',
        actor: 1,
        region: 0,
        zoneOf: () => 0,
        choose: () => {
          outstanding += 1;
          return 0;
        },
        observe: (_attempt, ok, durationUs) => void observed.push([ok, durationUs]),
        closed: () => {
          outstanding -= 1;
        },
        hungUp: () => void hangUps.push(simulation.nowUs),
      },
      carrier: createCarrier({ actors, transport, target: { name: 'b', actor: 1 } }),
      connections: options.connections,
      guardOf: () => guard,
      account,
      admissionUniform: () => 0.5,
      bulkheadWaitUs: policies.bulkhead?.maxWaitUs ?? 0,
      tellsServer: policies.deadline !== undefined,
      answersKept: options.answersKept,
    },
  );
  const owner: CallOwner = {
    actor: 0,
    zone: -1,
    settled: (call, outcome, failure) =>
      settled.push({ atUs: simulation.nowUs, call: call.request.page, outcome, failure }),
  };
  let pages = 0;
  const begin = simulation.registerHandler('bench.begin', (_, call) => edge.begin(call as Call));
  const give = simulation.registerHandler('bench.give-up', (_, call) => edge.giveUp(call as Call));
  return {
    simulation,
    edge,
    guard,
    account,
    settled,
    arrivals,
    hangUps,
    observed,
    outstanding: () => outstanding,
    /** Asks at a time. @returns the call. */
    ask(atUs: number, name = 'home', over: { readonly deadlineUs?: number } = {}): Call {
      pages += 1;
      const call = new Call({
        route: edge,
        request: pageRequest(pages, { page: name }),
        owner,
        traced: tracedCall(),
        demand: { totalUs: 0, entitiesUs: 0 },
        deadlineUs: over.deadlineUs ?? Number.POSITIVE_INFINITY,
      });
      simulation.schedule(atUs - simulation.nowUs, begin, 0, call);
      return call;
    },
    giveUp: (atUs: number, call: Call) =>
      void simulation.schedule(atUs - simulation.nowUs, give, 0, call),
    /** Runs to the end and returns what became of calls, as short texts. */
    run(untilUs = Number.MAX_SAFE_INTEGER): readonly string[] {
      simulation.run(untilUs);
      return settled.map(
        ({ atUs, call, outcome, failure }) =>
          `${call} ${outcome}${failure === undefined ? '' : ` (${failure})`} at ${atUs}`,
      );
    },
    /** Tries that are not accounted for. */
    openTries: () =>
      account.attempts - account.answers - account.errors - account.timeouts - account.hangUps,
  };
}
