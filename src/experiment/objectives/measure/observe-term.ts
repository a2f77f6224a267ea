/** Observations of a term in a finished world. */

import { runCost } from '../../costs/run-cost.ts';
import { readStoredCounts } from '../../results/warehouse-figures.ts';
import type { MetricName } from '../metrics/metric-registry.ts';
import type { LabelMatch, Term } from '../objective.ts';
import type { FinishedRun } from './finished-run.ts';
import type { GoalTicks } from './goal-ticks.ts';
import { matches } from './label-match.ts';
import { Observations } from './observations.ts';
import { isPageMetric, observePages } from './observe-pages.ts';

/** All observations of a term, in no order. */
export function observeTerm(run: FinishedRun, term: Term): Observations {
  const metric = term.metric as MetricName;
  if (isPageMetric(metric)) return observePages(run, { metric, labels: term.labels });
  if (metric === 'clickstream.freshness') return observeFreshness(run, term.labels);
  if (metric === 'events.late' || metric === 'events.bad') return observeRows(run, metric);
  if (metric === 'events.lost') return single(lostEvents(run));
  if (metric === 'cost.per_hour') return single(runCost(run.world)?.usdPerHour ?? null);
  const { goalTicks } = run.world;
  return goalTicks === undefined
    ? new Observations()
    : observeTicks(goalTicks, metric, term.labels);
}

function observeFreshness(
  { world, warehouse }: FinishedRun,
  labels: readonly LabelMatch[],
): Observations {
  const epochUs = Date.parse(world.scenario.clock.start) * 1_000;
  const observations = new Observations();
  const rows = warehouse.query(
    `SELECT event_time_us AS captured, process_time_us AS stored, d.kind AS device,
      c.code AS country FROM fact_event JOIN dim_device d USING (device_sk)
      JOIN dim_country c USING (country_sk)`,
  );
  for (const { captured, stored, device, country } of rows) {
    if (!matches(labels, { device: String(device), country: String(country) })) continue;
    const over = Math.max(0, Number(stored) - Number(captured));
    const atUs = Number(captured) - epochUs;
    observations.push({ atUs, untilUs: atUs + over, over, under: 1 });
  }
  return observations;
}

function observeRows(
  { world, warehouse }: FinishedRun,
  metric: 'events.late' | 'events.bad',
): Observations {
  const epochUs = Date.parse(world.scenario.clock.start) * 1_000;
  const observations = new Observations();
  const sql =
    metric === 'events.late'
      ? 'SELECT min(event_time_us) AS at_us FROM late_event GROUP BY event_id'
      : 'SELECT ingest_time_us AS at_us FROM bad_row';
  for (const row of warehouse.query(sql)) {
    const atUs = Number(row['at_us']) - epochUs;
    observations.push({ atUs, untilUs: atUs, over: 1, under: 1 });
  }
  return observations;
}

/** Acknowledged, and neither stored, nor bad, nor still to be read. */
function lostEvents({ world, warehouse }: FinishedRun): number {
  const { accepted, unread } = world.clickstream.truth();
  const { facts, badEvents } = readStoredCounts(warehouse);
  return accepted - facts - badEvents - unread;
}

/** A figure of the run as a whole: no time of it counts. */
function single(value: number | null): Observations {
  const observations = new Observations();
  if (value !== null) observations.push({ atUs: 0, untilUs: 0, over: value, under: 1 });
  return observations;
}

function observeTicks(
  ticks: GoalTicks,
  metric: MetricName,
  labels: readonly LabelMatch[],
): Observations {
  const observations = new Observations();
  const add = (i: number, over: number, under = 1) => {
    const untilUs = ticks.atUs[i] as number;
    const atUs = ticks.atUs[i - 1] ?? 0;
    observations.push({ atUs, untilUs, over, under });
  };
  const [family, name] = metric.split('.') as [string, string];
  if (family === 'calls') observeCalls(ticks, { name, labels, add });
  else if (family === 'server') observeServers(ticks, { name, labels, add });
  else if (family === 'wan') {
    const directions = (['up', 'down'] as const).filter((one) =>
      matches(labels, { direction: one }),
    );
    const total = (i: number) =>
      directions.reduce((sum, one) => sum + (ticks.bytes[i]?.[one] ?? 0), 0);
    ticks.atUs.forEach((_, i) => {
      add(i, total(i) - total(i - 1));
    });
  } else observeEvents(ticks, { name, labels, add });
  return observations;
}

interface TickQuestion {
  readonly name: string;
  readonly labels: readonly LabelMatch[];
  readonly add: (tick: number, over: number, under?: number) => void;
}

function observeCalls(ticks: GoalTicks, { name, labels, add }: TickQuestion): void {
  for (const { from, service, counts } of ticks.edges) {
    if (!matches(labels, { from, service })) continue;
    counts.forEach((now, i) => {
      const before = counts[i - 1];
      const grown = (key: keyof typeof now) => now[key] - (before?.[key] ?? 0);
      if (name !== 'amplification') add(i, grown(name as keyof typeof now));
      else if (grown('begun') > 0) add(i, grown('attempts'), grown('begun'));
    });
  }
}

function observeServers(ticks: GoalTicks, { name, labels, add }: TickQuestion): void {
  for (const { service, states } of ticks.servers) {
    if (!matches(labels, { service })) continue;
    states.forEach((now, i) => {
      if (name === 'queue') add(i, now.waiting);
      else if (name === 'replicas') add(i, now.ready);
      else {
        const lengthUs = (ticks.atUs[i] as number) - (ticks.atUs[i - 1] ?? 0);
        const capacityUs = now.workers * lengthUs;
        const busyUs = now.busyUs - (states[i - 1]?.busyUs ?? 0);
        if (capacityUs > 0) add(i, Math.min(busyUs, capacityUs), capacityUs);
      }
    });
  }
}

function observeEvents(ticks: GoalTicks, { name, labels, add }: TickQuestion): void {
  const total = (i: number): number => {
    const counts = ticks.events[i];
    if (counts === undefined) return 0;
    if (name === 'captured') return counts.captured;
    if (name === 'accepted') return counts.accepted;
    return Object.entries(counts.droppedByReason)
      .filter(([reason]) => matches(labels, { reason }))
      .reduce((sum, [, count]) => sum + count, 0);
  };
  ticks.atUs.forEach((_, i) => {
    add(i, total(i) - total(i - 1));
  });
}
