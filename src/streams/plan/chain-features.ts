/** Features that lie in the order of steps, not in one of them: what a step reads of a window
 * before it, and whether event time or the order of arrival is still there. */
import { PANE_COLUMNS, WINDOW_COLUMNS } from './check/pane-columns.ts';
import { columnsByStep } from './check/plan-rules.ts';
import type { Expression } from './expression.ts';
import type { PipelinePlan, PlanStep } from './plan.ts';
import { columnsOf, expressionsOf } from './step-expressions.ts';

/** Reports each such feature with the place that needs it. */
export function useChainFeatures(
  plan: PipelinePlan,
  use: (feature: string, path: string) => void,
): void {
  const windowAt = plan.steps.findIndex(({ kind }) => kind === 'window');
  let join: Extract<PlanStep, { kind: 'interval-join' }> | undefined;
  plan.steps.forEach((step, n) => {
    const path = `steps[${n}]`;
    const isAfterWindow = windowAt >= 0 && n > windowAt;
    if (isAfterWindow) useAfterWindow(step, (feature) => use(feature, path));
    if (join !== undefined && step.kind === 'dedupe') use('dedupe-after-join', path);
    if (join !== undefined && readsTime(step) && join.lowerUs < 0 && join.upperUs > 0) {
      use('time-of-two-sided-join', path);
    }
    if (step.kind === 'interval-join') join = step;
    if (lengthsOf(step).some((lengthUs) => lengthUs % 1_000 !== 0)) use('sub-millisecond', path);
  });
  if (windowAt >= 0 && plan.sink.key.some(isPaneColumn)) use('pane-columns-read', 'sink.key');
  columnsByStep(plan).forEach((columns, n) => {
    const names = Object.keys(columns).map((name) => name.toLowerCase());
    if (new Set(names).size < names.length)
      use('names-differ-by-case', n === 0 ? 'source' : `steps[${n - 1}]`);
  });
}

function useAfterWindow(step: PlanStep, use: (feature: string) => void): void {
  if (step.kind === 'dedupe') use('dedupe-after-window');
  if (step.kind === 'lookup-join' || step.kind === 'interval-join') use('join-after-window');
  const read = expressionsOf(step);
  if (read.flatMap(columnsOf).some(isPaneColumn)) use('pane-columns-read');
  const isKept = (one: Expression) => step.kind === 'map' && one.kind === 'column';
  const computed = read.filter((one) => !isKept(one)).flatMap(columnsOf);
  if (computed.some((name) => Object.hasOwn(WINDOW_COLUMNS, name))) use('window-bounds-computed');
}

function isPaneColumn(name: string): boolean {
  return Object.hasOwn(PANE_COLUMNS, name);
}

function readsTime({ kind }: PlanStep): boolean {
  return kind === 'window' || kind === 'lookup-join' || kind === 'interval-join';
}

function lengthsOf(step: PlanStep): number[] {
  if (step.kind === 'interval-join') return [step.lowerUs, step.upperUs];
  if (step.kind !== 'window') return [];
  const { assign, allowedLatenessUs = 0 } = step.window;
  return [...Object.values(assign), allowedLatenessUs].filter((one) => typeof one === 'number');
}
