/** A plan as one batch query: the final result over all rows given, which is the oracle of what the
 * stream says about the rows that were not late. It fails closed. Spec: W50–W58. */
import { requireTarget } from '../plan/capabilities.ts';
import type { PlanFunction } from '../plan/functions.ts';
import { parsePlan } from '../plan/parse-plan.ts';
import type { PipelinePlan, PlanStep } from '../plan/plan.ts';
import {
  addCte,
  type BatchChain,
  type BatchSource,
  type BatchTable,
  hiddenColumns,
  type Stage,
  scopeOf,
  select,
} from './batch-chain.ts';
import { DUCKDB_DIALECT } from './duckdb-dialect.ts';
import { printDedupe } from './print-dedupe.ts';
import { type Columns, printColumn, printCondition, type TypedSql } from './print-expression.ts';
import { printIntervalJoin, printLookupJoin } from './print-joins.ts';
import { printSource } from './print-source.ts';
import { orderBy, printWindow } from './print-window.ts';
import { SQLITE_DIALECT } from './sqlite-dialect.ts';

/** Where a batch query reads. */
export interface BatchSqlOptions {
  readonly dialect: 'duckdb' | 'sqlite';
  /** Source → its relation. */
  readonly from: Readonly<Record<string, string | BatchSource>>;
  /** Table → its relation. */
  readonly tables?: Readonly<Record<string, string | BatchTable>>;
  /** Functions that the plan names, with a text for the dialect. */
  readonly functions?: readonly PlanFunction[];
}

/** A plan in SQL. */
export interface BatchSql {
  /** One statement without parameters. Rows are in a total order of all their columns. */
  readonly sql: string;
  /** Columns of the result in order. Booleans are 1 and 0 in SQLite. */
  readonly columns: Columns;
  /** One statement for each side output that a step diverts to. */
  readonly sideOutputs: Readonly<Record<string, string>>;
  /** What is not exactly the stream's meaning, with the reason. */
  readonly warnings: readonly string[];
}

/** Prints a plan as a batch query.
 * @throws EngineError `PLAN_UNSUPPORTED` for what a batch cannot do, with every reason;
 * `PLAN_INVALID` for names and types that do not fit; `STREAMS_BAD_ARGUMENT` for relations that
 * were not named. */
export function toBatchSql(document: PipelinePlan, options: BatchSqlOptions): BatchSql {
  const plan = parsePlan(document);
  const warnings = requireTarget(plan, options.dialect);
  const chain = createChain(plan, options, warnings);
  let stage = printSource(chain, plan.source, '0_source');
  const sideOutputs: Record<string, string> = {};
  plan.steps.forEach((step, i) => {
    const label = `${i + 1}_${step.kind}`;
    if (step.kind === 'divert') {
      const where = printCondition(step.where, scopeOf(chain, stage, { place: label }));
      sideOutputs[step.output] = query(chain, stage, `WHERE ${where}`);
    }
    stage = printStep(chain, stage, { step, plan, label });
  });
  stage = lastOfKey(chain, stage, plan);
  return { sql: query(chain, stage), columns: stage.columns, sideOutputs, warnings };
}

function createChain(
  plan: PipelinePlan,
  { dialect, from, tables = {}, functions = [] }: BatchSqlOptions,
  warnings: string[],
): BatchChain {
  return {
    dialect: dialect === 'duckdb' ? DUCKDB_DIALECT : SQLITE_DIALECT,
    functions,
    needsOrder: needsOrder(plan),
    sources: asRelations(from),
    tables: asRelations(tables),
    ctes: [],
    warnings,
  };
}

function asRelations<R extends { readonly relation: string }>(
  given: Readonly<Record<string, string | R>>,
): Readonly<Record<string, R | { readonly relation: string }>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, one]) => [
      name,
      typeof one === 'string' ? { relation: one } : one,
    ]),
  );
}

function needsOrder({ steps, sink }: PipelinePlan): boolean {
  const isOfRows = steps.every(({ kind }) => kind !== 'window');
  return steps.some(({ kind }) => kind === 'dedupe') || (sink.mode === 'upsert' && isOfRows);
}

interface StepPart {
  readonly step: PlanStep;
  readonly plan: PipelinePlan;
  readonly label: string;
}

function printStep(chain: BatchChain, stage: Stage, { step, plan, label }: StepPart): Stage {
  const { dialect } = chain;
  const scope = scopeOf(chain, stage, { place: label });
  switch (step.kind) {
    case 'filter':
    case 'divert': {
      const condition = printCondition(step.where, scope);
      const where = step.kind === 'filter' ? condition : `${condition} IS NOT TRUE`;
      const rows = `SELECT * FROM ${stage.relation}\nWHERE ${where}`;
      return { relation: addCte(chain, label, rows), columns: stage.columns };
    }
    case 'map': {
      const columns = Object.entries(step.columns).map(
        ([name, expression]) => [name, printColumn(expression, scope)] as const,
      );
      const list = columns.map(([name, { sql }]) => `${sql} AS ${dialect.name(name)}`);
      const rows = select([...list, ...hiddenColumns(chain)], `FROM ${stage.relation}`);
      return { relation: addCte(chain, label, rows), columns: typesOf(columns) };
    }
    case 'dedupe':
      return printDedupe(chain, stage, { step, label });
    case 'lookup-join':
      return printLookupJoin(chain, stage, { step, plan, label });
    case 'interval-join':
      return printIntervalJoin(chain, stage, { step, label });
    case 'window':
      return printWindow(chain, stage, { step, label });
    default:
      return step satisfies never;
  }
}

function typesOf(columns: readonly (readonly [string, TypedSql])[]): Columns {
  return new Map(columns.map(([name, { type }]) => [name, type === 'null' ? 'string' : type]));
}

/** An upsert keeps the last row of each key: by arrival; of windows, the latest. */
function lastOfKey(chain: BatchChain, stage: Stage, { steps, sink }: PipelinePlan): Stage {
  if (sink.mode === 'append' || isKeyOfPanes(steps.at(-1), sink.key)) return stage;
  const { dialect } = chain;
  const columns = [...stage.columns.keys()].map(dialect.name);
  const order = [...hiddenColumns(chain).reverse(), ...columns].map((one) => orderBy(one, 'desc'));
  const nth = dialect.name('$nth');
  const keys =
    sink.key.length === 0 ? '' : `PARTITION BY ${sink.key.map(dialect.name).join(', ')} `;
  const over = `${keys}ORDER BY ${order.join(', ')}`;
  const ranked = addCte(
    chain,
    'sink_ranked',
    `SELECT *, row_number() OVER (${over}) AS ${nth}\nFROM ${stage.relation}`,
  );
  if (steps.some(({ kind }) => kind === 'window')) {
    chain.warnings.push('sink: its key does not tell windows apart: the latest window is kept');
  }
  const last = addCte(chain, 'sink', `SELECT * FROM ${ranked} WHERE ${nth} = 1`);
  return { relation: last, columns: stage.columns };
}

function isKeyOfPanes(step: PlanStep | undefined, key: readonly string[]): boolean {
  if (step?.kind !== 'window') return false;
  const has = (name: string) => key.includes(name);
  const isRanked = step.top !== undefined && has('rank');
  const kind = step.window.assign.kind;
  const isOfWindow =
    kind === 'global' || has('window_end') || (kind !== 'cumulate' && has('window_start'));
  return isOfWindow && (isRanked || Object.keys(step.keys).every(has));
}

function query(chain: BatchChain, stage: Stage, where?: string): string {
  const columns = [...stage.columns.keys()].map(chain.dialect.name);
  const order = columns.map((_, i) => orderBy(String(i + 1), 'asc')).join(', ');
  const from = `FROM ${stage.relation}${where === undefined ? '' : `\n${where}`}`;
  return `WITH RECURSIVE ${chain.ctes.join(', ')}\n${select(columns, from)}\nORDER BY ${order}`;
}
