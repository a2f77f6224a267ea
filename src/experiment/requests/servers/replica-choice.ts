/** Which replica of a server gets a try: the balancer of the server's clients, which counts what
 * it has sent and not got back, and learns from what came back. Spec: Q44–Q50. */
import type { Draws } from '../../../kernel/chance.ts';
import { hashText } from '../../../kernel/hash.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import type { ReplicaSight } from '../../../queueing/balancing/balancer.ts';
import {
  type BalancerConfig,
  type BalancerState,
  createBalancer,
} from '../../../queueing/balancing/create-balancer.ts';
import { isEjectedAt } from '../../../queueing/balancing/outlier-ejection.ts';
import type { Fleet } from '../../../queueing/stations/fleet.ts';
import type { StaleDiscovery } from '../../faults/network/stale-discovery.ts';
import type { Attempt } from '../calls/call.ts';
import { drawEntity, drawIndex } from '../calls/page-request.ts';

/** Balances the tries of one server's clients. */
export interface ReplicaChoice {
  /** The replica that a try goes to, −1 where none is ready. */
  choose(fleet: Fleet<Attempt>, attempt: Attempt): number;
  /** A try came back, or timed out. */
  observe(attempt: Attempt, ok: boolean, durationUs: number): void;
  /** A try is over for its client, whatever came of it. */
  closed(attempt: Attempt): void;
  /** Whether its clients keep away from a replica now, because it failed them. */
  isEjected(replica: number): boolean;
}

/** What balancing needs. */
export interface ReplicaChoiceOptions {
  readonly config: BalancerConfig;
  readonly simulation: Simulation;
  readonly draws: readonly [Draws, Draws];
  /** Discovery that may be out of date; left out, it never is. */
  readonly discovery?: StaleDiscovery | undefined;
}

/** What the balancer sees of a replica: its readiness, and what was sent to it. */
class Sight implements ReplicaSight {
  outstanding = 0;
  readonly #of: Fleet<Attempt>['replicas'][number];
  readonly #discovery: StaleDiscovery | undefined;

  constructor(of: Fleet<Attempt>['replicas'][number], discovery: StaleDiscovery | undefined) {
    this.#of = of;
    this.#discovery = discovery;
  }

  get isReady(): boolean {
    return this.#of.isReady || (this.isDown && this.#discovery?.isStale() === true);
  }

  get isDown(): boolean {
    return this.#of.state === 'down';
  }

  get zone(): number {
    return this.#of.zone;
  }

  get weight(): number {
    return this.#of.weight;
  }
}

const DETERMINISTIC = new Set(['round-robin', 'ring-hash']);

/** Makes the balancer of one server. */
export function createReplicaChoice(options: ReplicaChoiceOptions): ReplicaChoice {
  const { config, simulation, draws, discovery } = options;
  const balancer = createBalancer(config);
  const { policy } = config;
  const isDrawn =
    config.zones !== undefined ||
    !(
      DETERMINISTIC.has(policy.kind) ||
      (policy.kind === 'least-outstanding' && policy.ties === 'lowest-index')
    );
  const sights: Sight[] = [];
  let state: BalancerState = balancer.initial();
  const uniform = (n: 0 | 1, { call, number }: Attempt) => {
    const index = drawIndex(call.request, call.slot, number);
    return draws[n].uniform(drawEntity(call.request), index);
  };
  // Written for each try anew, so that none costs an object: balancers keep nothing of it.
  const request = { replicas: sights, nowUs: 0, key: 0, u1: 0.5, u2: 0.5, zone: -1 };
  return {
    choose(fleet, attempt) {
      for (let i = sights.length; i < fleet.replicas.length; i += 1) {
        const replica = fleet.replicas[i];
        if (replica !== undefined) sights.push(new Sight(replica, discovery));
      }
      request.nowUs = simulation.nowUs;
      request.zone = attempt.call.owner.zone;
      if (policy.kind === 'ring-hash') request.key = keyOf(attempt);
      if (isDrawn) {
        request.u1 = uniform(0, attempt);
        request.u2 = uniform(1, attempt);
      }
      const replica = balancer.choose(state, request);
      const sight = sights[replica];
      if (sight === undefined) return -1;
      if (sight.isDown) discovery?.misled();
      sight.outstanding += 1;
      state = balancer.sent(state, request, replica);
      return replica;
    },
    observe({ replica }, ok, durationUs) {
      if (replica < 0) return;
      state = balancer.observe(state, { replica, ok, durationUs, nowUs: simulation.nowUs });
    },
    closed({ replica }) {
      const sight = sights[replica];
      if (sight !== undefined) sight.outstanding -= 1;
    },
    isEjected(replica) {
      const host = state.ejection?.hosts[replica];
      return host !== undefined && isEjectedAt(host, simulation.nowUs);
    },
  };
}

/** What a try is about: its first entity, or the client for a page. */
function keyOf({ call }: Attempt): number {
  const [key] = call.traced?.entityKeys ?? [];
  return key === undefined ? drawEntity(call.request) : hashText(key, 0) >>> 0;
}
