/** Questions to real data: warehouse and lake give the same, and both what the log says. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingestFile } from '../../../src/experiment/ingest/ingest-file.ts';
import { listQueries, performQuery } from '../../../src/experiment/query/perform-query.ts';
import { openQuerySource, type QuerySource } from '../../../src/experiment/query/query-source.ts';
import { PORTABLE_METRICS } from '../../../src/storage/metrics/catalogue.ts';
import { onRealData } from '../../real-data.ts';
import { fact, writeWarehouse } from '../../storage/warehouse-builder.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

/** A source that gives these rows to every question. */
function sourceOf(columns: readonly string[], rows: readonly never[][]): QuerySource {
  return {
    kind: 'warehouse',
    path: 'w.sqlite',
    lakeVersion: null,
    metrics: PORTABLE_METRICS,
    notes: [],
    ask: async () => ({ columns, rows }),
    tables: async () => [],
    close: () => {},
  };
}

describe('query', () => {
  it(
    'S127 a real log: warehouse and lake agree on every portable metric',
    onRealData('access-logs/nasa-1995-07.log', async (path) => {
      const directory = folder.fresh();
      const warehousePath = join(directory, 'w.sqlite');
      const lake = join(directory, 'lake');
      const { stored, hosts } = await ingestFile({ path, warehousePath, lake });
      const [a, b] = [await openQuerySource(warehousePath), await openQuerySource(lake)];
      const metrics = Object.keys(PORTABLE_METRICS);
      const [fromWarehouse, fromLake] = [
        await performQuery(a, { metrics }),
        await performQuery(b, { metrics }),
      ];
      expect(fromLake.answers).toEqual(fromWarehouse.answers);
      expect(JSON.stringify(fromLake)).not.toMatch(/NaN|Infinity/);
      const sql = 'SELECT count(*), count(DISTINCT subject) FROM curated_events';
      for (const source of [a, b]) {
        const { answers } = await performQuery(source, { sql });
        expect(answers[0]?.rows).toEqual([[stored, hosts]]);
        source.close();
      }
      const days = fromWarehouse.answers.find(({ metric }) => metric?.name === 'active_users');
      expect(days?.rows.length).toBeGreaterThan(0);
    }),
  );

  it('S131 a metric that found nothing says so', async () => {
    for (const [columns, rows] of [
      [['day', 'users'], []],
      [['users', 'share'], [[0, null]]],
      [
        ['step', 'name', 'by_time'],
        [
          [0, 'home', 0],
          [1, 'title', 0],
        ],
      ],
    ] as const) {
      const source = sourceOf(columns, rows as never);
      const { answers } = await performQuery(source, { metrics: ['funnel'] });
      expect(answers[0]).toMatchObject({ hasData: false });
      expect(answers[0]?.notes[0]).toMatch(/^no data: the metric "funnel"/);
    }
  });

  it('S130 what JSON has not is text, and named', async () => {
    const odd = [[2n ** 60n, Number.NaN, new Uint8Array([1, 255]), null]] as never[][];
    const { answers } = await performQuery(sourceOf(['a', 'b', 'c', 'd'], odd), {
      sql: 'SELECT 1',
    });
    expect(answers[0]?.rows).toEqual([['1152921504606846976', 'NaN', "x'01ff'", null]]);
    expect(answers[0]?.notes).toHaveLength(3);
  });

  it('S129 --where counts only some events, and not where a metric reads tables', async () => {
    const directory = folder.fresh();
    const path = join(directory, 'w.sqlite');
    const events = [fact({ id: 'a' }), { ...fact({ id: 'b', subject: 'v2' }), country: 'BR' }];
    writeWarehouse(path, events);
    const source = await openQuerySource(directory);
    const of = async (metrics: readonly string[], where?: string) =>
      (await performQuery(source, { metrics, where })).answers[0]?.rows[0];
    expect((await of(['daily_users']))?.[1]).toBe(2);
    expect((await of(['daily_users'], "country = 'BR' -- only there"))?.[1]).toBe(1);
    expect((await of(['viewing_totals'], "country = 'BR'"))?.[0]).toBe(0);
    await expect(of(['stored'], 'true')).rejects.toThrow('does not apply');
    await expect(of(['funnel'], 'true) OR (')).rejects.toThrow('QUERY_FAILED');
    await expect(of(['funel'])).rejects.toThrow('did you mean "funnel"?');
    const list = await listQueries(source);
    expect(list.metrics.find(({ name }) => name === 'funnel')?.unit).toBe('sessions, s');
    expect(list.tables.map(({ name }) => name)).toContain('fact_event');
    source.close();
  });
});
