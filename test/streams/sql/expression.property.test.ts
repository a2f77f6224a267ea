/** An expression says the same in JavaScript, in SQLite and in DuckDB, whatever the row. */
import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  compileRow,
  type PlanRow as Row,
} from '../../../src/streams/execute/compile-expression.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';
import { toBatchSql } from '../../../src/streams/sql/to-batch-sql.ts';
import { COLUMNS, type ExpressionRow, expressions, rows } from './expression-arbitraries.ts';
import { openDatabases } from './sql-databases.ts';

const databases = openDatabases();
const IS_LONG = process.env['BACKLOT_LONG'] === '1';
const BATCHES = IS_LONG ? 1_000 : 50;
const EXPRESSIONS_PER_BATCH = 40;

const batch = fc.tuple(
  fc.array(expressions, { minLength: EXPRESSIONS_PER_BATCH, maxLength: EXPRESSIONS_PER_BATCH }),
  rows,
);

describe('W51: expressions mean the same in JavaScript, SQLite and DuckDB', () => {
  test('random expressions over random rows', async () => {
    let cases = 0;
    let nulls = 0;
    await fc.assert(
      fc.asyncProperty(batch, async ([chosen, given]) => {
        const plan = planOf(Object.fromEntries(chosen.map((one, i) => [`e${i}`, one])));
        const read = compileRow(plan.steps[0].columns, new Map());
        const expected = given.map((row) => ({ ...read(row) }));
        const tables = {
          t: { columns: { ...COLUMNS, time: 'timestamp' as const }, rows: timed(given) },
        };
        const sqlite = toBatchSql(plan, { dialect: 'sqlite', from: { s: 't' } });
        expectAlike(plan, databases.sqlite(tables, sqlite), expected);
        const duckdb = toBatchSql(plan, { dialect: 'duckdb', from: { s: 't' } });
        expectAlike(plan, await databases.duckdb(tables, duckdb), expected);
        cases += chosen.length * given.length;
        nulls += expected.flatMap((row) => Object.values(row)).filter((v) => v === null).length;
      }),
      { seed: 20_261_125, numRuns: BATCHES },
    );
    expect(cases).toBe(BATCHES * EXPRESSIONS_PER_BATCH * 6);
    expect(nulls / cases).toBeGreaterThan(0.05);
    expect(nulls / cases).toBeLessThan(0.7);
  });
});

/** Names the expression that differs: forty in one statement are too many to read. */
function expectAlike(plan: PipelinePlan, found: readonly Row[], expected: readonly Row[]): void {
  expected.forEach((row, i) => {
    for (const [name, value] of Object.entries(row)) {
      if (Object.is(found[i]?.[name], value)) continue;
      const step = plan.steps[0];
      const expression = JSON.stringify(step?.kind === 'map' ? step.columns[name] : undefined);
      expect({ expression, value: found[i]?.[name] }).toEqual({ expression, value });
    }
  });
}

function timed(given: readonly ExpressionRow[]) {
  return given.map((row) => ({ ...row, time: 0 }));
}

function planOf(
  columns: Record<string, import('../../../src/streams/plan/expression.ts').Expression>,
) {
  const rowNo = { kind: 'column', name: 'row_no' } as const;
  return {
    schema: 'backlot.pipeline/1',
    name: 'expressions',
    source: {
      name: 's',
      columns: {
        ...Object.fromEntries(Object.entries(COLUMNS).map(([name, type]) => [name, { type }])),
        time: { type: 'timestamp' },
      },
      time: 'time',
      watermark: { kind: 'ascending' },
    },
    steps: [{ kind: 'map', columns: { row_no: rowNo, ...columns } }],
    sink: { name: 'out', mode: 'append', key: [] },
  } as const satisfies PipelinePlan;
}
