/** Joins as SQL: a table's version as of the event time, and rows of another source within an
 * interval of event time. NULL keys match nothing. Spec: W54. */
import { EngineError } from '../../kernel/errors.ts';
import type { ColumnType } from '../plan/expression.ts';
import type { PipelinePlan, PlanStep } from '../plan/plan.ts';
import {
  addCte,
  type BatchChain,
  hiddenColumns,
  relationName,
  type Stage,
  scopeOf,
  select,
} from './batch-chain.ts';
import { type Columns, printColumn } from './print-expression.ts';
import { printSource } from './print-source.ts';

/** Adds columns of the version that was valid at the row's event time. */
export function printLookupJoin(
  chain: BatchChain,
  stage: Stage,
  options: {
    readonly step: Extract<PlanStep, { kind: 'lookup-join' }>;
    readonly plan: PipelinePlan;
    readonly label: string;
  },
): Stage {
  const { step, plan, label } = options;
  const { dialect } = chain;
  const spec = plan.tables?.[step.table];
  const given = Object.hasOwn(chain.tables, step.table) ? chain.tables[step.table] : undefined;
  if (spec === undefined || given === undefined) {
    const found = Object.keys(chain.tables);
    const message = `tables: no relation for table "${step.table}"; found ${found.join(', ')}`;
    throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'tables', found });
  }
  const table = `${label}_versions`;
  const key = dialect.name('$key');
  const from = dialect.name('$from');
  const ended = dialect.name('$ended');
  const taken = Object.entries(step.take).map(([name, column]) => {
    const type = spec.columns[column];
    if (type === undefined) throw unknownColumn(label, column, Object.keys(spec.columns));
    return { name, column, type };
  });
  const isEnded = given.ended === undefined ? dialect.boolean(false) : dialect.name(given.ended);
  const versions = addCte(
    chain,
    table,
    select(
      [
        `${comparable(chain, dialect.name(given.key ?? 'key'), spec.key)} AS ${key}`,
        `${dialect.cast(dialect.name(given.validFrom ?? 'valid_from'), 'timestamp')} AS ${from}`,
        `COALESCE(${dialect.cast(isEnded, 'boolean')}, ${dialect.boolean(false)}) AS ${ended}`,
        ...taken.map(({ name, column, type }) => {
          const value = dialect.cast(dialect.name(column), type);
          return `${value} AS ${dialect.name(name)}`;
        }),
      ],
      `FROM ${relationName(chain, given.relation)}`,
    ),
  );
  const on = printColumn(step.on, scopeOf(chain, stage, { place: label, prefix: 'l.' }));
  const onSql = comparable(chain, on.sql, on.type === 'null' ? spec.key : on.type);
  const columns = [
    ...[...stage.columns.keys()]
      .filter((name) => !Object.hasOwn(step.take, name))
      .map((name) => `l.${dialect.name(name)}`),
    ...taken.map(
      ({ name }) =>
        `${valueUnlessEnded(`r.${dialect.name(name)}`, `r.${ended}`)} AS ${dialect.name(name)}`,
    ),
    ...hiddenColumns(chain).map((column) => `l.${column}`),
  ];
  const time = `l.${dialect.name('$time')}`;
  const join =
    dialect.target === 'duckdb'
      ? `ASOF LEFT JOIN ${versions} r ON r.${key} = ${onSql} AND r.${from} <= ${time}`
      : [
          `LEFT JOIN ${versions} r ON r.${key} = ${onSql} AND r.${from} = (`,
          `  SELECT max(v.${from}) FROM ${versions} v`,
          `  WHERE v.${key} = ${onSql} AND v.${from} <= ${time})`,
        ].join('\n');
  const present =
    step.missing === 'drop' ? `\nWHERE NOT COALESCE(r.${ended}, ${dialect.boolean(true)})` : '';
  const query = select(columns, `FROM ${stage.relation} l\n${join}${present}`);
  const types = taken.map(({ name, type }) => [name, type] as const);
  return { relation: addCte(chain, label, query), columns: withColumns(stage.columns, types) };
}

/** Pairs with the right source's rows. The pair's time is the later one. */
export function printIntervalJoin(
  chain: BatchChain,
  stage: Stage,
  options: {
    readonly step: Extract<PlanStep, { kind: 'interval-join' }>;
    readonly label: string;
  },
): Stage {
  const { step, label } = options;
  const { dialect } = chain;
  const right = printSource(chain, step.right, `${label}_right`);
  const leftScope = scopeOf(chain, stage, { place: `${label}.leftKey`, prefix: 'l.' });
  const rightScope = scopeOf(chain, right, { place: `${label}.rightKey`, prefix: 'r.' });
  const leftKey = printColumn(step.leftKey, leftScope);
  const rightKey = printColumn(step.rightKey, rightScope);
  const keys = [leftKey, rightKey].map(({ sql, type }) =>
    comparable(chain, sql, type === 'null' ? 'string' : type),
  );
  const taken = Object.entries(step.take).map(([name, column]) => {
    const type = right.columns.get(column);
    if (type === undefined) throw unknownColumn(label, column, [...right.columns.keys()]);
    return { name, column, type };
  });
  const time = dialect.name('$time');
  const columns = [
    ...[...stage.columns.keys()]
      .filter((name) => !Object.hasOwn(step.take, name))
      .map((name) => `l.${dialect.name(name)}`),
    ...taken.map(({ name, column }) => `r.${dialect.name(column)} AS ${dialect.name(name)}`),
    ...hiddenColumns(chain).map(
      (hidden) => `${dialect.greatest(`l.${hidden}`, `r.${hidden}`)} AS ${hidden}`,
    ),
  ];
  const [from, to] = [step.lowerUs, step.upperUs].map((us) => `l.${time} + (${us})`);
  const within = `r.${time} BETWEEN ${from} AND ${to}`;
  const query = select(
    columns,
    `FROM ${stage.relation} l JOIN ${right.relation} r\n  ON ${keys.join(' = ')} AND ${within}`,
  );
  const types = taken.map(({ name, type }) => [name, type] as const);
  return { relation: addCte(chain, label, query), columns: withColumns(stage.columns, types) };
}

/** Keys are compared as texts, booleans or doubles. */
function comparable({ dialect }: BatchChain, sql: string, type: ColumnType): string {
  return type === 'string' || type === 'boolean' ? sql : dialect.cast(sql, 'double');
}

function valueUnlessEnded(value: string, ended: string): string {
  return `CASE WHEN NOT ${ended} THEN ${value} END`;
}

function withColumns(columns: Columns, added: readonly (readonly [string, ColumnType])[]): Columns {
  const next = new Map(columns);
  for (const [name] of added) next.delete(name);
  for (const [name, type] of added) next.set(name, type);
  return next;
}

function unknownColumn(place: string, column: string, known: readonly string[]): EngineError {
  const problem = { path: `${place}.take`, found: column, rule: `one of ${known.join(', ')}` };
  return new EngineError('PLAN_INVALID', `${place}.take: no column "${column}"`, {
    problems: [problem],
  });
}
