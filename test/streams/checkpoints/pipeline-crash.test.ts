/** The clickstream pipeline, killed at every step: what it commits, state included, is what it
 * would have committed if nobody had. Spec: W110, W111. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import type { CommitBatch } from '../../../src/domain/pipeline-ports.ts';
import { seconds } from '../../../src/kernel/time.ts';
import type { Warehouse } from '../../../src/storage/warehouse.ts';
import { createFullEnrichment } from '../../../src/streams/enrichment/chains.ts';
import { REFERENCE, START_US, trackedEvent } from '../clickstream-builder.ts';
import { crashEverywhere, crashed, uninterrupted } from './crash-harness.ts';
import { type Arrival, pipelineWorld } from './pipeline-world.ts';

const play = (id: string, atSeconds: number, titleId = 't1') =>
  trackedEvent({ id, eventTimeUs: START_US + seconds(atSeconds), data: { titleId } });

/** Three partitions, one of which falls silent; a duplicate within a checkpoint, one across; a late
 * event, one too late; a bad row. */
const ARRIVALS: readonly Arrival[] = [
  { atSeconds: 2, partition: 0, raw: play('a', 1) },
  { atSeconds: 3, partition: 1, raw: play('b', 2, 't2') },
  { atSeconds: 4, partition: 2, raw: play('c', 3) },
  { atSeconds: 5, partition: 0, raw: play('a', 1) },
  { atSeconds: 12, partition: 0, raw: { broken: true, at: '192.0.2.7' } },
  { atSeconds: 14, partition: 1, raw: play('d', 70) },
  { atSeconds: 15, partition: 0, raw: play('e', 71, 't2') },
  { atSeconds: 34, partition: 1, raw: play('f', 50) },
  { atSeconds: 36, partition: 0, raw: play('b', 2, 't2') },
  { atSeconds: 42, partition: 1, raw: play('g', 130) },
  { atSeconds: 43, partition: 0, raw: play('h', 131) },
  { atSeconds: 52, partition: 1, raw: play('i', 4) },
  { atSeconds: 53, partition: 2, raw: play('j', 132) },
];
const WORLD = {
  arrivals: ARRIVALS,
  partitions: 3,
  pollEverySeconds: 10,
  untilSeconds: 70,
  checkpoint: { everyRecords: 4 },
};

const rowsOf = (content: unknown, table: string) =>
  ((content as Readonly<Record<string, readonly string[]>>)[table] ?? []).map(
    (row) => JSON.parse(row) as Readonly<Record<string, unknown>>,
  );

describe('a pipeline that is killed', () => {
  it('W110 at any step goes on as if nothing had happened', () => {
    const { crashPoints, places } = crashEverywhere(pipelineWorld(WORLD));
    expect(crashPoints).toBeGreaterThan(150);
    expect([...places].sort()).toEqual([
      'BEGIN IMMEDIATE',
      'COMMIT',
      'DELETE FROM pipeline_state',
      'INSERT INTO pane',
      'INSERT INTO source_offset',
      'INSERT INTO stage_count',
      'INSERT OR IGNORE',
      'INSERT OR REPLACE',
      'after the last commit',
      'between polls',
      'enrich',
      'read',
    ]);
  });

  it('meets all that can be forgotten: late panes, late events, duplicates, idleness', () => {
    const { content } = uninterrupted(pipelineWorld(WORLD));
    expect(rowsOf(content, 'bad_row')).toHaveLength(1);
    expect(rowsOf(content, 'late_event')).toHaveLength(2);
    expect(rowsOf(content, 'fact_event')).toHaveLength(10);
    const panes = rowsOf(content, 'pane');
    expect(panes.filter((pane) => pane['timing'] === 'LATE')).toHaveLength(2);
    // Partition 2 has been silent since second 4: without idleness nothing fires at second 30.
    expect(panes.some((pane) => pane['emit_time_us'] === START_US + seconds(30))).toBe(true);
    const state = rowsOf(content, 'pipeline_state');
    expect(state[0]).toMatchObject({ part: '', state: '4' });
    expect(state.filter((row) => String(row['part']).startsWith('dedupe/1.'))).toHaveLength(3);
  });

  it('W111 in another order of writing is caught: offsets before rows', () => {
    const offsetsFirst = (warehouse: Warehouse) => ({
      committedOffsets: (count: number) => warehouse.committedOffsets(count),
      committedState: () => warehouse.committedState(),
      commit(batch: CommitBatch) {
        warehouse.commit({ ...batch, facts: [], panes: [], late: [], badRows: [] });
        const { state: _, ...rows } = batch;
        warehouse.commit(rows);
      },
    });
    const broken = pipelineWorld({ ...WORLD, sinkOf: offsetsFirst });
    expect(() => crashEverywhere(broken)).toThrow(/killed at BEGIN/);
  });

  it('without checkpoints is caught: it forgets its windows', () => {
    const broken = pipelineWorld({ ...WORLD, checkpoint: undefined });
    expect(() => crashEverywhere(broken)).toThrow(/killed at/);
  });
});

const IS_LONG = process.env['BACKLOT_LONG'] === '1';

const arrival = fc.record({
  gapSeconds: fc.nat(8),
  partition: fc.nat(2),
  id: fc.nat(30).map((n) => `e${n}`),
  titleId: fc.constantFrom('t1', 't2', 't3'),
  delaySeconds: fc.oneof(fc.nat(6), fc.nat(100)),
  isBroken: fc.nat(9).map((n) => n === 0),
});
const arrivals = fc.array(arrival, { minLength: 5, maxLength: 40, size: 'max' }).map((all) => {
  let atSeconds = 100;
  return all.map(({ gapSeconds, partition, id, titleId, delaySeconds, isBroken }): Arrival => {
    atSeconds += gapSeconds;
    const raw = isBroken ? { id } : play(id, atSeconds - delaySeconds, titleId);
    return { atSeconds, partition, raw };
  });
});

describe('random clickstreams, killed twice or more', () => {
  const done = { kills: 0, inRecovery: 0 };
  afterAll(() => {
    expect(done.kills).toBeGreaterThan(30);
    expect(done.inRecovery).toBeGreaterThan(5);
  });

  test.prop(
    [
      arrivals,
      fc.array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 400 })), {
        minLength: 2,
        maxLength: 4,
      }),
      fc.record({
        everyRecords: fc.integer({ min: 1, max: 20 }),
        everyUs: fc.integer({ min: 1, max: 60 }).map((n) => seconds(n)),
      }),
    ],
    { seed: 110, numRuns: IS_LONG ? 2_000 : 15 },
  )('W110 also while they recover, commit the same bytes', (sent, kills, checkpoint) => {
    const untilSeconds = 110 + Math.max(...sent.map(({ atSeconds }) => atSeconds));
    const subject = pipelineWorld({ ...WORLD, arrivals: sent, untilSeconds, checkpoint });
    const result = crashed(subject, kills);
    done.kills += result.kills;
    if (result.kills > 1 && (kills[1] ?? 0) <= 6) done.inRecovery += 1;
    expect(result.content, result.deaths.join(', then ')).toEqual(uninterrupted(subject).content);
  });

  test.prop(
    [arrivals, fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 2, maxLength: 3 })],
    {
      seed: 111,
      numRuns: IS_LONG ? 500 : 6,
    },
  )('W110 with every stage of enrichment, sessions and clocks too', (sent, kills) => {
    const untilSeconds = 110 + Math.max(...sent.map(({ atSeconds }) => atSeconds));
    const enrichment = () =>
      createFullEnrichment({
        reference: REFERENCE,
        dedupeTtlUs: seconds(90),
        time: { strategy: 'minimum-round-trip' },
        session: { gapUs: seconds(10) },
      });
    const part = () => ({ enrichment: enrichment() });
    const checkpoint = { everyRecords: 5 };
    const subject = pipelineWorld({ ...WORLD, arrivals: sent, untilSeconds, checkpoint, part });
    const result = crashed(subject, kills);
    done.kills += result.kills;
    expect(result.content, result.deaths.join(', then ')).toEqual(uninterrupted(subject).content);
  });
});
