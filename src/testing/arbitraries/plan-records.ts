/** Records for a plan's sources: of the right types, in its paths, from small domains, so that
 * filters pass, keys meet and joins find each other. Texts and numbers that the plan compares with
 * are among them. Spec: T82. */
import fc from 'fast-check';
import type { ColumnType, Expression, Scalar } from '../../streams/plan/expression.ts';
import type { PipelinePlan, SourceSpec } from '../../streams/plan/plan.ts';
import { expressionsOf } from '../../streams/plan/step-expressions.ts';
import type { StampRow } from '../pipelines/delivery.ts';

/** A record of a source: nested where columns have paths. */
export type SourceRecord = Readonly<Record<string, unknown>>;

/** Records of one source of a plan, without their time. Columns whose name ends in `id` and by
 * which the plan dedupes are left out, too: {@link recordStamp} numbers them. */
export function planRecords(plan: PipelinePlan, source: SourceSpec): fc.Arbitrary<SourceRecord> {
  const found = literalsOf(plan);
  const ids = idColumns(plan);
  const columns = Object.entries(source.columns).filter(
    ([name]) => name !== source.time && !ids.has(name),
  );
  const values = columns.map(([, { type }]) => fc.option(cellOf(type, found), { freq: 8 }));
  return fc.tuple(...values).map((cells) => {
    const record: Record<string, unknown> = {};
    for (const [n, [name, { path }]] of columns.entries()) {
      place(record, path ?? name, cells[n] ?? null);
    }
    return record;
  });
}

/** Puts time and number into a record of a source. */
export function recordStamp(
  plan: PipelinePlan,
  sources: readonly SourceSpec[],
): StampRow<SourceRecord> {
  const ids = idColumns(plan);
  return (record, { timeUs, event, source: name }) => {
    const source = sources.find((one) => one.name === name) ?? sources[0];
    if (source === undefined) return record;
    const stamped = structuredClone(record) as Record<string, unknown>;
    for (const [column, { path }] of Object.entries(source.columns)) {
      if (column === source.time) place(stamped, path ?? column, timeUs);
      else if (ids.has(column)) place(stamped, path ?? column, `e${event}`);
    }
    return stamped;
  };
}

/** Text columns named like an id by which the plan dedupes. */
function idColumns(plan: PipelinePlan): ReadonlySet<string> {
  const names = plan.steps.flatMap((step) => (step.kind === 'dedupe' ? step.by : []));
  return new Set(
    names.flatMap((by) => {
      const isId = by.kind === 'column' && /(^|_)id$/.test(by.name);
      return isId && plan.source.columns[by.name]?.type === 'string' ? [by.name] : [];
    }),
  );
}

function cellOf(type: ColumnType, literals: readonly Scalar[]): fc.Arbitrary<Scalar> {
  switch (type) {
    case 'string': {
      const texts = literals.filter((value) => typeof value === 'string');
      return fc.constantFrom(...new Set(['a', 'b', ...texts, 'c']));
    }
    case 'integer':
      return fc.oneof(fc.integer({ min: 0, max: 9 }), ...near(literals));
    case 'double':
      // Eighths: doubles add them exactly, in any order.
      return fc.integer({ min: -16, max: 80 }).map((n) => n / 8);
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return fc.nat(60).map((n) => n * 1_000_000);
  }
}

/** Numbers that the plan compares with, and their neighbours. */
function near(literals: readonly Scalar[]): fc.Arbitrary<number>[] {
  const numbers = literals.filter((value) => Number.isSafeInteger(value)) as number[];
  if (numbers.length === 0) return [];
  return [fc.constantFrom(...new Set(numbers.flatMap((n) => [n, n - 1, n + 1])))];
}

function literalsOf(plan: PipelinePlan): readonly Scalar[] {
  const found: Scalar[] = [];
  const walk = (expression: Expression): void => {
    if (expression.kind === 'literal') found.push(expression.value);
    if (expression.kind === 'operator' || expression.kind === 'function') {
      expression.args.forEach(walk);
    }
  };
  for (const step of plan.steps) expressionsOf(step).forEach(walk);
  return found;
}

function place(record: Record<string, unknown>, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop() ?? path;
  let at = record;
  for (const part of parts) {
    at[part] ??= {};
    at = at[part] as Record<string, unknown>;
  }
  at[last] = value;
}
