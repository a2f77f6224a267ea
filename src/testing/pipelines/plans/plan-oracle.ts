/** A plan's own batch SQL over the events that were not late, run by SQLite: the oracle of what the
 * stream says. Spec: T90. */
import Database from 'better-sqlite3';
import type { PlanRow } from '../../../streams/execute/compile-expression.ts';
import type { TableChange } from '../../../streams/joins/versioned-table.ts';
import type { Scalar } from '../../../streams/plan/expression.ts';
import type { PipelinePlan, TableSpec } from '../../../streams/plan/plan.ts';
import { type BatchSql, toBatchSql } from '../../../streams/sql/to-batch-sql.ts';
import { bagDifference } from '../differences.ts';
import type { PipelineCase } from '../pipeline-case.ts';
import { notLate } from '../properties/comparisons.ts';
import { onTime } from '../stream-trial.ts';
import type { PlanSubject } from '../subject.ts';
import type { PlanRecord } from './start-plan.ts';

/** The database of one check. */
export interface PlanOracle {
  /** What the batch says about records, by source, in the order of arrival. */
  batch(records: ReadonlyMap<string, readonly PlanRecord[]>): readonly PlanRow[];
  close(): void;
}

/** Opens the oracle. @throws EngineError `PLAN_UNSUPPORTED` for a plan that batches cannot run. */
export function openPlanOracle({ plan, functions = [], tables = {} }: PlanSubject): PlanOracle {
  const sources = sourcesOf(plan);
  const relation = (name: string) => `source ${name}`;
  const query = toBatchSql(plan, {
    dialect: 'sqlite',
    functions,
    from: Object.fromEntries(
      sources.map((name) => [
        name,
        { relation: relation(name), record: 'record', order: 'arrival' },
      ]),
    ),
    tables: Object.fromEntries(
      Object.keys(plan.tables ?? {}).map((name) => [
        name,
        { relation: `table ${name}`, ended: 'ended' },
      ]),
    ),
  });
  const database = new Database(':memory:');
  for (const name of sources) {
    database.exec(`CREATE TABLE ${quoted(relation(name))} (arrival INTEGER, record TEXT)`);
  }
  for (const [name, spec] of Object.entries(plan.tables ?? {})) {
    fillTable(database, { name, spec, changes: tables[name] ?? [] });
  }
  const select = database.prepare(query.sql).raw();
  return {
    batch(records) {
      for (const name of sources) {
        database.exec(`DELETE FROM ${quoted(relation(name))}`);
        const insert = database.prepare(`INSERT INTO ${quoted(relation(name))} VALUES (?, ?)`);
        for (const [n, record] of (records.get(name) ?? []).entries()) {
          insert.run(n, JSON.stringify(record));
        }
      }
      return (select.all() as unknown[][]).map((values) => resultRow(query, values));
    },
    close: () => database.close(),
  };
}

/** How a plan differs from its own batch SQL. Where a late row may be in one of its windows and too
 * late for another, or for a deduplication, nothing is late. */
export function batchDifference(
  { plan }: PlanSubject,
  oracle: PlanOracle,
  given: PipelineCase<PlanRecord, PlanRow>,
): string | undefined {
  const seen = canBeLate(plan) ? given : { ...given, trial: onTime(given.trial) };
  const { found, events } = notLate(seen);
  const records = new Map<string, PlanRecord[]>();
  for (const { event } of events) {
    const source = seen.trial.events[event]?.source ?? plan.source.name;
    const ofSource = records.get(source) ?? [];
    ofSource.push(seen.stamp(event));
    records.set(source, ofSource);
  }
  const batch = oracle.batch(records);
  return bagDifference(found.map(withoutMinusZero), batch.map(withoutMinusZero), {
    left: 'in the stream',
    right: 'in the batch',
  });
}

function canBeLate({ steps }: PipelinePlan): boolean {
  return steps.every(
    (step) =>
      step.kind === 'filter' ||
      step.kind === 'map' ||
      (step.kind === 'window' && step.window.assign.kind === 'tumbling'),
  );
}

/** Names of a plan's sources, the first one first. */
export function sourcesOf({ source, steps }: PipelinePlan): readonly string[] {
  const joined = steps.flatMap((step) => (step.kind === 'interval-join' ? [step.right.name] : []));
  return [source.name, ...joined];
}

interface FilledTable {
  readonly name: string;
  readonly spec: TableSpec;
  readonly changes: readonly TableChange[];
}

function fillTable(database: Database.Database, { name, spec, changes }: FilledTable): void {
  const columns = Object.keys(spec.columns);
  const names = ['key', 'valid_from', 'ended', ...columns].map(quoted);
  const table = quoted(`table ${name}`);
  database.exec(`CREATE TABLE ${table} (${names.join(', ')})`);
  const insert = database.prepare(
    `INSERT INTO ${table} VALUES (${names.map(() => '?').join(', ')})`,
  );
  for (const { key, validFromUs, values } of changes) {
    const cells = columns.map((column) => asCell(values?.[column] ?? null));
    insert.run(asCell(key), validFromUs, values === null ? 1 : 0, ...cells);
  }
}

function asCell(value: Scalar): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function resultRow({ columns }: BatchSql, values: readonly unknown[]): PlanRow {
  const entries = [...columns].map(([name, type], i) => {
    const value = values[i] as Scalar;
    return [name, type === 'boolean' && value !== null ? Boolean(value) : value];
  });
  return Object.fromEntries(entries) as PlanRow;
}

function withoutMinusZero(row: PlanRow): PlanRow {
  const entries = Object.entries(row).map(([name, value]) => {
    return [name, typeof value === 'number' ? value + 0 : value];
  });
  return Object.fromEntries(entries) as PlanRow;
}
