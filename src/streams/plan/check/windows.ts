/** Rules of windows that their shape alone does not say. */
import type { WindowAssignment, WindowSpec } from '../../windows/window-spec.ts';
import type { PlanStep } from '../plan.ts';
import { type Columns, NUMERIC, type Report, requireType, typeOf } from './expressions.ts';

type WindowStep = Extract<PlanStep, { kind: 'window' }>;

/** Windows that one row may be in: more is a mistake of units. */
const WINDOWS_OF_A_ROW_MAX = 10_000;

/** Checks what a window step says about windows, panes and tops. */
export function checkWindow(
  step: WindowStep,
  context: { readonly columns: Columns; readonly path: string; readonly report: Report },
): void {
  const { columns, path, report } = context;
  const { window, top } = step;
  const { assign } = window;
  checkAssignment(assign, (field, found, rule) => {
    report(`${path}.window.assign.${field}`, found, rule);
  });
  checkTrigger(window, (field, found, rule) => report(`${path}.window.${field}`, found, rule));
  if (assign.kind === 'session' && typeof assign.gapUs !== 'number') {
    const scope = { columns, path: `${path}.window.assign.gapUs`, report };
    requireType(typeOf(assign.gapUs, scope), NUMERIC, scope);
    if (assign.touch === 'kafka') {
      report(scope.path, 'an expression', 'must be fixed with touch: kafka; give a number of µs');
    }
  }
  if (Object.keys(step.aggregates).length === 0) {
    report(`${path}.aggregates`, '{}', 'name at least one aggregate, like { rows: count() }');
  }
  if (top === undefined) return;
  if (assign.kind === 'session') {
    report(`${path}.top`, 'session', 'sessions of keys do not coincide; rank in other windows');
  }
  if (window.accumulation === 'discarding') {
    report(`${path}.top`, 'discarding', 'what is ranked must be all so far; use accumulating');
  }
  if (window.closeRule === 'stream-time') {
    report(`${path}.top`, 'stream-time', 'a top closes by watermark; use closeRule watermark');
  }
}

function checkAssignment(assign: WindowAssignment, report: Report): void {
  if (assign.kind === 'cumulate' && assign.maxSizeUs % assign.stepUs !== 0) {
    report('maxSizeUs', assign.maxSizeUs, `must be a multiple of the step, ${assign.stepUs}`);
  }
  const count = windowsOfARow(assign);
  if (count > WINDOWS_OF_A_ROW_MAX) {
    const field = assign.kind === 'hopping' ? 'slideUs' : 'stepUs';
    const rule = `puts a row into ${count} windows; ${WINDOWS_OF_A_ROW_MAX} at most`;
    report(field, assign.kind === 'hopping' ? assign.slideUs : count, rule);
  }
}

function windowsOfARow(assign: WindowAssignment): number {
  if (assign.kind === 'hopping') return Math.ceil(assign.sizeUs / assign.slideUs);
  return assign.kind === 'cumulate' ? Math.ceil(assign.maxSizeUs / assign.stepUs) : 1;
}

function checkTrigger(window: WindowSpec, report: Report): void {
  const { trigger = {}, assign, closeRule } = window;
  if (closeRule === 'stream-time' && assign.kind === 'global') {
    report('closeRule', closeRule, 'the global window never closes; use closeRule watermark');
  }
  if (assign.kind === 'global' && trigger.early === undefined && trigger.onTime === false) {
    report('trigger', 'onTime: false', 'would never fire; give an early trigger, or leave onTime');
  }
  if (assign.kind === 'global' && (window.allowedLatenessUs ?? 0) > 0) {
    report('allowedLatenessUs', window.allowedLatenessUs, 'nothing is late for the global window');
  }
}
