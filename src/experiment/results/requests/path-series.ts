/** Queues, doors, breakers, budgets and autoscalers over the time buckets of a run.
 * Spec: E506, E507. */
import type { World } from '../../assemble.ts';
import { between, FIRST_LOOK } from '../../stations/station-look.ts';
import type { ServerSamples } from '../../world/path-sampler.ts';

type Values = readonly (number | null)[];

/** The line of a server. */
export interface QueueSeries {
  readonly name: string;
  /** Jobs that wait for a worker, on average over each bucket. */
  readonly values: Values;
}

/** The door of a server. */
export interface DoorSeries {
  readonly name: string;
  /** Calls in flight allowed at the end of each bucket; null without a limit. */
  readonly limit: Values | null;
  /** Calls in flight at the end of each bucket. */
  readonly inFlight: Values;
  /** Share of the calls that arrived in the bucket and were shed or rejected, 0–1; null where none
   * arrived. */
  readonly turnedAwayShare: Values;
}

/** The breakers over an edge: one of a gateway, or one of each client. */
export interface BreakerSeries {
  readonly edge: string;
  /** Times that one opened. */
  readonly openings: number;
  /** Breakers that were open, and half open, on average over each bucket: of a single breaker the
   * share of the time. */
  readonly open: Values;
  readonly halfOpen: Values;
}

/** The retry budgets over an edge. */
export interface BudgetSeries {
  readonly edge: string;
  /** Retries and hedges that were asked for, and those that were refused, in each bucket. */
  readonly asked: Values;
  readonly refused: Values;
}

/** The autoscaler of a server, at the end of each bucket. */
export interface AutoscalerSeries {
  readonly server: string;
  /** What it wants; null before its first decision. */
  readonly desired: Values;
  /** Replicas that there are, those that start among them, and those that are ready. */
  readonly members: Values;
  readonly ready: Values;
}

/** Jobs that wait, by the integrals of jobs and of busy workers over each bucket. */
export function queueSeries({ sampler }: World): readonly QueueSeries[] {
  return sampler.servers.map(({ name, looks }) => ({
    name,
    values: looks.map((look, i) => {
      const { atUs, jobUs, busyWorkerUs } = between(looks[i - 1] ?? FIRST_LOOK, look);
      return atUs === 0 ? null : rounded(Math.max(0, jobUs - busyWorkerUs) / atUs);
    }),
  }));
}

/** Doors that have a limit or turned somebody away. */
export function doorSeries({ sampler }: World): readonly DoorSeries[] {
  const isTold = ({ limits, doors }: ServerSamples) =>
    limits !== undefined || (doors.at(-1)?.turnedAway ?? 0) > 0;
  return sampler.servers.filter(isTold).map(({ name, limits, doors }) => ({
    name,
    limit: limits ?? null,
    inFlight: doors.map(({ inFlight }) => inFlight),
    turnedAwayShare: doors.map(({ offered, turnedAway }, i) => {
      const arrived = offered - (doors[i - 1]?.offered ?? 0);
      const away = turnedAway - (doors[i - 1]?.turnedAway ?? 0);
      return arrived === 0 ? null : rounded(Math.min(1, away / arrived));
    }),
  }));
}

/** Edges with breakers. */
export function breakerSeries({ wired, endUs, bucketUs }: World): readonly BreakerSeries[] {
  const count = bucketCount({ endUs, bucketUs });
  return wired.guardNotes.flatMap((notes) => {
    const levels = notes.breakers(count * bucketUs);
    if (levels === undefined) return [];
    const { name: edge, openings } = notes;
    const [open, halfOpen] = [levels.open, levels.halfOpen].map((of) => of.map(rounded));
    return [{ edge, openings, open: open ?? [], halfOpen: halfOpen ?? [] }];
  });
}

/** Edges with budgets. */
export function budgetSeries({ wired, endUs, bucketUs }: World): readonly BudgetSeries[] {
  const count = bucketCount({ endUs, bucketUs });
  return wired.guardNotes.flatMap(({ name: edge, extra }) => {
    if (extra === undefined) return [];
    const asked = Array.from({ length: count }, (_, i) => extra.asked[i] ?? 0);
    return [{ edge, asked, refused: asked.map((all, i) => all - (extra.granted[i] ?? 0)) }];
  });
}

/** Servers with autoscalers. */
export function autoscalerSeries({ sampler, wired }: World): readonly AutoscalerSeries[] {
  return sampler.servers.flatMap(({ name, replicas, doors }, n) => {
    if (wired.settings[n]?.autoscaler === undefined) return [];
    const desired = doors.map((door) => door.desired ?? null);
    return [{ server: name, desired, members: doors.map((d) => d.members), ready: replicas }];
  });
}

function bucketCount({ endUs, bucketUs }: Pick<World, 'endUs' | 'bucketUs'>): number {
  return Math.max(1, Math.ceil(endUs / bucketUs));
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
