/** What users' plans tell, in the warehouse: upserts replace, retractions take away, appended rows
 * are known by their number, and a batch again changes nothing. Spec: W144. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import type {
  CommitBatch,
  PipelineResult,
  PipelineSideRow,
} from '../../../src/domain/pipeline-ports.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';

const result = (part: Partial<PipelineResult>): PipelineResult => ({
  pipeline: 'p',
  mode: 'upsert',
  key: '["a",0]',
  number: 0,
  windowStartUs: 0,
  windowEndUs: 60,
  paneIndex: 0,
  isRetraction: false,
  row: '{"n":1}',
  eventTimeUs: 59,
  ...part,
});

const sideRow = (number: number): PipelineSideRow => ({
  pipeline: 'p',
  output: 'late',
  number,
  step: 'steps[0] window',
  reason: 'late',
  row: '{}',
  eventTimeUs: 5,
});

const batch = (part: Partial<CommitBatch>): CommitBatch => ({
  facts: [],
  panes: [],
  late: [],
  badRows: [],
  nextOffsets: [0],
  stageCounts: [],
  watermarkUs: 0,
  processTimeUs: 0,
  ...part,
});

const RESULTS = 'SELECT pipeline, key, number, row FROM pipeline_result ORDER BY 1, 2, 3';

describe('results of plans', () => {
  it('W144 keep the last row of a key, and all rows that are appended', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    const appended = { pipeline: 'q', mode: 'append' } as const;
    const results = [
      result({}),
      result({ number: 1, row: '{"n":2}' }),
      result({ number: 2, key: '["b",0]' }),
      result({ number: 3, key: '["b",0]', isRetraction: true }),
      result({ ...appended }),
      result({ ...appended, number: 1, isRetraction: true }),
    ];
    const commit = () => {
      warehouse.commit(batch({ results, sideRows: [sideRow(0), sideRow(1)] }));
      return [warehouse.query(RESULTS), warehouse.query('SELECT * FROM pipeline_side_output')];
    };
    const [rows, aside] = commit();
    expect(rows).toEqual([
      { pipeline: 'p', key: '["a",0]', number: 0, row: '{"n":2}' },
      { pipeline: 'q', key: '["a",0]', number: 0, row: '{"n":1}' },
      { pipeline: 'q', key: '["a",0]', number: 1, row: '{"n":1}' },
    ]);
    expect(aside).toHaveLength(2);
    expect(commit()).toEqual([rows, aside]);
    warehouse.close();
  });

  it('are forgotten by source and plan', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    warehouse.commit(
      batch({ results: [result({}), result({ pipeline: 'q' })], sideRows: [sideRow(0)] }),
    );
    warehouse.forgetResults(['p', 'nothing']);
    expect(warehouse.query(RESULTS)).toMatchObject([{ pipeline: 'q' }]);
    expect(warehouse.query('SELECT * FROM pipeline_side_output')).toEqual([]);
    warehouse.close();
  });

  const done = { replaced: 0, taken: 0 };
  afterAll(() => expect(Math.min(done.replaced, done.taken)).toBeGreaterThan(20));

  test.prop(
    [fc.array(fc.record({ key: fc.nat(4), isRetraction: fc.boolean() }), { maxLength: 25 })],
    { seed: 144, numRuns: 60 },
  )('W144 an upsert is a map from keys to rows, however it is cut into batches', (told) => {
    const results = told.map(({ key, isRetraction }, number) =>
      result({ key: `[${key}]`, isRetraction, number, row: `{"n":${number}}` }),
    );
    const expected = new Map<string, string>();
    for (const { key, row, isRetraction } of results) {
      if (isRetraction) done.taken += Number(expected.delete(key));
      else {
        done.replaced += Number(expected.has(key));
        expected.set(key, row);
      }
    }
    const warehouse = openWarehouse({ path: ':memory:' });
    const half = results.length >> 1;
    warehouse.commit(batch({ results: results.slice(0, half) }));
    warehouse.commit(batch({ results: results.slice(half) }));
    const rows = warehouse.query(RESULTS).map((row) => [row['key'], row['row']]);
    expect(rows).toEqual([...expected].sort());
    warehouse.close();
  });
});
