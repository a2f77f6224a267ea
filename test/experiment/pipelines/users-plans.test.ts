/** Plans of a user's own, in a simulated run, an ingestion and a backfill: what they tell is what
 * `runPlan` tells of the stored facts, and what a batch query says of those that were not late.
 * Spec: W146–W149. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { backfillLake } from '../../../src/experiment/backfill/backfill.ts';
import { ingestFile } from '../../../src/experiment/ingest/ingest-file.ts';
import { loadPlanDocument } from '../../../src/experiment/io/load-plan.ts';
import { loadScenario } from '../../../src/experiment/io/load-scenario.ts';
import { broadband, MOBILE } from '../../../src/experiment/scenario/network-schema.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { openWarehouse, type Warehouse } from '../../../src/storage/warehouse.ts';
import { enrichedEvents } from '../../../src/streams/enriched-source.ts';
import { runPlan } from '../../../src/streams/execute/run-plan.ts';
import { count, max } from '../../../src/streams/plan/builder/aggregate.ts';
import { pipeline } from '../../../src/streams/plan/builder/pipeline.ts';
import { tumbling } from '../../../src/streams/plan/builder/window.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';
import { toBatchSql } from '../../../src/streams/sql/to-batch-sql.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { runWorld, type SmallOverrides, smallScenario } from '../small-world.ts';

const folder = temporaryFolder();

const activity = (boundUs: number, allowedLatenessUs: number): PipelinePlan =>
  pipeline('activity')
    .from(enrichedEvents({ boundUs }))
    .filter((f) => f.event_type.ne('ui.hover'))
    .window(tumbling(seconds(30)), { allowedLatenessUs })
    .groupBy((f) => ({ device: f.device_kind, type: f.event_type }))
    .aggregate({ events: count(), last_us: max((f) => f.event_time_us) })
    .late('late')
    .sink('activity', { mode: 'upsert', key: ['device', 'type', 'window_start'] });

/** Phones whose network goes away, and whose events come minutes late. */
const LATE_PHONES: SmallOverrides = {
  audience: {
    viewers: 25,
    devices: {
      tv: { share: 40, wan: broadband({ down: 50, up: 15 }) },
      phone: {
        share: 60,
        wan: MOBILE,
        absence: {
          probability: 1,
          after: { kind: 'deterministic', value: seconds(20) },
          duration: { kind: 'deterministic', value: minutes(2) },
        },
      },
      web: { share: 0, wan: broadband({ down: 40, up: 12 }) },
      console: { share: 0, wan: broadband({ down: 60, up: 20 }) },
    },
  },
  clickstream: {
    partitions: 1,
    watermarkBound: seconds(5),
    idleTimeout: minutes(60),
    heartbeat: seconds(10),
    pipelines: [activity(seconds(5), seconds(20))],
  },
};

const resultsOf = (warehouse: Warehouse) =>
  warehouse
    .query('SELECT row FROM pipeline_result')
    .map(({ row }) => JSON.parse(String(row)) as Readonly<Record<string, unknown>>);
const NAMES = ['device', 'type', 'events', 'last_us', 'window_start', 'window_end'];
const shown = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map((row) => JSON.stringify(NAMES.map((name) => row[name]))).sort();

describe('a plan of a scenario', () => {
  it('W149 tells what runPlan tells of the facts, and SQL of the punctual ones', async () => {
    const { world, warehouse } = await runWorld(smallScenario(LATE_PHONES));
    const plan = activity(seconds(5), seconds(20));
    const told = shown(resultsOf(warehouse));
    expect(told.length).toBeGreaterThan(50);
    const late = warehouse.query(
      "SELECT * FROM pipeline_side_output WHERE pipeline = 'activity' AND output = 'late'",
    );
    expect(late.length).toBeGreaterThan(20);

    const facts = warehouse.query(
      'SELECT * FROM curated_events ORDER BY ingest_time_us, session_id, sequence',
    );
    const { columns } = plan.source;
    const flat = Object.entries(columns).map(([name, { type }]) => [name, { type }]);
    const ofRows = { ...plan, source: { ...plan.source, columns: Object.fromEntries(flat) } };
    const last = new Map<string, Readonly<Record<string, unknown>>>();
    const run = runPlan(ofRows, {
      onResult: ({ row }) =>
        last.set(JSON.stringify([row['device'], row['type'], row['window_start']]), row),
    });
    const asides: unknown[] = [];
    run.output('late').subscribe(({ row }) => asides.push(row['event_id']));
    for (const { completed, ...fact } of facts) {
      run.push({ ...fact, completed: completed === null ? null : completed === 1 });
    }
    run.finish();
    expect(shown([...last.values()])).toEqual(told);
    expect(late.map(({ row }) => JSON.parse(String(row)).event_id)).toEqual(asides);

    const relation = 'not_late';
    const used = ['event_id', 'event_type', 'event_time_us', 'device_kind'];
    const lean = {
      ...ofRows,
      source: {
        ...ofRows.source,
        columns: Object.fromEntries(flat.filter(([name]) => used.includes(String(name)))),
      },
    };
    const { sql } = toBatchSql(lean, { dialect: 'sqlite', from: { enriched_event: relation } });
    const notLate = `${relation} AS (SELECT * FROM curated_events WHERE event_id NOT IN
      (SELECT json_extract(row, '$.event_id') FROM pipeline_side_output WHERE output = 'late'))`;
    const batch = warehouse.query(sql.replace('WITH RECURSIVE', `WITH RECURSIVE ${notLate},`));
    expect(shown(batch)).toEqual(told);

    // Every row is accounted for, and the panes of the built-in counts are what they were.
    const counts = warehouse.query(
      `SELECT stage, sum(CASE outcome WHEN 'received' THEN events ELSE -events END) AS residual,
       max(CASE outcome WHEN 'received' THEN events END) AS received
       FROM stage_count WHERE stage LIKE 'activity: %' GROUP BY stage`,
    );
    expect(counts.map(({ residual }) => residual)).toEqual([0, 0, 0]);
    expect(Math.max(...counts.map(({ received }) => Number(received)))).toBe(facts.length);
    expect(world.clickstream.pipeline.planCounts()).toHaveLength(3);
    const panes = warehouse.query('SELECT * FROM pane');
    const { pipelines: _, ...clickstream } = LATE_PHONES.clickstream ?? {};
    const without = await runWorld(smallScenario({ ...LATE_PHONES, clickstream }));
    expect(without.warehouse.query('SELECT * FROM pane')).toEqual(panes);
    expect(without.world.clickstream.pipeline.counts()).toEqual(
      world.clickstream.pipeline.counts(),
    );
    without.warehouse.close();
    warehouse.close();
  });

  it('W147 stands in the scenario or in a file beside it, and fits or is a problem', async () => {
    const { schema, name, question, seed, clock } = smallScenario();
    const base = { schema, name, question, seed, clock, audience: { viewers: 1 } };
    folder.write('activity.json', JSON.stringify(activity(seconds(30), 0)));
    const path = folder.write(
      's.json',
      JSON.stringify({ ...base, clickstream: { pipelines: ['activity.json'] } }),
    );
    expect((await loadScenario(path)).clickstream.pipelines).toEqual([activity(seconds(30), 0)]);
    const pipelines = [activity(seconds(7), 0), { ...activity(seconds(30), 0), name: 'plays_1m' }];
    expect(() => smallScenario({ clickstream: { pipelines } })).toThrow(
      /clickstream\.pipelines\.0\.source\.watermark: .* \| clickstream\.pipelines\.1\.name: /,
    );
  });
});

/** Tracked events of NDJSON, one every ten seconds, some an hour and more late. */
const EVENTS = Array.from({ length: 400 }, (_, i) =>
  JSON.stringify({
    id: `n${i}`,
    type: ['media.play', 'media.ping', 'page.view'][i % 3],
    subject: 'v1',
    sessionId: 's1',
    sequence: i,
    eventTimeUs: 1_795_204_800_000_000 + i * 60_000_000 - (i % 50 === 49 ? 3 * 3_600_000_000 : 0),
    data: { titleId: `t${i % 5}`, playbackId: 'p1', positionSeconds: i },
  }),
).join('\n');

/** Without a watermark: the job's is taken. */
function planFile(name: string, allowedLatenessUs: number): string {
  const { source, ...plan } = activity(1, allowedLatenessUs);
  const { watermark: _, ...rest } = source;
  return folder.write(name, JSON.stringify({ ...plan, source: rest }));
}

describe('a plan of an ingestion and of a backfill', () => {
  const place = { lake: folder.path('lake'), live: folder.path('live.sqlite') };
  let file: string;
  const tables = (path: string) => {
    const warehouse = openWarehouse({ path });
    const rows = ['pipeline_result', 'pipeline_side_output', 'pane'].map((table) =>
      warehouse.query(`SELECT * FROM ${table}`),
    );
    warehouse.close();
    return rows;
  };

  beforeAll(async () => {
    file = folder.write('events.ndjson', EVENTS);
    await ingestFile({ path: file, warehousePath: place.live, lake: place.lake });
  });

  it('W148 tells results beside the counts; again, and changed, leaves nothing stale', async () => {
    const path = folder.path('ingested.sqlite');
    const pipelines = [await loadPlanDocument(planFile('strict.json', 0))];
    const ingest = (given = pipelines) =>
      ingestFile({ path: file, warehousePath: path, pipelines: given });
    const first = await ingest();
    const [results, aside, panes] = tables(path);
    expect(first.pipelines).toEqual([
      { pipeline: 'activity', results: results?.length, sideRows: aside?.length },
    ]);
    expect(Math.min(results?.length ?? 0, aside?.length ?? 0)).toBeGreaterThan(5);
    expect(panes).toEqual(tables(place.live)[2]);
    expect(await ingest()).toEqual(first);
    expect(tables(path)).toEqual([results, aside, panes]);
    const patient = await ingest([await loadPlanDocument(planFile('patient.json', minutes(600)))]);
    expect(patient.pipelines).toMatchObject([{ sideRows: 0 }]);
  });

  it('W148 gives results for the past, twice the same; without it is refused', async () => {
    const path = folder.path('past.sqlite');
    const pipelines = [await loadPlanDocument(planFile('past.json', 0))];
    const backfill = (given = pipelines) =>
      backfillLake({ lake: place.lake, warehousePath: path, pipelines: given });
    const first = await backfill();
    const bytes = readFileSync(path);
    expect(first.pipelines?.[0]?.results).toBeGreaterThan(100);
    const second = await backfill();
    expect([second.digest, second.isUnchanged]).toEqual([first.digest, true]);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    await expect(backfill([])).rejects.toThrow(
      /results of the pipeline "activity", which is not among these, would be lost/,
    );
    const ingested = folder.path('both.sqlite');
    await ingestFile({ path: file, warehousePath: ingested, pipelines });
    const asRows = (rows: unknown) => JSON.stringify(rows);
    expect(asRows(tables(path)[0])).toBe(asRows(tables(ingested)[0]));
  });

  it('a lake that was filled with a plan is backfilled with it', async () => {
    const lake = folder.path('lake-with-plan');
    const live = folder.path('with-plan.sqlite');
    const pipelines = [await loadPlanDocument(planFile('kept.json', 0))];
    await ingestFile({ path: file, warehousePath: live, lake, pipelines });
    const before = tables(live);
    const { pipelines: figures } = await backfillLake({ lake, warehousePath: live });
    expect(figures).toMatchObject([{ pipeline: 'activity', results: before[0]?.length }]);
    expect(tables(live).slice(0, 2)).toEqual(before.slice(0, 2));
  });
});
