/** What a Flink script does not do exactly as the plan says, besides the capability table. */
import type { Expression, Operator } from '../plan/expression.ts';
import type { PipelinePlan, PlanStep } from '../plan/plan.ts';
import { expressionsOf } from '../plan/step-expressions.ts';
import { isWholeMs } from './flink-dialect.ts';
import type { FlinkScript } from './flink-script.ts';

/** One line for each caveat that concerns this plan. */
export function flinkWarnings(plan: PipelinePlan, script: FlinkScript): string[] {
  const { watermark } = plan.source;
  const operators = new Set(plan.steps.flatMap(expressionsOf).flatMap(operatorsOf));
  const uses = (...names: Operator[]) => names.some((name) => operators.has(name));
  const window = plan.steps.find((step) => step.kind === 'window');
  const lines = [
    [
      'event times are cut to whole milliseconds (TIMESTAMP_LTZ(3)); watermarks take 1 ms for 1 µs',
      true,
    ],
    [
      'the watermark bound is no whole number of milliseconds and was rounded up',
      watermark.kind === 'bounded' && !isWholeMs(watermark.boundUs),
    ],
    ['a NULL in the key of the sink ends the job there', plan.sink.mode === 'upsert'],
    ['rows without an event time end the job there; here they are left out', true],
    ['arithmetic that overflows gives Infinity there, NULL here', uses('add', 'sub', 'mul', 'div')],
    [
      'state TTL of the deduplication holds for every stateful operator of the job',
      plan.steps.some(({ kind }) => kind === 'dedupe') && plan.steps.length > 1,
    ],
    [
      'the right source of a join shares the watermark delay of the left one besides its own bound',
      script.extraBoundUs > 0 && plan.steps.some(({ kind }) => kind === 'interval-join'),
    ],
  ] as const;
  const general = lines.flatMap(([text, applies]) => (applies ? [text] : []));
  return window === undefined ? general : [...general, ...windowWarnings(window, script)];
}

function windowWarnings(
  step: Extract<PlanStep, { kind: 'window' }>,
  { variant, settings }: FlinkScript,
): string[] {
  const { window } = step;
  const latenessUs = window.allowedLatenessUs ?? 0;
  const isUpdate = variant === 'update';
  const lines = [
    [
      'window_start and window_end are TIMESTAMP(3) in UTC there, µs here',
      window.assign.kind !== 'global',
    ],
    [
      'the global window has no bounds there, and window_start and window_end are left out',
      window.assign.kind === 'global',
    ],
    [
      'lateness is folded into the watermark: the same final result, later, no update before',
      !isUpdate && latenessUs > 0,
    ],
    [
      'group windows are deprecated and table.exec.emit.* is experimental',
      isUpdate && window.assign.kind !== 'global',
    ],
    [
      'late-fire delay is 0: with a delay the last update can be lost at cleanup (FLINK-18995)',
      isUpdate && latenessUs > 0,
    ],
    [
      'a row in the late output may be counted too: its time is late, one of its windows is not',
      step.lateOutput !== undefined,
    ],
    [
      'top-n by update keeps state for ever; set table.exec.state.ttl beyond the lateness',
      isUpdate && step.top !== undefined && !settings.has('table.exec.state.ttl'),
    ],
    [
      'sessions merge where they touch; SESSION as a window table function needs Flink 1.19',
      !isUpdate && window.assign.kind === 'session',
    ],
    [
      'a final result takes nothing back: retractions do not occur',
      !isUpdate && window.accumulation === 'retracting',
    ],
  ] as const;
  return lines.flatMap(([text, applies]) => (applies ? [text] : []));
}

function operatorsOf(expression: Expression): Operator[] {
  if (expression.kind === 'column' || expression.kind === 'literal') return [];
  const below = expression.args.flatMap(operatorsOf);
  return expression.kind === 'operator' ? [expression.operator, ...below] : below;
}
