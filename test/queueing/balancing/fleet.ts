/** Replicas and requests for the tests of balancers, and a small simulated fleet. */
import { createChance } from '../../../src/kernel/chance.ts';
import { createSimulation } from '../../../src/kernel/simulation.ts';
import type { ChoiceRequest, ReplicaSight } from '../../../src/queueing/balancing/balancer.ts';
import {
  type BalancerState,
  type BalancingPolicy,
  createBalancer,
} from '../../../src/queueing/balancing/create-balancer.ts';

/** All policies, as they are published. */
export const POLICIES: readonly BalancingPolicy[] = [
  { kind: 'round-robin' },
  { kind: 'random' },
  { kind: 'least-outstanding', ties: 'lowest-index' },
  { kind: 'least-outstanding', ties: 'random' },
  { kind: 'power-of-two' },
  { kind: 'weighted-least-request', bias: 1 },
  { kind: 'peak-ewma', decayUs: 10_000_000 },
  { kind: 'ring-hash', virtualNodes: 160 },
];

/** Idle, ready replicas of one zone, changed where said. */
export function sights(count: number, part: Partial<ReplicaSight> = {}): ReplicaSight[] {
  const one = { outstanding: 0, isReady: true, zone: 0, weight: 1, ...part };
  return Array.from({ length: count }, () => one);
}

/** A request at time 0 from zone 0, changed where said. */
export function request(
  replicas: readonly ReplicaSight[],
  part: Partial<ChoiceRequest> = {},
): ChoiceRequest {
  return { replicas, nowUs: 0, key: 0, u1: 0.5, u2: 0.5, zone: 0, ...part };
}

/** What a simulated fleet did. */
export interface FleetRun {
  readonly meanWaitUs: number;
  /** Calls outstanding at one replica, at most. */
  readonly longest: number;
  readonly answered: number;
}

/** Replicas of one worker each, exponential service of 10 ms on average, Poisson calls at
 * `utilization`, spread over `balancers` that see the fleet as it was at the last refresh (0:
 * always as it is). Each call draws the same chance whatever the policy. */
export function runFleet(options: {
  readonly policy: BalancingPolicy;
  readonly replicas: number;
  readonly utilization: number;
  readonly calls: number;
  readonly balancers?: number;
  readonly refreshUs?: number;
}): FleetRun {
  const { replicas: n, calls, balancers = 1, refreshUs = 0 } = options;
  const serviceUs = 10_000;
  const draws = createChance({ seed: 11, replication: 0 }).draws('fleet');
  const simulation = createSimulation();
  const balancer = createBalancer({ policy: options.policy });
  const states: BalancerState[] = Array.from({ length: balancers }, () => balancer.initial());
  const freeAtUs = new Float64Array(n);
  const outstanding = new Int32Array(n);
  let seen = sights(n);
  let seenAtUs = 0;
  let sum = 0;
  let answered = 0;
  let longest = 0;
  const done = simulation.registerHandler('done', (replica) => {
    outstanding[replica] = (outstanding[replica] ?? 0) - 1;
    answered += 1;
  });
  const arrive = simulation.registerHandler('arrive', (call) => {
    const { nowUs } = simulation;
    if (nowUs - seenAtUs >= refreshUs) {
      seen = seen.map((one, i) => ({ ...one, outstanding: outstanding[i] ?? 0 }));
      seenAtUs = nowUs;
    }
    const at = call % balancers;
    const asked = request(seen, {
      nowUs,
      key: call,
      u1: draws.uniform(0, call),
      u2: draws.uniform(1, call),
    });
    const state = states[at] ?? balancer.initial();
    const replica = balancer.choose(state, asked);
    states[at] = balancer.sent(state, asked, replica);
    outstanding[replica] = (outstanding[replica] ?? 0) + 1;
    longest = Math.max(longest, outstanding[replica] ?? 0);
    const startUs = Math.max(nowUs, freeAtUs[replica] ?? 0);
    sum += startUs - nowUs;
    freeAtUs[replica] = startUs + Math.ceil(-serviceUs * Math.log1p(-draws.uniform(2, call)));
    simulation.schedule((freeAtUs[replica] ?? 0) - nowUs, done, replica);
    const gapUs = (-serviceUs * Math.log1p(-draws.uniform(3, call))) / (n * options.utilization);
    if (call + 1 < calls) simulation.schedule(Math.ceil(gapUs), arrive, call + 1);
  });
  simulation.schedule(0, arrive, 0);
  simulation.run(Number.MAX_SAFE_INTEGER / 4);
  return { meanWaitUs: sum / calls, longest, answered };
}
