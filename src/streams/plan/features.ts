/** What a plan uses, as a closed list of names: the rows of the capability table. A kind that is
 * not known here becomes a feature that no target supports, so that nothing passes unnoticed. */
import type { AggregateSpec } from '../aggregates/aggregate-spec.ts';
import type { TriggerSpec, WindowAssignment, WindowSpec } from '../windows/window-spec.ts';
import { useChainFeatures } from './chain-features.ts';
import type { Expression } from './expression.ts';
import type { PipelinePlan, PlanStep, SourceSpec } from './plan.ts';
import { expressionsOf } from './step-expressions.ts';

/** A feature and the places in the plan that use it. */
export interface UsedFeature {
  readonly feature: string;
  /** Like `steps[2].window`, ascending by step. */
  readonly paths: readonly string[];
}

/** Everything that a plan needs of a target, in the order of its steps, each feature once. */
export function featuresOf(plan: PipelinePlan): UsedFeature[] {
  const paths = new Map<string, string[]>();
  const use = (feature: string, path: string) => {
    const known = paths.get(feature) ?? [];
    if (!known.includes(path)) known.push(path);
    paths.set(feature, known);
  };
  useSource(plan.source, (feature) => use(feature, 'source'));
  let windows = 0;
  plan.steps.forEach((step, n) => {
    const path = `steps[${n}]`;
    useStep(step, (feature, part) => use(feature, part === undefined ? path : `${path}.${part}`));
    if (step.kind === 'window') windows += 1;
    if (step.kind === 'window' && windows > 1) use('chained-windows', path);
  });
  useChainFeatures(plan, use);
  use(`sink-${plan.sink.mode}`, 'sink');
  return [...paths].map(([feature, places]) => ({ feature, paths: places }));
}

type Use = (feature: string, part?: string) => void;

function useSource(source: SourceSpec, use: Use): void {
  use(`watermark-${source.watermark.kind}`);
  if (source.idleTimeoutUs !== undefined) use('idle-timeout');
  const columns = Object.entries(source.columns);
  if (columns.some(([name, { path }]) => path !== undefined && path !== name)) use('nested-path');
}

function useStep(step: PlanStep, use: Use): void {
  use(step.kind === 'window' ? `window-${step.window.assign.kind}` : step.kind);
  for (const expression of expressionsOf(step)) useExpression(expression, use);
  if (step.kind === 'lookup-join' && step.missing === 'drop') use('lookup-missing-drop');
  if (step.kind === 'interval-join') useSource(step.right, (feature) => use(feature, 'right'));
  if (step.kind !== 'window') return;
  useAssignment(step.window.assign, (feature) => use(feature, 'window.assign'));
  useTrigger(step.window.trigger ?? {}, (feature) => use(feature, 'window.trigger'));
  useWindow(step.window, (feature) => use(feature, 'window'));
  for (const spec of Object.values(step.aggregates)) useAggregate(spec, use);
  if (step.lateOutput !== undefined) use('late-output');
  if (step.top !== undefined) use('top-n');
}

function useAssignment(assign: WindowAssignment, use: Use): void {
  if ('offsetUs' in assign && (assign.offsetUs ?? 0) !== 0) use('window-offset');
  if (assign.kind === 'hopping' && assign.sizeUs % assign.slideUs !== 0) use('hopping-uneven');
  if (assign.kind !== 'session') return;
  if (typeof assign.gapUs !== 'number') use('session-dynamic-gap');
  if (assign.touch !== undefined) use(`session-touch-${assign.touch}`);
}

function useTrigger({ early, late, onTime, closing }: TriggerSpec, use: Use): void {
  if (early !== undefined) use(`trigger-early-${early.kind}`);
  if (late !== undefined) use(`trigger-late-${late.kind}`);
  if (onTime === false) use('no-on-time-pane');
  if (closing !== undefined && closing !== 'fire-if-non-empty') use(`closing-${closing}`);
}

function useWindow(spec: WindowSpec, use: Use): void {
  use(spec.accumulation ?? 'accumulating');
  if ((spec.allowedLatenessUs ?? 0) > 0) use('allowed-lateness');
  if (spec.closeRule === 'stream-time') use('close-by-stream-time');
  if (spec.watermarkConvention === 'beam') use('watermark-beam');
}

function useAggregate(spec: AggregateSpec, use: Use): void {
  use(`aggregate-${spec.kind}`, 'aggregates');
  if (spec.where !== undefined) use('aggregate-filter', 'aggregates');
}

function useExpression(expression: Expression, use: Use): void {
  if (expression.kind === 'function') use('function');
  if (expression.kind === 'operator' && expression.operator === 'lower') use('operator-lower');
  if (expression.kind === 'column' || expression.kind === 'literal') return;
  for (const arg of expression.args) useExpression(arg, use);
}
