/** From the steps of a plan to stages: one for each step, and one before a window whose expressions
 * call functions, so that a row that fails leaves no trace in any window. */
import { combinedAggregator, type RowAggregate } from '../aggregates/aggregator-of.ts';
import { createIntervalJoin, type IntervalJoin } from '../joins/interval-join.ts';
import { createLookupJoin } from '../joins/lookup-join.ts';
import type { TableRow, VersionedTable } from '../joins/versioned-table.ts';
import { createDedupe } from '../operators/dedupe-within.ts';
import { createDivert, createFilter, createMap } from '../operators/rows.ts';
import type { SideRow, Stage } from '../operators/stage.ts';
import { createWindowAggregate } from '../operators/window-aggregate.ts';
import { hasRepeatedPanes } from '../plan/check/pane-columns.ts';
import { compareValues } from '../plan/compare.ts';
import type { Expression, Scalar } from '../plan/expression.ts';
import type { PlanStep, SourceSpec } from '../plan/plan.ts';
import { expressionsOf } from '../plan/step-expressions.ts';
import type { Pane } from '../windows/window-operator.ts';
import type { PaneInfo } from '../windows/window-spec.ts';
import {
  compileCondition,
  compileExpression,
  compileRow,
  type Functions,
  type PlanRow,
} from './compile-expression.ts';
import { createKeyCodec, encode } from './key-codec.ts';

/** What steps need besides the plan. */
export interface StepSurroundings {
  readonly functions: Functions;
  readonly tableOf: (name: string) => VersionedTable;
  /** A row leaves for a side output: late, diverted, or (`rejected`) not computable. */
  readonly onSide: (output: string | null, step: string, row: SideRow<PlanRow>) => void;
}

/** A stage of a plan, and the second source that it reads. */
export interface PlanStage {
  readonly name: string;
  readonly stage: Stage<PlanRow, PlanRow>;
  readonly join?: {
    readonly source: SourceSpec;
    readonly stage: IntervalJoin<PlanRow, PlanRow, PlanRow>;
  };
}

/** Rows that could not be computed go here; no output of a plan can have this name. */
export const REJECTED = null;

/** The stages of a plan's steps, in order. @throws EngineError `PLAN_INVALID` for functions that
 * are not given. */
export function compileSteps(
  steps: readonly PlanStep[],
  surroundings: StepSurroundings,
): readonly PlanStage[] {
  return steps.flatMap((step, n) => compileStep(step, `steps[${n}] ${step.kind}`, surroundings));
}

type StepOf<K extends PlanStep['kind']> = Extract<PlanStep, { kind: K }>;

function compileStep(
  step: PlanStep,
  name: string,
  surroundings: StepSurroundings,
): readonly PlanStage[] {
  const { functions, onSide } = surroundings;
  const options = {
    step: name,
    onReject: (row: SideRow<PlanRow>) => onSide(REJECTED, name, row),
  };
  switch (step.kind) {
    case 'filter':
      return [{ name, stage: createFilter(compileCondition(step.where, functions), options) }];
    case 'map':
      return [{ name, stage: createMap(compileRow(step.columns, functions), options) }];
    case 'divert': {
      const onDiverted = (row: SideRow<PlanRow>) => onSide(step.output, name, row);
      const isDiverted = compileCondition(step.where, functions);
      return [{ name, stage: createDivert(isDiverted, { ...options, onDiverted }) }];
    }
    case 'dedupe': {
      const keys = Object.fromEntries(step.by.map((by, n) => [`k${n}`, by]));
      const { keyOf } = createKeyCodec(keys, functions);
      return [{ name, stage: createDedupe({ ...options, keyOf, ttlUs: step.ttlUs }) }];
    }
    case 'lookup-join':
      return [{ name, stage: compileLookup(step, options, surroundings) }];
    case 'interval-join':
      return [compileJoin(step, name, surroundings)];
    case 'window':
      return compileWindow(step, name, surroundings);
  }
}

interface Options {
  readonly step: string;
  readonly onReject: (row: SideRow<PlanRow>) => void;
}

function compileLookup(
  step: StepOf<'lookup-join'>,
  options: Options,
  { functions, tableOf }: StepSurroundings,
): Stage<PlanRow, PlanRow> {
  const take = Object.entries(step.take);
  return createLookupJoin({
    ...options,
    table: tableOf(step.table),
    keyOf: compileExpression(step.on, functions),
    missing: step.missing,
    join(row: PlanRow, values: TableRow | null) {
      const joined: Record<string, Scalar> = { ...row };
      for (const [name, column] of take) joined[name] = values?.[column] ?? null;
      return joined;
    },
  });
}

function compileJoin(
  step: StepOf<'interval-join'>,
  name: string,
  { functions, onSide }: StepSurroundings,
): PlanStage {
  const take = Object.entries(step.take);
  const stage = createIntervalJoin<PlanRow, PlanRow, PlanRow>({
    step: name,
    leftKeyOf: joinKey(step.leftKey, functions),
    rightKeyOf: joinKey(step.rightKey, functions),
    lowerUs: step.lowerUs,
    upperUs: step.upperUs,
    join(left, right) {
      const joined: Record<string, Scalar> = { ...left };
      for (const [added, column] of take) joined[added] = right[column] ?? null;
      return joined;
    },
    onReject: (row) => onSide(REJECTED, name, row),
  });
  return { name, stage, join: { source: step.right, stage } };
}

function joinKey(key: Expression, functions: Functions): (row: PlanRow) => string | null {
  const read = compileExpression(key, functions);
  return (row) => {
    const value = read(row);
    return value === null ? null : encode(value);
  };
}

function compileWindow(
  step: StepOf<'window'>,
  name: string,
  surroundings: StepSurroundings,
): readonly PlanStage[] {
  const { functions, onSide } = surroundings;
  const { window, lateOutput, top } = step;
  const { assign } = window;
  const codec = createKeyCodec(step.keys, functions);
  const gap = assign.kind === 'session' && typeof assign.gapUs !== 'number' ? assign.gapUs : null;
  const stage = createWindowAggregate({
    step: name,
    window,
    keyOf: codec.keyOf,
    ...(gap === null ? {} : { gapUsOf: gapReader(gap, functions) }),
    aggregator: combinedAggregator(rowAggregates(step, functions)),
    toRow: paneRow(codec.valuesOf, hasRepeatedPanes(window)),
    onReject: (row) => onSide(REJECTED, name, row),
    ...(lateOutput === undefined
      ? {}
      : { onLate: (row: SideRow<PlanRow>) => onSide(lateOutput, name, row) }),
    ...(top === undefined ? {} : { top: topOptions(step, top) }),
  });
  const failing = expressionsOf(step).filter(callsFunction);
  if (failing.length === 0) return [{ name, stage }];
  const checks = failing.map((expression) => compileExpression(expression, functions));
  const checkName = `${name} values`;
  const check = createFilter<PlanRow>(
    (row) => {
      for (const one of checks) one(row);
      return true;
    },
    { step: checkName, onReject: (row) => onSide(REJECTED, checkName, row) },
  );
  return [
    { name: checkName, stage: check },
    { name, stage },
  ];
}

function callsFunction(expression: Expression): boolean {
  if (expression.kind === 'function') return true;
  return expression.kind === 'operator' && expression.args.some(callsFunction);
}

/** A gap that is NULL or not positive is the least there is: 1 µs. */
function gapReader(gap: Expression, functions: Functions): (row: PlanRow) => number {
  const read = compileExpression(gap, functions);
  return (row) => Math.max(1, Math.floor(Number(read(row))));
}

function rowAggregates(
  step: StepOf<'window'>,
  functions: Functions,
): Readonly<Record<string, RowAggregate<PlanRow>>> {
  const parts = Object.entries(step.aggregates).map(([name, spec]) => {
    const read = spec.of === undefined ? undefined : compileExpression(spec.of, functions);
    const isCounted =
      spec.where === undefined ? undefined : compileCondition(spec.where, functions);
    return [name, { spec, read, isCounted }] as const;
  });
  return Object.fromEntries(parts);
}

function paneRow(
  valuesOf: (key: string) => PlanRow,
  isRepeated: boolean,
): (pane: Pane<PlanRow>) => PlanRow {
  return ({ key, value, info }) => {
    const row: Record<string, Scalar> = valuesOf(key) as Record<string, Scalar>;
    Object.assign(row, value);
    row['window_start'] = boundOf(info.startUs);
    row['window_end'] = boundOf(info.endUs);
    if (!isRepeated) return row;
    row['pane_timing'] = info.timing;
    row['pane_index'] = info.paneIndex;
    row['is_retraction'] = info.isRetraction;
    return row;
  };
}

/** The global window has no bounds. */
function boundOf(timeUs: PaneInfo['startUs']): number | null {
  return Math.abs(timeUs) < Number.MAX_SAFE_INTEGER ? timeUs : null;
}

function topOptions(step: StepOf<'window'>, top: NonNullable<StepOf<'window'>['top']>) {
  const keys = Object.keys(step.keys);
  const isRepeated = hasRepeatedPanes(step.window);
  return {
    limit: top.limit,
    compare(a: PlanRow, b: PlanRow): number {
      for (const { column, direction } of top.by) {
        const order = compareValues(a[column] ?? null, b[column] ?? null);
        if (order !== 0) return direction === 'asc' ? order : -order;
      }
      for (const key of keys) {
        const order = compareValues(a[key] ?? null, b[key] ?? null);
        if (order !== 0) return order;
      }
      return 0;
    },
    ranked: (row: PlanRow, rank: number, isRetraction: boolean): PlanRow =>
      isRepeated ? { ...row, rank, is_retraction: isRetraction } : { ...row, rank },
  };
}
