/** What a batch query says of joins, side outputs, upserts, JSON records and hostile texts, in both
 * databases, and held to the stream where it speaks of the same. */
import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { runPlan } from '../../../src/streams/execute/run-plan.ts';
import { createVersionedTable } from '../../../src/streams/joins/versioned-table.ts';
import type { ColumnType } from '../../../src/streams/plan/expression.ts';
import { defineFunction } from '../../../src/streams/plan/functions.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';
import { type BatchSqlOptions, toBatchSql } from '../../../src/streams/sql/to-batch-sql.ts';
import {
  column,
  DEDUPE,
  JOIN,
  LOOKUP,
  literal,
  op,
  planOf,
  SOURCE,
  windowStep,
} from './feature-plans.ts';
import { openDatabases, type ResultRow, type TableRows } from './sql-databases.ts';

const databases = openDatabases();
const BOTH = ['sqlite', 'duckdb'] as const;
type Options = Omit<BatchSqlOptions, 'dialect'>;

const PLAYS = typesOf(SOURCE.columns);
const ADS = { play: 'string', price: 'double', shown: 'timestamp', n: 'integer' } as const;
const TITLES = {
  key: 'string',
  valid_from: 'timestamp',
  kind: 'string',
  minutes: 'integer',
  ended: 'boolean',
} as const;

const text = fc.constantFrom('a', 'b', 'A', '😀', "o'N", null);
const play = fc.record({
  id: text,
  title: text,
  watched: fc.option(fc.integer({ min: -5, max: 60 }), { nil: null, freq: 6 }),
  at: fc.integer({ min: -20, max: 60 }).map((n) => n * 1_000_000),
});
const plays = fc.array(play, { maxLength: 25, size: 'max' });

describe.each(BOTH)('%s', (dialect) => {
  async function query(
    plan: PipelinePlan,
    tables: Readonly<Record<string, TableRows>>,
    options: Options = { from: { plays: 'plays' } },
  ): Promise<ResultRow[]> {
    const printed = toBatchSql(plan, { dialect, ...options });
    return dialect === 'sqlite'
      ? databases.sqlite(tables, printed)
      : await databases.duckdb(tables, printed);
  }

  const runs = dialect === 'sqlite' ? 300 : 40;

  test.each(['null', 'drop'] as const)(
    'W54: a lookup sees the version of the event time, missing: %s',
    async (missing) => {
      const change = fc.record({
        key: text.filter((key) => key !== null),
        valid_from: fc.integer({ min: -20, max: 60 }).map((n) => n * 1_000_000),
        kind: text,
        ended: fc.boolean(),
      });
      const changes = fc.uniqueArray(change, {
        maxLength: 12,
        size: 'max',
        selector: ({ key, valid_from }) => `${key} ${valid_from}`,
      });
      const plan = planOf([{ ...LOOKUP, missing }]);
      let found = 0;
      await fc.assert(
        fc.asyncProperty(plays, changes, async (rows, versions) => {
          const table = createVersionedTable({
            changes: versions.map(({ key, valid_from, kind, ended }) => ({
              key,
              validFromUs: valid_from,
              values: ended ? null : { kind, minutes: 1 },
            })),
          });
          const expected = resultsOf(plan, rows, { tables: { titles: table } });
          const tables = {
            plays: { columns: PLAYS, rows },
            titles: { columns: TITLES, rows: versions.map((one) => ({ ...one, minutes: 1 })) },
          };
          const options = {
            from: { plays: 'plays' },
            tables: { titles: { relation: 'titles', ended: 'ended' } },
          };
          expectSame(await query(plan, tables, options), expected);
          found += expected.filter(({ kind }) => kind !== null).length;
        }),
        { seed: 1, numRuns: runs },
      );
      expect(found).toBeGreaterThan(runs);
    },
  );

  test('W54: an interval join pairs what is near, both bounds inclusive', async () => {
    const ad = fc.record({
      play: text,
      price: fc.integer({ min: 0, max: 9 }).map((n) => n / 2),
      shown: fc.integer({ min: -20, max: 60 }).map((n) => n * 1_000_000),
    });
    const bound = fc.integer({ min: -12, max: 12 }).map((n) => n * 1_000_000);
    let pairs = 0;
    await fc.assert(
      fc.asyncProperty(
        plays,
        fc.array(ad, { maxLength: 20, size: 'max' }),
        fc.tuple(bound, bound),
        async (rows, ads, bounds) => {
          const step = { ...JOIN, lowerUs: Math.min(...bounds), upperUs: Math.max(...bounds) };
          const plan = planOf([
            step,
            windowStep({ aggregate: { kind: 'sum', of: column('price') } }),
          ]);
          const run = runPlan(plan);
          const expected: ResultRow[] = [];
          run.results$.subscribe(({ row }) => expected.push(row));
          const arrivals = [
            ...rows.map((row) => ({ source: 'plays', timeUs: row.at, row: row as object })),
            ...ads.map((row) => ({ source: 'ads', timeUs: row.shown, row: row as object })),
          ].sort((x, y) => x.timeUs - y.timeUs);
          for (const { source, row } of arrivals) run.pushTo(source, row);
          run.finish();
          const tables = {
            plays: { columns: PLAYS, rows },
            ads: { columns: ADS, rows: ads.map((one, n) => ({ ...one, n })) },
          };
          expectSame(await query(plan, tables, { from: { plays: 'plays', ads: 'ads' } }), expected);
          pairs += expected.length;
        },
      ),
      { seed: 2, numRuns: runs },
    );
    expect(pairs).toBeGreaterThan(runs / 2);
  });

  test('W52: records of JSON are read, and rejected, as the stream does', async () => {
    const source = {
      ...SOURCE,
      columns: {
        id: { type: 'string', path: 'event.id' },
        watched: { type: 'integer', path: 'event.data.watched' },
        ratio: { type: 'double', path: 'event.data.ratio' },
        isPaused: { type: 'boolean', path: 'event.paused' },
        at: { type: 'timestamp', path: 'at' },
      },
    } as const;
    const plan = planOf([], { source });
    const anything = fc.constantFrom<unknown>(
      null,
      undefined,
      1,
      0,
      -3,
      1.5,
      1e3,
      2 ** 53,
      1e300,
      '1',
      '',
      'x',
      "'",
      true,
      false,
      [],
      [1],
      {},
      { id: 'deep' },
    );
    const record = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(
            fc.constantFrom<unknown>('a', "b'", 'x', null, 7),
            fc.oneof(
              { weight: 3, arbitrary: fc.constantFrom<unknown>(1, 60, 1e3, null) },
              anything,
            ),
            fc.oneof(
              { weight: 3, arbitrary: fc.constantFrom<unknown>(0.1, 3, -1.5e-7, null) },
              anything,
            ),
            fc.oneof(
              { weight: 3, arbitrary: fc.constantFrom<unknown>(true, false, null) },
              anything,
            ),
            fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }) }, anything),
          )
          .map(([id, watched, ratio, paused, at]) =>
            JSON.stringify({ event: { id, data: { watched, ratio }, paused }, at }),
          ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('', '{', 'null', '[]', '3', '"text"', '{"event": 1, "at": 2}'),
      },
    );
    let kept = 0;
    let rejected = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 10, maxLength: 30 }), async (records) => {
        const parsed = records.map((one) => {
          try {
            return JSON.parse(one) as unknown;
          } catch {
            return undefined;
          }
        });
        const expected = resultsOf(plan, parsed as never);
        const tables = {
          raw: { columns: { body: 'string' }, rows: records.map((body) => ({ body })) },
        } as const;
        const options = { from: { plays: { relation: 'raw', record: 'body' } } };
        expectSame(await query(plan, tables, options), expected);
        kept += expected.length;
        rejected += records.length - expected.length;
      }),
      { seed: 3, numRuns: runs },
    );
    expect(Math.min(kept, rejected)).toBeGreaterThan(runs * 4);
  });

  test('diverted rows are in their own query and not in the main one', async () => {
    const where = op('gt', column('watched'), literal(30));
    const plan = planOf([{ kind: 'divert', where, output: 'long' }]);
    const rows = [
      { id: 'a', title: 't', watched: 40, at: 1 },
      { id: 'b', title: 't', watched: null, at: 2 },
      { id: 'c', title: 't', watched: 30, at: 3 },
    ];
    const tables = { plays: { columns: PLAYS, rows } };
    expect((await query(plan, tables)).map(({ id }) => id)).toEqual(['b', 'c']);
    const printed = toBatchSql(plan, { dialect, from: { plays: 'plays' } });
    const side = { ...printed, sql: printed.sideOutputs['long'] ?? '' };
    const found =
      dialect === 'sqlite' ? databases.sqlite(tables, side) : await databases.duckdb(tables, side);
    expect(found.map(({ id }) => id)).toEqual(['a']);
  });

  test('an upsert of rows keeps the last by arrival; of windows by their bounds, all', async () => {
    const rows = [
      { id: 'a', title: 't', watched: 1, at: 9 },
      { id: 'b', title: 't', watched: 2, at: 2 },
      { id: 'a', title: 'u', watched: 3, at: 1 },
    ];
    const tables = { plays: { columns: PLAYS, rows } };
    const byId = planOf([], { sink: { name: 'out', mode: 'upsert', key: ['id'] } });
    expect((await query(byId, tables)).map(({ watched }) => watched)).toEqual([3, 2]);
    const ordered = { from: { plays: { relation: 'plays', order: 'watched' } } };
    const backwards = { plays: { columns: PLAYS, rows: [...rows].reverse() } };
    expect((await query(byId, backwards, ordered)).map(({ watched }) => watched)).toEqual([3, 2]);
    const windows = planOf([windowStep()], {
      sink: { name: 'out', mode: 'upsert', key: ['title', 'window_start'] },
    });
    expect(await query(windows, tables)).toHaveLength(2);
    const latest = planOf([windowStep({ assign: { kind: 'tumbling', sizeUs: 5 } })], {
      sink: { name: 'out', mode: 'upsert', key: ['title'] },
    });
    expect(await query(latest, tables)).toEqual([
      { title: 't', value: 1, window_start: 5, window_end: 10 },
      { title: 'u', value: 1, window_start: 0, window_end: 5 },
    ]);
    const { warnings } = toBatchSql(latest, { dialect, from: { plays: 'plays' } });
    expect(warnings.at(-1)).toMatch(/does not tell windows apart/);
  });

  test('W57: sketches are computed exactly, and the stream is within their error', async () => {
    const accuracy = 0.02;
    const plan = (q: number) =>
      planOf([windowStep({ aggregate: { kind: 'quantile', of: column('watched'), q, accuracy } })]);
    await fc.assert(
      fc.asyncProperty(plays, fc.constantFrom(0, 0.25, 0.5, 0.9, 1), async (rows, q) => {
        const sorted = [...rows].sort((a, b) => a.at - b.at);
        const expected = resultsOf(plan(q), sorted);
        const found = await query(plan(q), { plays: { columns: PLAYS, rows } });
        expect(found).toHaveLength(expected.length);
        for (const row of found) {
          const twin = expected.find(
            (one) => one['title'] === row['title'] && one['window_start'] === row['window_start'],
          );
          const [exact, sketch] = [row['value'] ?? null, twin?.['value'] ?? null];
          if (exact === null || sketch === null) expect(exact).toBe(sketch);
          else {
            const error = Math.abs(Number(sketch) - Number(exact));
            expect(error).toBeLessThanOrEqual(accuracy * Math.abs(Number(exact)) * (1 + 1e-9));
          }
        }
      }),
      { seed: 4, numRuns: runs },
    );
  });

  test('a function of the user has its SQL, NULL for NULL', async () => {
    const initial = defineFunction({
      name: 'initial',
      version: 2,
      args: ['string', 'double'],
      returns: 'string',
      body: (title, n) => title.slice(0, n),
      sql: { duckdb: 'left($1, CAST($2 AS BIGINT))', sqlite: 'substr($1, 1, $2)' },
    });
    const call = {
      kind: 'function',
      name: 'initial',
      version: 2,
      returns: 'string',
      args: [column('title'), literal(1)],
    } as const;
    const plan = planOf([{ kind: 'map', columns: { id: column('id'), first: call } }]);
    const rows = [
      { id: 'a', title: 'xyz', watched: 1, at: 1 },
      { id: 'b', title: null, watched: 1, at: 1 },
    ];
    const options = { from: { plays: 'plays' }, functions: [initial] };
    const found = await query(plan, { plays: { columns: PLAYS, rows } }, options);
    expect(found).toEqual(resultsOf(plan, rows, { functions: [initial] }));
    expect(() => toBatchSql(plan, { dialect, from: { plays: 'plays' } })).toThrow(/no SQL for/);
  });

  test('W50: names and values never become SQL', async () => {
    const hostile = [
      "'; DROP TABLE plays; --",
      '" ; --',
      '\\',
      '`',
      '$1',
      '/*',
      'a\nb',
      '%s',
      '\u2028',
    ];
    for (const value of hostile) {
      const plan = planOf([
        { kind: 'filter', where: op('eq', column('title'), literal(value)) },
        { kind: 'map', columns: { id: column('id'), echo: literal(value) } },
      ]);
      const relation = `rel ${value.replaceAll('$', '').replaceAll('\0', '')}`;
      const rows = [
        { id: 'hit', title: value, watched: 1, at: 1 },
        { id: 'miss', title: 'x', watched: 1, at: 1 },
      ];
      const found = await query(
        plan,
        { [relation]: { columns: PLAYS, rows } },
        { from: { plays: relation } },
      );
      expect(found).toEqual([{ id: 'hit', echo: value }]);
    }
    for (const value of ['a\0b', '\ud800']) {
      const plan = planOf([{ kind: 'map', columns: { echo: literal(value) } }]);
      expect(() => toBatchSql(plan, { dialect, from: { plays: 'plays' } })).toThrow(/PLAN_INVALID/);
    }
    const injected = planOf([
      windowStep({ assign: { kind: 'tumbling', sizeUs: '1; --' as never } }),
    ]);
    expect(() => toBatchSql(injected, { dialect, from: { plays: 'plays' } })).toThrow(
      /PLAN_INVALID/,
    );
  });

  test.each([
    { plan: planOf([]), options: { from: { other: 'x' } }, message: /no relation for source/ },
    { plan: planOf([LOOKUP]), options: { from: { plays: 'p' } }, message: /for table "titles"/ },
    { plan: planOf([DEDUPE]), options: { from: { plays: '$x' } }, message: /start with \$/ },
  ])('a relation that is missing or has a hidden name: $message', ({ plan, options, message }) => {
    expect(() => toBatchSql(plan, { dialect, ...options })).toThrow(message);
  });
});

function resultsOf(
  plan: PipelinePlan,
  rows: readonly object[],
  options: Parameters<typeof runPlan>[1] = {},
): ResultRow[] {
  const run = runPlan(plan, options);
  const found: ResultRow[] = [];
  run.results$.subscribe(({ row }) => found.push(row));
  for (const row of rows) run.push(row);
  run.finish();
  return found;
}

function expectSame(found: readonly ResultRow[], expected: readonly ResultRow[]): void {
  const texts = (all: readonly ResultRow[]) =>
    all
      .map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
      .sort();
  expect(texts(found)).toEqual(texts(expected));
}

function typesOf(
  columns: Readonly<Record<string, { readonly type: ColumnType }>>,
): Readonly<Record<string, ColumnType>> {
  return Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type]));
}
