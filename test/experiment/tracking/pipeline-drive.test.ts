/** The pipeline on workers, in a whole world: freshness, lag, and books that close. */
import { afterAll, describe, expect, it } from 'vitest';
import { eventLedger } from '../../../src/experiment/results/ledger.ts';
import {
  consumerLagSeries,
  pipelineWorkersResult,
  workerUtilizationSeries,
} from '../../../src/experiment/results/pipeline/pipeline-workers.ts';
import {
  readPipeline,
  readStoredCounts,
} from '../../../src/experiment/results/warehouse-figures.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { minutes, ms, seconds, us } from '../../../src/kernel/time.ts';
import type { Warehouse } from '../../../src/storage/warehouse.ts';
import { runWorld, smallScenario } from '../small-world.ts';

const warehouses: Warehouse[] = [];
afterAll(() => {
  for (const warehouse of warehouses) warehouse.close();
});

type Workers = NonNullable<NonNullable<ScenarioInput['clickstream']>['workers']>;

const made = new Map<string, ReturnType<typeof run>>();

/** Runs it, or remembers that it has. */
function runWith(workers: Workers | undefined): ReturnType<typeof run> {
  const key = JSON.stringify(workers ?? null);
  const found = made.get(key) ?? run(workers);
  made.set(key, found);
  return found;
}

async function run(workers: Workers | undefined) {
  const scenario = smallScenario({
    clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(6), drain: minutes(1) },
    audience: { viewers: 40 },
    clickstream: { ...(workers && { workers }), batchLossProbability: 0 },
  });
  const { world, warehouse } = await runWorld(scenario, { architecture: 'monolith' });
  warehouses.push(warehouse);
  const pipeline = readPipeline(world, warehouse);
  const events = eventLedger(world, readStoredCounts(warehouse));
  return { world, warehouse, pipeline, events };
}

/** What is the same however long it took. */
function rows(warehouse: Warehouse): unknown {
  return warehouse.query('SELECT event_id, event_time_us FROM fact_event ORDER BY event_id');
}

const QUICK: Workers = { timePerBatch: us(0), timePerEvent: us(0), flushEvery: seconds(1) };
/** About 0.8 events a second come in; a worker gets through 0.4. */
const BEHIND: Workers = {
  count: 1,
  maxBatchEvents: 10,
  timePerBatch: us(0),
  timePerEvent: ms(2_500),
};

describe('the pipeline on workers', () => {
  it('E310: workers that take no time and commit as often change no row', async () => {
    const without = await runWith(undefined);
    const quick = await runWith(QUICK);
    expect(rows(quick.warehouse)).toEqual(rows(without.warehouse));
    expect(quick.pipeline.panes).toBe(without.pipeline.panes);
    expect(without.pipeline.workers).toBeNull();
    expect(consumerLagSeries(without.world)).toEqual([]);
    expect(workerUtilizationSeries(without.world)).toEqual([]);
    // Its first poll is a second after the start too; only the last flush is not at the very end.
    const { freshnessSeconds } = quick.pipeline;
    expect(freshnessSeconds.p50).toBe(without.pipeline.freshnessSeconds.p50);
  });

  it('E313: freshness counts what waits for the flush: it grows with flushEvery', async () => {
    const found: number[] = [];
    for (const every of [1, 6, 30]) {
      const { pipeline } = await runWith({ ...QUICK, flushEvery: seconds(every) });
      found.push(pipeline.freshnessSeconds.p50);
    }
    expect(found).toEqual([...found].sort((a, b) => a - b));
    // On average half of it: 0.5 s, 3 s and 15 s beside the same collection.
    expect((found[2] ?? 0) - (found[0] ?? 0)).toBeGreaterThan(10);
  });

  it('E315: workers that are behind work on after the end; nothing is left out', async () => {
    const { world, pipeline, events, warehouse } = await runWith(BEHIND);
    const calm = await runWith(QUICK);
    const found = pipeline.workers;
    expect(found).not.toBeNull();
    if (found === null) return;
    expect(found.lagAtEndEvents).toBeGreaterThan(100);
    expect(found.utilization).toBeGreaterThan(0.9);
    expect(found.drainSeconds).toBeGreaterThan(2.5 * (found.lagAtEndEvents - 10));
    expect(found.drainSeconds).toBeLessThan(2.5 * found.lagAtEndEvents + 5);
    expect(events.residual).toBe(0);
    expect(world.clickstream.truth().unread).toBe(0);
    expect(rows(warehouse)).toEqual(rows(calm.warehouse));
    // Little: a lag at the end is a wait for those who came last.
    expect(pipeline.freshnessSeconds.p99).toBeGreaterThan(2 * found.lagAtEndEvents);
    // Those that were committed during the run alone would look fresher.
    const committed = warehouse.query(
      'SELECT max(process_time_us - event_time_us) / 1e6 AS s FROM fact_event ' +
        'WHERE process_time_us <= ?',
      [Date.parse('2026-11-20T20:00:00-05:00') * 1_000 + world.endUs],
    );
    expect(Number(committed[0]?.['s'])).toBeLessThan(pipeline.freshnessSeconds.p99);
  });

  it('E312: more workers keep up, up to one a partition', async () => {
    const one = await runWith(BEHIND);
    const four = await runWith({ ...BEHIND, count: 4 });
    const forty = await runWith({ ...BEHIND, count: 40 });
    expect(four.pipeline.freshnessSeconds.p99).toBeLessThan(one.pipeline.freshnessSeconds.p99);
    expect(forty.pipeline.freshnessSeconds).toEqual(four.pipeline.freshnessSeconds);
    const busy = (of: typeof one) =>
      (of.pipeline.workers?.utilization ?? 0) * (of.pipeline.workers?.workers ?? 0);
    expect(busy(forty)).toBeCloseTo(busy(four), 9);
    expect(four.pipeline.workers?.utilizationByWorker).toHaveLength(4);
  });

  it('E314: the series are those of the run, and the highest lag is in them', async () => {
    const { world, pipeline } = await runWith(BEHIND);
    const [all, fullest] = consumerLagSeries(world);
    const buckets = Math.ceil(world.endUs / world.bucketUs);
    expect(all?.values).toHaveLength(buckets);
    expect(Math.max(...(all?.values ?? []).map(Number))).toBe(pipeline.workers?.maxLagEvents);
    expect(Math.max(...(fullest?.values ?? []).map(Number))).toBe(
      pipeline.workers?.maxPartitionLagEvents,
    );
    const [busy] = workerUtilizationSeries(world);
    expect(busy?.values).toHaveLength(buckets);
    const mean = (busy?.values ?? []).reduce<number>((sum, v) => sum + Number(v), 0) / buckets;
    expect(mean).toBeCloseTo(pipeline.workers?.utilization ?? 0, 2);
    expect(pipelineWorkersResult(world)).toEqual(pipeline.workers);
  });

  it('E310: the same run twice has the same digest', async () => {
    const [a, b] = [await runWith(BEHIND), await run(BEHIND)];
    expect(a.world.digest.value()).toBe(b.world.digest.value());
    expect(a.pipeline).toEqual(b.pipeline);
  });
});
