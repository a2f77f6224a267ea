/** Follows the columns through the steps of a plan: what each step reads must be there, and what
 * it gives is the next one's input. */
import { nearestName } from '../../../kernel/errors.ts';
import type { AggregateSpec } from '../../aggregates/aggregate-spec.ts';
import type { ColumnType, Expression } from '../expression.ts';
import type { PlanStep, SourceSpec, TableSpec } from '../plan.ts';
import {
  type Columns,
  type InferredType,
  NUMERIC,
  type Report,
  requireType,
  type Scope,
  typeOf,
  typeOfColumn,
} from './expressions.ts';
import { addedColumns } from './pane-columns.ts';
import { checkWindow } from './windows.ts';

/** What surrounds a step. */
export interface StepContext {
  readonly tables: Readonly<Record<string, TableSpec>>;
  readonly path: string;
  readonly report: Report;
}

/** The columns of a source. */
export function columnsOfSource(source: SourceSpec): Columns {
  return mapValues(source.columns, ({ type }) => type);
}

/** Checks a source: its time and, where it has one, its watermark's column. */
export function checkSource(source: SourceSpec, path: string, report: Report): void {
  const columns = columnsOfSource(source);
  const wanted: readonly ColumnType[] = ['timestamp', 'integer'];
  const time = { columns, path: `${path}.time`, report };
  requireType(typeOfColumn(source.time, time), wanted, time);
  if (source.watermark.kind !== 'punctuated') return;
  const punctuation = { columns, path: `${path}.watermark.column`, report };
  requireType(typeOfColumn(source.watermark.column, punctuation), wanted, punctuation);
}

/** Checks a step over rows of these columns. @returns the columns of the rows that follow. */
export function checkStep(step: PlanStep, columns: Columns, context: StepContext): Columns {
  const { path, report } = context;
  const scope = (field: string): Scope => ({ columns, path: `${path}.${field}`, report });
  switch (step.kind) {
    case 'filter':
    case 'divert':
      requireType(typeOf(step.where, scope('where')), ['boolean'], scope('where'));
      return columns;
    case 'map':
      return typesOf(step.columns, 'columns', scope);
    case 'dedupe':
      step.by.forEach((by, n) => {
        typeOf(by, scope(`by[${n}]`));
      });
      return columns;
    case 'lookup-join':
      return checkLookup(step, columns, context);
    case 'interval-join':
      return checkJoin(step, columns, context);
    case 'window':
      return checkWindowStep(step, columns, context);
    default:
      report(`${path}.kind`, (step as PlanStep).kind, 'no such kind of step');
      return columns;
  }
}

type StepOf<K extends PlanStep['kind']> = Extract<PlanStep, { kind: K }>;

function checkLookup(step: StepOf<'lookup-join'>, columns: Columns, context: StepContext) {
  const { tables, path, report } = context;
  const table = Object.hasOwn(tables, step.table) ? tables[step.table] : undefined;
  if (table === undefined) {
    const names = Object.keys(tables);
    const nearest = nearestName(step.table, names);
    const remedy = nearest === undefined ? 'add it to `tables`' : `did you mean ${nearest}?`;
    report(`${path}.table`, step.table, `no such table; ${remedy}`);
    return columns;
  }
  const on = { columns, path: `${path}.on`, report };
  compare([typeOf(step.on, on), table.key], on);
  return taken(step.take, { columns, from: table.columns, path, report });
}

function checkJoin(step: StepOf<'interval-join'>, columns: Columns, context: StepContext) {
  const { path, report } = context;
  const { right } = step;
  checkSource(right, `${path}.right`, report);
  if (step.lowerUs > step.upperUs) {
    report(`${path}.lowerUs`, step.lowerUs, `must be at most upperUs, ${step.upperUs}`);
  }
  const rightColumns = columnsOfSource(right);
  const left = typeOf(step.leftKey, { columns, path: `${path}.leftKey`, report });
  const rightScope = { columns: rightColumns, path: `${path}.rightKey`, report };
  compare([left, typeOf(step.rightKey, rightScope)], rightScope);
  return taken(step.take, { columns, from: rightColumns, path, report });
}

/** Keys match by value: numbers with numbers, otherwise one type. */
function compare(types: readonly [InferredType, InferredType], scope: Scope): void {
  const [one, other] = types;
  if (one === undefined || other === undefined || one === 'null' || other === 'null') return;
  if (one === other || (NUMERIC.includes(one) && NUMERIC.includes(other))) return;
  scope.report(scope.path, `${one} and ${other}`, 'both keys must be of one type');
}

function taken(
  take: Readonly<Record<string, string>>,
  {
    columns,
    from,
    path,
    report,
  }: { columns: Columns; from: Columns; path: string; report: Report },
): Columns {
  const added = Object.entries(take).map(([name, column]) => {
    const scope = { columns: from, path: `${path}.take.${name}`, report };
    if (Object.hasOwn(columns, name)) {
      report(scope.path, name, 'the row has such a column; choose another name');
    }
    return [name, typeOfColumn(column, scope) ?? 'string'] as const;
  });
  return { ...columns, ...Object.fromEntries(added) };
}

function checkWindowStep(step: StepOf<'window'>, columns: Columns, context: StepContext): Columns {
  const { path, report } = context;
  const scope = (field: string): Scope => ({ columns, path: `${path}.${field}`, report });
  checkWindow(step, { columns, path, report });
  const keys = typesOf(step.keys, 'keys', scope);
  const aggregates = mapValues(step.aggregates, (spec, name) => {
    return typeOfAggregate(spec, scope(`aggregates.${name}`));
  });
  const added = addedColumns(step.window, step.top !== undefined);
  for (const name of Object.keys(aggregates)) {
    if (!Object.hasOwn(keys, name)) continue;
    report(`${path}.aggregates.${name}`, name, 'a key has this name; choose another');
  }
  for (const name of [...Object.keys(keys), ...Object.keys(aggregates)]) {
    if (!Object.hasOwn(added, name)) continue;
    report(path, name, 'windows add a column of this name; choose another');
  }
  const result = { ...keys, ...aggregates, ...added };
  step.top?.by.forEach(({ column }, n) => {
    const ordered = { columns: { ...keys, ...aggregates }, path: `${path}.top.by[${n}]`, report };
    typeOfColumn(column, ordered, 'column');
  });
  return result;
}

function typeOfAggregate(spec: AggregateSpec, scope: Scope): ColumnType {
  const of = { ...scope, path: `${scope.path}.of` };
  const where = { ...scope, path: `${scope.path}.where` };
  if (spec.where !== undefined) requireType(typeOf(spec.where, where), ['boolean'], where);
  const type = spec.of === undefined ? undefined : typeOf(spec.of, of);
  switch (spec.kind) {
    case 'count':
    case 'count_distinct':
    case 'approx_count_distinct':
      return 'integer';
    case 'sum':
      requireType(type, ['integer', 'double'], of);
      return type === 'integer' ? 'integer' : 'double';
    case 'avg':
    case 'quantile':
      requireType(type, ['integer', 'double'], of);
      return 'double';
    case 'min':
    case 'max':
      if (type === 'boolean') of.report(of.path, type, 'booleans have no order; count them');
      return type === undefined || type === 'null' ? 'string' : type;
  }
}

/** Types of named expressions; where one has a problem or is NULL, it counts as a text. */
function typesOf(
  expressions: Readonly<Record<string, Expression>>,
  field: string,
  scope: (field: string) => Scope,
): Columns {
  return mapValues(expressions, (expression, name) => {
    const found = typeOf(expression, scope(`${field}.${name}`));
    return found === undefined || found === 'null' ? 'string' : found;
  });
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, name: string) => B,
): Readonly<Record<string, B>> {
  const changed = Object.entries(record).map(([name, value]) => [name, change(value, name)]);
  return Object.fromEntries(changed);
}
