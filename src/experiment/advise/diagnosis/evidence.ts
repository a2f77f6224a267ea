/** What findings are made of: the baseline's samples, its scenario, and which objectives need
 * something. Means over replications are taken here, once. */
import type { ArchitectureName } from '../../../gateway/architecture.ts';
import {
  type OperationsSample,
  PIPELINE_STATION,
  type ServerOperations,
} from '../../campaign/operations-sample.ts';
import type { RunSample } from '../../campaign/run-sample.ts';
import { termsOf } from '../../objectives/metrics/terms-of.ts';
import type { Objective } from '../../objectives/objective.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** The ground of a diagnosis. */
export interface Evidence {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
  readonly samples: readonly RunSample[];
  /** Judged objectives that the baseline does not meet with confidence. */
  readonly needs: readonly Objective[];
}

/** What an objective is about. */
export type ObjectiveSide = 'pages' | 'pipeline' | 'cost';

/** Which part of the system answers for an objective. */
export function sideOf(objective: Objective): ObjectiveSide {
  const [term] = termsOf(objective);
  const metric = term?.metric ?? '';
  if (metric.startsWith('cost.')) return 'cost';
  return /^(clickstream|pipeline|events)\./.test(metric) ? 'pipeline' : 'pages';
}

/** Texts of the needs on one side. */
export function needsOf({ needs }: Evidence, side: ObjectiveSide): readonly string[] {
  return needs.filter((one) => sideOf(one) === side).map(({ text }) => text);
}

/** The operations of the samples that have them. */
export function operationsIn({ samples }: Evidence): readonly OperationsSample[] {
  return samples.flatMap(({ operations }) => (operations === undefined ? [] : [operations]));
}

/** The mean; 0 of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A server's figures over the replications. */
export interface MeanServer {
  readonly name: string;
  readonly utilization: number;
  readonly peakUtilization: number;
  /** Of the replication with the highest peak, µs. */
  readonly peakAtUs: number;
  readonly peakReplicas: number;
  readonly replicas: { readonly min: number; readonly max: number; readonly mean: number };
  readonly meanWaitMs: number;
  /** Of calls offered: turned away by a full line, shedding or a limit. */
  readonly turnedAwayShare: number;
  readonly cacheHitShare: number | null;
  readonly offered: number;
}

const TURNED_AWAY = ['rejected', 'shed', 'expired'] as const;

/** Every server, in the order of results. */
export function meanServers(evidence: Evidence): readonly MeanServer[] {
  const all = operationsIn(evidence);
  return (all[0]?.servers ?? []).map(({ name }): MeanServer => {
    const own = all.flatMap(({ servers }) => servers.filter((one) => one.name === name));
    const mean = (of: (one: ServerOperations) => number) => meanOf(own.map(of));
    const highest = own.reduce((a, b) => (b.peakUtilization > a.peakUtilization ? b : a));
    const hits = own.flatMap(({ cacheHitShare }) => cacheHitShare ?? []);
    return {
      name,
      utilization: mean((one) => one.utilization),
      peakUtilization: mean((one) => one.peakUtilization),
      peakAtUs: highest.peakAtUs,
      peakReplicas: mean((one) => one.peakReplicas),
      replicas: {
        min: Math.min(...own.map(({ replicas }) => replicas.min)),
        max: Math.max(...own.map(({ replicas }) => replicas.max)),
        mean: mean(({ replicas }) => replicas.mean),
      },
      meanWaitMs: mean((one) => one.meanWaitMs ?? 0),
      turnedAwayShare: mean(
        ({ failures, offered }) =>
          TURNED_AWAY.reduce((sum, why) => sum + (failures[why] ?? 0), 0) / Math.max(1, offered),
      ),
      cacheHitShare: hits.length === 0 ? null : meanOf(hits),
      offered: mean((one) => one.offered),
    };
  });
}

/** How busy a station was while an objective was worst. */
export interface WorstLook {
  readonly station: string;
  readonly utilization: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Stations by how busy they were while the objective was worst, over the replications, the
 * busiest first; empty where no replication has such a stretch. The pipeline's objectives are its
 * workers' affair, all others the servers'. */
export function worstLooks(evidence: Evidence, objective: Objective): readonly WorstLook[] {
  const looks = operationsIn(evidence).flatMap(({ worst }) =>
    worst.filter((one) => one.objective === objective.text),
  );
  const [first] = looks;
  if (first === undefined) return [];
  const isOfPipeline = sideOf(objective) === 'pipeline';
  const stations = first.utilization
    .map(({ station }) => station)
    .filter((station) => (station === PIPELINE_STATION) === isOfPipeline);
  return stations
    .map((station) => ({
      station,
      utilization: meanOf(
        looks.flatMap(({ utilization }) =>
          utilization.filter((one) => one.station === station).map((one) => one.utilization),
        ),
      ),
      fromUs: first.fromUs,
      toUs: first.toUs,
    }))
    .sort((a, b) => b.utilization - a.utilization);
}

/** Above this share of busy workers in the fullest stretch lines grow: M/M/c at 0.85 waits several
 * service times even with a few servers. */
const SATURATED = 0.85;
/** The busiest station in the stretch in which an objective is worst is one to look at from here
 * on: M/M/1 waits one and a half service times at it. */
const BUSY_AT_WORST = 0.6;

/** Servers that may be in the way, with the missed objectives of pages that each binds: what is
 * saturated, and what is the busiest when an objective is worst. */
export function suspectServers(evidence: Evidence): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>(
    meanServers(evidence)
      .filter(({ peakUtilization }) => peakUtilization >= SATURATED)
      .map(({ name }) => [name, []]),
  );
  for (const objective of evidence.needs) {
    if (sideOf(objective) !== 'pages') continue;
    const [busiest] = worstLooks(evidence, objective);
    if (busiest === undefined) continue;
    const { station, utilization } = busiest;
    if (!found.has(station) && utilization < BUSY_AT_WORST) continue;
    found.set(station, [...(found.get(station) ?? []), objective.text]);
  }
  return found;
}

/** `91 %`. */
export function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `250 ms`, `20.3 s`. */
export function waitText(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `minute 4.5`. */
export function minuteText(us: number): string {
  return `minute ${(us / 60e6).toFixed(1)}`;
}
