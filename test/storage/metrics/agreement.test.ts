/** The portable metrics, computed four ways: by SQL in SQLite, by the same SQL in DuckDB over the
 * lake, by a stream, and from the truth by looking at every event. They agree, or the difference is
 * the named late and lost events. Spec: S70–S86. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import type { EnrichedEvent } from '../../../src/domain/pipeline-ports.ts';
import { openLake } from '../../../src/lake/lake.ts';
import { CURATED_EVENTS } from '../../../src/lake/lake-family.ts';
import { openLakeReader } from '../../../src/lake/lake-reader.ts';
import {
  METRICS,
  type MetricName,
  PORTABLE_METRICS,
} from '../../../src/storage/metrics/catalogue.ts';
import type { MetricRow } from '../../../src/storage/metrics/metric.ts';
import {
  createViewingStream,
  streamedMetrics,
} from '../../../src/storage/metrics/viewing-stream.ts';
import { runMetric } from '../../../src/storage/metrics.ts';
import type { Warehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { fact, START_US, warehouseWith } from '../warehouse-builder.ts';
import { captured, described, TITLES, titleOf } from './captured-builder.ts';
import { truth } from './truth.ts';
import { cutTruth } from './truth-cuts.ts';

const folder = temporaryFolder();
const STREAMED = streamedMetrics();

/** How often the interesting things were there to agree on. */
const reached = {
  late: 0,
  lateSessions: 0,
  lost: 0,
  valid: 0,
  stalls: 0,
  seekStalls: 0,
  watchers: 0,
  concurrent: 0,
  rated: 0,
  playFailures: 0,
  startFailures: 0,
  views: 0,
  clicks: 0,
  takes: 0,
  weighted: 0,
  returns: 0,
  returned: 0,
  churned: 0,
  gaps: 0,
  waits: 0,
  cohorts: 0,
  weeks: 0,
  devices: 0,
  policies: 0,
  finished: 0,
};
afterAll(() => {
  for (const [name, times] of Object.entries(reached)) expect(times, name).toBeGreaterThan(7);
});

type Rows = Readonly<Record<string, readonly MetricRow[]>>;

/** What the warehouse's SQL says. */
function bySql(warehouse: Warehouse, names: readonly string[]): Rows {
  return rounded(
    Object.fromEntries(names.map((name) => [name, runMetric(warehouse, name as MetricName)])),
  );
}

/** Sums of fractions depend on their order in the last bits. */
function rounded(metrics: Rows): Rows {
  const round = (value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(11)) : value;
  return Object.fromEntries(
    Object.entries(metrics).map(([name, rows]) => [
      name,
      rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [column, round(value)])),
      ),
    ]),
  );
}

function countReached(rows: Rows): void {
  const first = (name: string, column: string) => Number(rows[name]?.[0]?.[column] ?? 0);
  const sum = (name: string, column: string) =>
    (rows[name] ?? []).reduce((total, row) => total + Number(row[column] ?? 0), 0);
  const ratio = first('rebuffer_ratio', 'rebuffer_ratio');
  reached.valid += first('viewing_totals', 'valid_plays');
  reached.watchers += first('viewing_totals', 'watchers');
  reached.stalls += first('rebuffer_ratio', 'stalls');
  reached.seekStalls += Number(first('rebuffer_ratio', 'connection_rebuffer_ratio') < ratio);
  reached.concurrent += Number(first('max_concurrency', 'plays') > 1);
  reached.rated += Number(first('average_bitrate', 'rated_s') > 0);
  reached.playFailures += first('play_failures', 'failures');
  reached.startFailures += first('start_failures', 'failures');
  reached.views += Number(sum('title_views', 'views') > 0);
  reached.clicks += sum('slot_rates', 'clicks');
  reached.takes += sum('slot_rates', 'plays');
  reached.weighted += Number(sum('position_bias', 'weighted_ctr') > 0);
  reached.returns += first('return_time', 'returns');
  reached.returned += sum('day_retention', 'returned');
  reached.churned += first('churn', 'churned');
  reached.gaps += Number((rows['funnel'] ?? []).some((row) => row['gap'] !== 0));
  reached.waits += Number(sum('funnel', 'p95_s') > 0);
  reached.cohorts += (rows['cohort_retention'] ?? []).filter(
    (row) => Number(row['day_n']) > 0 && Number(row['active']) > 0,
  ).length;
  reached.weeks += (rows['weekly_cohort_retention'] ?? []).filter(
    (row) => Number(row['week_n']) > 0 && Number(row['active']) > 0,
  ).length;
  reached.devices += Number((rows['start_quality_by_device'] ?? []).length > 1);
  reached.policies += Number((rows['policy_rates'] ?? []).length > 1);
  reached.finished += sum('completion_by_title', 'complete_plays');
}

describe('viewing metrics', () => {
  test.prop([captured], { seed: 700, numRuns: 85 })(
    'S70 batch, stream and truth agree where nothing is late or lost',
    (facts) => {
      const warehouse = described(facts);
      const found = bySql(warehouse, Object.values(STREAMED).flat());
      const stream = createViewingStream({ titleOf });
      for (const one of facts) stream.add(one);
      const { plays, sessions, users } = stream.figures();
      expect(rounded({ ...plays, ...sessions, ...users })).toEqual(found);
      const true_ = truth(facts);
      expect(found).toMatchObject(rounded(true_.rows));
      const { funnel, ...cuts } = cutTruth(facts);
      expect(found).toMatchObject(rounded(cuts));
      expect(found['funnel']).toMatchObject(rounded({ funnel })['funnel'] ?? []);
      if (facts.length > 0) {
        expect(found['stickiness']).toMatchObject([
          { weekly_users: true_.weekly, monthly_users: true_.monthly },
        ]);
      }
      countReached(found);
    },
  );

  test.prop([captured, fc.array(fc.nat(9), { minLength: 45, maxLength: 45 }), fc.nat(1_500)], {
    seed: 781,
    numRuns: 30,
  })('S78 else they differ by the named late and lost events', (facts, luck, lagSeconds) => {
    const lost = new Set(facts.filter((_, i) => luck[i] === 0).map(({ event }) => event.id));
    const delivered = facts.filter(({ event }) => !lost.has(event.id));
    const stream = createViewingStream({ titleOf, gapUs: 60_000_000 });
    let newest = 0;
    for (const one of delivered) {
      stream.add(one);
      newest = Math.max(newest, one.event.eventTimeUs);
      stream.advanceTo(newest - lagSeconds * 1_000_000);
    }
    const figures = stream.figures();
    for (const scope of ['plays', 'sessions'] as const) {
      const late = new Set(stream.late[scope]);
      const inTime = described(delivered.filter(({ event }) => !late.has(event.id)));
      expect(rounded(figures[scope]), scope).toEqual(bySql(inTime, STREAMED[scope]));
    }
    const all = described(delivered);
    expect(rounded(figures.users)).toEqual(bySql(all, STREAMED.users));
    expect(bySql(all, STREAMED.plays)).toMatchObject(
      rounded(
        Object.fromEntries(
          Object.entries(truth(delivered).rows).filter(([name]) => STREAMED.plays.includes(name)),
        ),
      ),
    );
    reached.late += stream.late.plays.length;
    reached.lateSessions += stream.late.sessions.length;
    reached.lost += lost.size;
  });

  test.prop([captured], { seed: 702, numRuns: 6 })(
    'S71 every portable metric is the same in SQLite and in DuckDB over the lake',
    async (facts) => {
      const directory = folder.fresh();
      const lake = await openLake({ directory, job: 'test' });
      const writer = await lake.writer(CURATED_EVENTS);
      for (const one of facts) writer.append(one);
      await lake.commit({ checkpoint: 1, offsets: [] });
      await lake.close();
      const reader = await openLakeReader(directory);
      const rows = TITLES.map(
        (t) =>
          `('${t.titleId}', ${t.runtimeSeconds}, '${t.kind}', ${titleOf(t.titleId)?.releaseUs})`,
      );
      await reader.query(`CREATE TABLE title_runtime AS SELECT * FROM (VALUES ${rows.join(', ')})
        AS t (title_id, runtime_s, kind, release_us)`);
      await reader.query(
        'CREATE VIEW title_release AS SELECT title_id, release_us FROM title_runtime',
      );
      const warehouse = described(facts);
      for (const [name, { sql }] of Object.entries(PORTABLE_METRICS)) {
        const expected = bySql(warehouse, [name]);
        expect(rounded({ [name]: await reader.query(sql) })).toEqual(expected);
      }
      reader.close();
    },
  );
});

describe('metrics by hand', () => {
  type Data = EnrichedEvent['event']['data'] & { readonly session?: string };
  const at = (atSeconds: number, type: EnrichedEvent['event']['type'], given: Data) => {
    const { session = 's1', ...data } = given;
    const id = `${session}-${atSeconds}-${type}`;
    return fact({ id, type, atSeconds, sequence: atSeconds, session, data });
  };
  const facts = [
    at(0, 'page.view', { page: 'home' }),
    at(10, 'page.view', { page: 'title', titleId: 't0' }),
    at(20, 'ui.click', { target: 'play', titleId: 't0' }),
    at(24, 'media.play', { titleId: 't0', playbackId: 'p1', positionSeconds: 0 }),
    at(100, 'ui.click', { target: 'play', titleId: 't0' }),
    at(0, 'page.view', { page: 'home', session: 's2' }),
    at(5, 'ui.click', { target: 'play', session: 's2' }),
    at(8, 'ui.click', { target: 'play', session: 's2' }),
    at(9, 'media.play', { titleId: 't1', playbackId: 'p2', positionSeconds: 0, session: 's2' }),
    at(3, 'page.view', { page: 'home', session: 's3' }),
  ];
  const warehouse = described(facts);

  it('S72 video start time is from the last click on "play"', () => {
    expect(runMetric(warehouse, 'video_start_time')).toEqual([{ p50: 1, p95: 4 }]);
  });

  it('S73 clicks that nothing followed are exits before the start', () => {
    expect(runMetric(warehouse, 'exits_before_video_start')).toEqual([
      { attempts: 4, unstarted: 2, share: 0.5 },
    ]);
  });

  it('S75 sessions without a play are abandoned; the others took so long to the first', () => {
    expect(runMetric(warehouse, 'browsing')).toEqual([
      { sessions: 3, abandon_share: 1 / 3, first_play_p50_s: 9, first_play_p95_s: 24 },
    ]);
  });

  it('S76 the funnel counts steps in order only', () => {
    expect(runMetric(warehouse, 'funnel').map((row) => [row['name'], row['by_time']])).toEqual([
      ['home', 3],
      ['title', 1],
      ['play_clicked', 1],
      ['playing', 1],
    ]);
    expect(runMetric(warehouse, 'funnel').map((row) => row['by_sequence'])).toEqual([3, 1, 1, 1]);
  });

  it('S76 a clock that jumps back shows as inversions and in the funnel by time', () => {
    const jumped = described([
      at(0, 'page.view', { page: 'home' }),
      { ...at(10, 'page.view', { page: 'title', titleId: 't0' }) },
      fact({
        id: 'back',
        type: 'ui.click',
        atSeconds: 5,
        sequence: 20,
        data: { target: 'play', titleId: 't0' },
      }),
    ]);
    expect(runMetric(jumped, 'order_inversions')).toEqual([{ pairs: 2, inversions: 1 }]);
    const clicked = runMetric(jumped, 'funnel')[2];
    expect(clicked).toMatchObject({ by_time: 0, by_sequence: 1 });
  });

  it('S75 stickiness is mean daily users over the month’s', () => {
    const day = 86_400;
    const visits = described(
      [
        ['v1', 0],
        ['v2', 1],
        ['v1', day],
        ['v1', 40 * day],
      ].map(([subject, atSeconds], i) =>
        fact({ id: `d${i}`, subject: String(subject), atSeconds: Number(atSeconds) }),
      ),
    );
    expect(runMetric(visits, 'stickiness')).toEqual([
      { weekly_users: 1, monthly_users: 1, stickiness: 1 },
    ]);
    expect(runMetric(visits, 'daily_users').map((row) => row['users'])).toEqual([2, 1, 1]);
  });

  it('S121 the funnel tells the gap of the two orders and the time between steps', () => {
    const [, title, clicked] = runMetric(warehouse, 'funnel');
    expect(title).toMatchObject({ gap: 0, p50_s: 10, p95_s: 10 });
    expect(clicked).toMatchObject({ name: 'play_clicked', p50_s: 10 });
  });

  it('S122, S123 users by day, and cohorts as far as the data reach', () => {
    const day = 86_400;
    const visit = (subject: string, days: number) =>
      fact({ id: `${subject}-${days}`, subject, atSeconds: days * day });
    const visits = described([
      ...[visit('v1', 0), visit('v2', 0), visit('v3', 1), visit('v1', 2), visit('v3', 2)],
    ]);
    expect(runMetric(visits, 'active_users').map(({ day: _, ...row }) => row)).toEqual([
      { dau: 2, wau: 2, mau: 2 },
      { dau: 1, wau: 3, mau: 3 },
      { dau: 2, wau: 3, mau: 3 },
    ]);
    const cells = runMetric(visits, 'cohort_retention').map((row) => [
      row['day_n'],
      row['size'],
      row['active'],
    ]);
    expect(cells).toEqual([
      ...[0, 1, 2].map((n) => [n, 2, [2, 0, 1][n]]),
      ...[0, 1].map((n) => [n, 1, 1]),
    ]);
  });

  it('S124–S126 cuts by where it happened, and rates by arm', () => {
    expect(runMetric(warehouse, 'start_quality_by_device')).toMatchObject([
      { device: 'tv', attempts: 4, exit_share: 0.5, failure_share: 0, starts: 2, p95_s: 4 },
    ]);
    const shown = described([
      at(1, 'ui.impression', { titleId: 't0', row: 'r', slot: 0, policyId: 'p', propensity: 0.5 }),
      at(2, 'ui.impression', { titleId: 't1', row: 'r', slot: 1, policyId: 'p', propensity: 0.25 }),
      at(3, 'ui.click', { titleId: 't1' }),
    ]);
    const rates = { impressions: 2, clicks: 1, plays: 0, ctr: 0.5, take_rate: 0 };
    expect(runMetric(shown, 'row_rates')).toEqual([{ row_id: 'r', ...rates }]);
    expect(runMetric(shown, 'policy_rates')).toEqual([
      { policy_id: 'p', row_id: 'r', ...rates, mean_propensity: 0.375 },
    ]);
    expect(runMetric(shown, 'arm_rates')).toEqual([]);
    shown.describe({ users: [{ userId: 'v1', validFromUs: 0, attributes: { exp_arm: 'b' } }] });
    expect(runMetric(shown, 'arm_rates')).toEqual([{ arm: 'b', users: 1, ...rates }]);
  });

  it('S77 quality counts against what the pipeline received', () => {
    const quality = described(facts);
    expect(runMetric(quality, 'pipeline_quality')).toEqual([
      {
        received: 0,
        stored: 10,
        bad_share: null,
        duplicate_share: null,
        late_share: 0,
        freshness_p95_s: 2,
        watermark_lag_s: 100,
      },
    ]);
    expect(START_US).toBeGreaterThan(0);
  });

  it('S6 every metric has words and a unit, and runs on an empty warehouse', () => {
    const empty = warehouseWith([]);
    for (const [name, metric] of Object.entries(METRICS)) {
      expect(metric.words.length, name).toBeGreaterThan(10);
      expect(metric.unit, name).not.toBe('');
      expect(Array.isArray(runMetric(empty, name as keyof typeof METRICS)), name).toBe(true);
    }
  });
});
