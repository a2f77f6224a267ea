/** What the jobs of a station need, told from the scenario alone: known where every job asks the
 * same of the same domains. Spec: N64. */
import type { DistributionSpec } from '../../kernel/distributions/distribution.ts';
import {
  momentsOfSum,
  type ServiceMoments,
  serviceMoments,
} from '../../queueing/theory/service-moments.ts';
import type { World } from '../assemble.ts';

/** The service time of every job of a station. */
export interface StationDemand extends ServiceMoments {
  readonly kind: 'exponential' | 'deterministic' | 'general';
}

/** The n-th server's; undefined where its jobs differ in kind. */
export function stationDemand(world: World, n: number): StationDemand | undefined {
  const { name, account } = world.wired.servers[n] ?? {};
  if (name === undefined || account === undefined) return undefined;
  const { aggregation, federated } = world.scenario.architectures;
  if (name === 'gateway') return gatewayDemand(aggregation);
  if (name === 'router') return gatewayDemand(federated);
  return domainsDemand(world, account.given.jobs);
}

/** A gateway's jobs are alike where only planning costs something. */
function gatewayDemand(
  costs: World['scenario']['architectures']['federated'],
): StationDemand | undefined {
  const { planTime, answerTime, mergeTimePerFetch, mergeTimePerKib } = costs;
  const isOnlyPlan = answerTime === 0 && mergeTimePerFetch === 0 && mergeTimePerKib === 0;
  return isOnlyPlan ? demandOf([specOf(planTime)]) : undefined;
}

/** Every job has work from the same domains, for the same number of entities. */
function domainsDemand({ scenario, wired }: World, jobs: number): StationDemand | undefined {
  const parts: DistributionSpec[] = [];
  for (const [domain, tally] of wired.demands.tallies) {
    const cost = scenario.services[domain];
    if (tally.calls === 0 || cost === undefined) continue;
    if (tally.calls !== jobs) return undefined;
    parts.push(cost.baseTime);
    const perEntity = specOf(cost.timePerEntity);
    if (serviceMoments(perEntity).meanUs === 0) continue;
    if (tally.entitiesMin !== tally.entitiesMax) return undefined;
    for (let entity = 0; entity < tally.entitiesMax; entity += 1) parts.push(perEntity);
  }
  return demandOf(parts);
}

function demandOf(specs: readonly DistributionSpec[]): StationDemand | undefined {
  const parts = specs.filter((spec) => serviceMoments(spec).meanUs > 0);
  const [first] = parts;
  if (first === undefined) return undefined;
  const moments = momentsOfSum(parts.map(serviceMoments));
  if (parts.length === 1 && first.kind === 'exponential') return { ...moments, kind: first.kind };
  return { ...moments, kind: moments.scv === 0 ? 'deterministic' : 'general' };
}

function specOf(time: number | DistributionSpec): DistributionSpec {
  return typeof time === 'number' ? { kind: 'deterministic', value: time } : time;
}
