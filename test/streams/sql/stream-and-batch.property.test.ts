/** The law of the oracle: what the stream says last about the rows that were not late is what the
 * batch says about them. */
import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { runPlan } from '../../../src/streams/execute/run-plan.ts';
import type { PipelinePlan, PlanStep } from '../../../src/streams/plan/plan.ts';
import { toBatchSql } from '../../../src/streams/sql/to-batch-sql.ts';
import { partOf } from '../../long/part-of.ts';
import { rows as expressionRows } from './expression-arbitraries.ts';
import {
  disordered,
  PLAN_COLUMNS,
  type PlanCase,
  type PlanRow,
  planCases,
} from './plan-arbitraries.ts';
import { openDatabases } from './sql-databases.ts';

const databases = openDatabases();
const SQLITE_CASES = partOf(20_000, 600, 'plans in SQLite');
const DUCKDB_CASES = partOf(2_000, 60, 'plans in DuckDB');

const rows = disordered(expressionRows);

/** What a run did, so that no law holds by doing nothing. */
const done = { panes: 0, late: 0, pushed: 0, cases: 0 };

describe.each([
  ['tumbling', 0.3],
  ['hopping', 0.25],
  ['session', 0.3],
  ['cumulate', 0.1],
  ['global', 0.05],
])('W58: stream = batch over what was not late: %s windows', (kind, share) => {
  const cases = planCases(kind, rows);

  test('SQLite', () => {
    const before = { ...done };
    void fc.assert(
      fc.property(cases, (one) => {
        const { plan, final, survivors } = stream(one);
        const query = toBatchSql(plan, { dialect: 'sqlite', from: { s: 'events' } });
        const found = databases.sqlite(
          { events: { columns: PLAN_COLUMNS, rows: survivors } },
          query,
        );
        expectSame(found, final);
      }),
      { seed: 20_261_125, numRuns: SQLITE_CASES * share, endOnFailure: true },
    );
    expect(done.panes - before.panes).toBeGreaterThan(SQLITE_CASES * share);
    const hasLate = kind !== 'global' && kind !== 'session';
    expect(done.late - before.late > SQLITE_CASES * share * 0.1).toBe(hasLate);
  });

  test('DuckDB', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const { plan, final, survivors } = stream(one);
        const query = toBatchSql(plan, { dialect: 'duckdb', from: { s: 'events' } });
        const table = { events: { columns: PLAN_COLUMNS, rows: survivors } };
        expectSame(await databases.duckdb(table, query), final);
      }),
      { seed: 20_261_126, numRuns: Math.ceil(DUCKDB_CASES * share), endOnFailure: true },
    );
  });
});

/** Runs a plan over the rows that the law speaks about, and keeps the last row of each pane. */
function stream({ plan, rows: given }: PlanCase) {
  const run = runPlan(plan);
  const late = new Set<unknown>();
  const final = new Map<string, PlanRow>();
  run.output('late').subscribe(({ row }) => late.add(row['row_no']));
  run.results$.subscribe(({ row }) => {
    const { pane_timing: _, pane_index: __, is_retraction: isRetraction, ...rest } = row;
    const identity = identityOf(plan, rest);
    if (isRetraction === true) final.delete(identity);
    else final.set(identity, rest);
  });
  const pushed = given.filter((row) => {
    if (!isSpokenOf(plan, row['time'] as number, run.watermarkUs)) return false;
    run.push(row);
    return true;
  });
  run.finish();
  expect(run.stateSize).toBe(0);
  done.panes += final.size;
  done.late += late.size;
  done.pushed += pushed.length;
  done.cases += 1;
  const survivors = pushed.filter((row) => !late.has(row['row_no']));
  return { plan, final: [...final.values()], survivors };
}

/** Rows by whose arrival the result may depend on more than the rows: late by their own time where
 * a window could be closed and another one not; for deduplication, whatever is late; for sessions
 * that merge where they touch, the instant after the watermark too. */
function isSpokenOf(plan: PipelinePlan, timeUs: number, watermarkUs: number): boolean {
  const step = windowOf(plan);
  const { assign, allowedLatenessUs = 0 } = step.window;
  if (plan.steps.some(({ kind }) => kind === 'dedupe') && timeUs <= watermarkUs) return false;
  const isOnTime = timeUs + allowedLatenessUs > watermarkUs;
  if (assign.kind === 'tumbling' || assign.kind === 'global') return true;
  if (assign.kind !== 'session')
    return isOnTime || lastEndUs(assign, timeUs) - 1 + allowedLatenessUs <= watermarkUs;
  return assign.touch === 'split' ? isOnTime : timeUs + allowedLatenessUs > watermarkUs + 1;
}

/** No window of the row ends later. */
function lastEndUs(assign: { sizeUs: number } | { maxSizeUs: number }, timeUs: number): number {
  return timeUs + ('sizeUs' in assign ? assign.sizeUs : assign.maxSizeUs);
}

function windowOf(plan: PipelinePlan): Extract<PlanStep, { kind: 'window' }> {
  const step = plan.steps.at(-1);
  if (step?.kind !== 'window') throw new Error('no window');
  return step;
}

function identityOf(plan: PipelinePlan, row: PlanRow): string {
  const names = [...Object.keys(windowOf(plan).keys), 'window_start', 'window_end'];
  return JSON.stringify(names.map((name) => row[name]));
}

function expectSame(found: readonly PlanRow[], expected: readonly PlanRow[]): void {
  const texts = (all: readonly PlanRow[]) =>
    all
      .map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
      .sort();
  expect(texts(found)).toEqual(texts(expected));
}
