/** Users' plans in the pipeline, killed at every step: results, side rows and counts are what they
 * would have been, and state of other plans is refused. Spec: W110, W143, W144, W150. */
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { enrichedEvents } from '../../../src/streams/enriched-source.ts';
import { createPipeline } from '../../../src/streams/pipeline.ts';
import { count } from '../../../src/streams/plan/builder/aggregate.ts';
import { pipeline } from '../../../src/streams/plan/builder/pipeline.ts';
import { session, tumbling } from '../../../src/streams/plan/builder/window.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';
import { createListLog, pipelineOptions, START_US, trackedEvent } from '../clickstream-builder.ts';
import { crashEverywhere, uninterrupted } from './crash-harness.ts';
import { type Arrival, pipelineWorld } from './pipeline-world.ts';

const EVENTS = enrichedEvents({ boundUs: seconds(5) });

/** Early panes by process time, late rows aside. */
const minutely = (sizeUs = minutes(1)): PipelinePlan =>
  pipeline('minutely')
    .from(EVENTS)
    .dedupe({ by: (f) => [f.title_id, f.position_s], ttlUs: seconds(30) })
    .window(tumbling(sizeUs), {
      allowedLatenessUs: seconds(20),
      trigger: { early: { kind: 'process-time', delayUs: seconds(7) } },
    })
    .groupBy((f) => ({ title: f.title_id }))
    .aggregate({ plays: count() })
    .late('late')
    .sink('minutely', { mode: 'upsert', key: ['title', 'window_start'] });

/** Every pane is kept, those that are taken back too; the title `t3` stands aside. */
const SESSIONS = pipeline('sessions')
  .from(EVENTS)
  .divert('third', (f) => f.title_id.eq('t3'))
  .window(session(seconds(30)), { accumulation: 'retracting', allowedLatenessUs: minutes(2) })
  .groupBy((f) => ({ title: f.title_id }))
  .aggregate({ plays: count() })
  .sink('sessions', { mode: 'append', key: ['title', 'window_start'] });

const ARRIVALS: readonly Arrival[] = [
  [2, 0, 'a', 1, 't1'],
  [3, 1, 'b', 2, 't2'],
  [14, 0, 'c', 3, 't3'],
  [15, 1, 'd', 70, 't1'],
  [16, 0, 'e', 95, 't1'],
  [24, 1, 'f', 96, 't2'],
  [34, 0, 'g', 40, 't1'],
  [36, 1, 'h', 30, 't2'],
  [44, 0, 'i', 190, 't1'],
].map(([atSeconds, partition, id, eventSeconds, titleId]) => ({
  atSeconds: Number(atSeconds),
  partition: Number(partition),
  raw: trackedEvent({
    id: String(id),
    eventTimeUs: START_US + seconds(Number(eventSeconds)),
    data: { titleId: String(titleId) },
  }),
}));
const WORLD = {
  arrivals: ARRIVALS,
  partitions: 2,
  pollEverySeconds: 10,
  untilSeconds: 60,
  checkpoint: { everyRecords: 3 },
  part: () => ({ plans: [minutely(), SESSIONS] }),
};

describe('plans of a pipeline that is killed', () => {
  it('W110, W144 at any step tell every result once', () => {
    const { crashPoints, places } = crashEverywhere(pipelineWorld(WORLD));
    expect(crashPoints).toBeGreaterThan(80);
    expect(places).toContain('INSERT INTO pipeline_result');
    const { content } = uninterrupted(pipelineWorld(WORLD));
    const rows = content as Readonly<Record<string, readonly string[]>>;
    const told = (rows['pipeline_result'] ?? []).map((row) => JSON.parse(row));
    expect(told.filter((row) => row.is_retraction === 1).length).toBeGreaterThan(0);
    expect(told.filter((row) => row.pipeline === 'minutely').length).toBeGreaterThan(3);
    const aside = (rows['pipeline_side_output'] ?? []).map((row) => JSON.parse(row).output);
    expect([...new Set(aside)].sort()).toEqual(['late', 'third']);
    const parts = (rows['pipeline_state'] ?? []).map((row) => JSON.parse(row).part);
    expect(parts).toEqual(expect.arrayContaining(['plan minutely', 'plan sessions']));
  });

  it('W150 state of other plans, or of a plan that was changed, is refused', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    const start = (plans: readonly PipelinePlan[]) => {
      const log = createListLog(1);
      log.append({ raw: ARRIVALS[0]?.raw });
      const watermark = { boundUs: seconds(5), idleTimeoutUs: seconds(20) };
      const parts = { log, sink: warehouse, watermark, checkpoint: { everyRecords: 1 } };
      return createPipeline(pipelineOptions({ ...parts, plans }));
    };
    start([minutely(), SESSIONS]).poll(START_US + seconds(9));
    expect(start([minutely(), SESSIONS]).processTimeUs).toBe(START_US + seconds(9));
    for (const plans of [[minutely()], [minutely(minutes(2)), SESSIONS], [SESSIONS, minutely()]]) {
      expect(() => start(plans)).toThrow(/SNAPSHOT_REFUSED: .*another definition/);
    }
    warehouse.close();
  });
});
