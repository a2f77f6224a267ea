/** Builds edges: guards, connections, timers and accounts around a server. */
import type { ActorSystem } from '../../../actors/runtime/actor-system.ts';
import {
  type CallGuard,
  createCallGuard,
  type GuardWatch,
} from '../../../queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../../queueing/calls/call-policies.ts';
import { createFaultyCarrier } from '../../faults/network/call-link.ts';
import type { LinkFaults } from '../../faults/network/link-faults.ts';
import type { WanConnection } from '../../households/wan-connection.ts';
import { createPoolOf } from '../../scenario/station-configs.ts';
import { createEdgeAccount } from '../calls/accounts.ts';
import type { Attempt, Call } from '../calls/call.ts';
import { type AnswersKept, CallEdge, type CallTarget } from '../calls/call-edge.ts';
import { registerCallTimers } from '../calls/call-timers.ts';
import type { Client } from '../calls/client.ts';
import { createConnections, registerOpened } from '../calls/connections.ts';
import { drawEntity, drawIndex } from '../calls/page-request.ts';
import type { Transport } from '../transport/transport.ts';
import { isStateful } from './call-settings.ts';
import type { ServerGround } from './create-servers.ts';
import { createGuardNotes, type GuardNotes } from './guard-notes.ts';

/** An edge to make. */
export interface NewEdge {
  readonly from: string;
  readonly target: CallTarget;
  readonly transport: Transport;
  readonly policies: CallPolicies;
  /** Whether many clients ask, each with connections and policies of its own, or one gateway. */
  readonly areClients: boolean;
}

/** Makes the edges of a run. */
export interface EdgeMaker {
  readonly all: readonly CallEdge[];
  /** Where one gateway asks: its policies at work, by the edge's name. */
  readonly guards: ReadonlyMap<string, CallGuard>;
  /** What breakers and budgets did, of edges that have them. */
  readonly guardNotes: readonly GuardNotes[];
  make(edge: NewEdge): CallEdge;
}

/** What edges are built on. */
export interface EdgesOptions extends ServerGround {
  readonly actors: ActorSystem;
  /** Opens a connection of a client. */
  readonly openConnection: (client: Client) => WanConnection | undefined;
  /** What is wrong with links. */
  readonly linkFaults: LinkFaults;
  /** A try will never be answered, and nothing ends it. */
  readonly onLost: (attempt: Attempt) => void;
}

/** Makes the maker. */
export function createEdges(options: EdgesOptions): EdgeMaker {
  const { simulation, scenario, openConnection, probe, linkFaults: faults } = options;
  const world = {
    simulation,
    timers: registerCallTimers(simulation, noteOf(options)),
    backoffUniform: uniformOf(options, 'call.backoff'),
  };
  const opened = registerOpened(simulation);
  const { connections } = scenario.network;
  const shared = createConnections({
    simulation,
    createPool: () => createPoolOf<Attempt>(connections),
    isMultiplexed: connections.protocol === 'http/2',
    open: openConnection,
    opened,
  });
  const admissionUniform = uniformOf(options, 'call.admission');
  const all: CallEdge[] = [];
  const guards = new Map<string, CallGuard>();
  const guardNotes: GuardNotes[] = [];
  const watchOf = (name: string, policies: CallPolicies) => {
    if (policies.breaker === undefined && policies.budget === undefined) return undefined;
    const notes = createGuardNotes(name, policies, options.bucketUs);
    guardNotes.push(notes);
    return notes.watch;
  };
  return {
    all,
    guards,
    guardNotes,
    make(newEdge) {
      const { from, target, policies, areClients } = newEdge;
      const name = `${from}→${target.name}`;
      const made = (one: CallGuard) => probe?.guardMade(name, one, policies);
      const watch = watchOf(name, policies);
      const { guardOf, shared: guard } = guardsOf({ policies, areClients, made, watch });
      if (guard !== undefined && policies.breaker !== undefined) guards.set(name, guard);
      const account = createEdgeAccount(name);
      const edge = new CallEdge(world, {
        target,
        carrier: createFaultyCarrier({ ...options, ...newEdge, account, faults }),
        connections: areClients ? shared : undefined,
        guardOf,
        account,
        admissionUniform: policies.throttle === undefined ? () => 0.5 : admissionUniform,
        bulkheadWaitUs: policies.bulkhead?.maxWaitUs ?? 0,
        tellsServer: policies.deadline !== undefined,
        answersKept: createAnswersKept(policies, areClients),
        crowd: options.serverFaults?.crowdOf(target.name),
      });
      all.push(edge);
      return edge;
    },
  };
}

function noteOf({ digest, simulation, drawCount }: EdgesOptions): (name: string) => void {
  const handle = digest.actorHandle('calls');
  return (name) => digest.recordAt(simulation.nowUs, handle, digest.eventHandle(name), drawCount());
}

function uniformOf({ chance }: EdgesOptions, purpose: string): (call: Call) => number {
  const draws = chance.draws(purpose);
  return ({ request, slot, attempts }) =>
    draws.uniform(drawEntity(request), drawIndex(request, slot, attempts));
}

/** One guard for all where one gateway asks, or where there is nothing to remember. */
function guardsOf({
  policies,
  areClients,
  made,
  watch,
}: {
  readonly policies: CallPolicies;
  readonly areClients: boolean;
  /** Told of each guard. */
  readonly made: (guard: CallGuard) => void;
  readonly watch: GuardWatch | undefined;
}): { readonly guardOf: (call: Call) => CallGuard; readonly shared: CallGuard | undefined } {
  if (!areClients || !isStateful(policies)) {
    const shared = createCallGuard(policies, undefined, watch);
    made(shared);
    return { guardOf: () => shared, shared };
  }
  const guards = new WeakMap<Client, CallGuard>();
  const guardOf = ({ request }: Call) => {
    let guard = guards.get(request.client);
    if (guard === undefined) {
      guard = createCallGuard(policies, undefined, watch);
      made(guard);
      guards.set(request.client, guard);
    }
    return guard;
  };
  return { guardOf, shared: undefined };
}

/** When each question was last answered, where a fallback may need it: to one gateway, or to each
 * client. Equal questions have the same answer object as long as the data do not change.
 * @returns undefined where no fallback needs it. */
export function createAnswersKept(
  { fallback }: CallPolicies,
  areClients: boolean,
): AnswersKept | undefined {
  if (!fallback?.some(({ kind }) => kind === 'stale-cache')) return undefined;
  const shared = new Map<object | string, number>();
  const byClient = new WeakMap<Client, typeof shared>();
  const keptBy = ({ request: { client } }: Call): typeof shared => {
    if (!areClients) return shared;
    let kept = byClient.get(client);
    if (kept === undefined) {
      kept = new Map();
      byClient.set(client, kept);
    }
    return kept;
  };
  const keyOf = ({ traced, request }: Call): object | string =>
    traced?.answer ?? `${request.page} ${JSON.stringify(request.variables)}`;
  return {
    keep: (call, nowUs) => void keptBy(call).set(keyOf(call), nowUs),
    keptAtUs: (call) => keptBy(call).get(keyOf(call)),
  };
}
