/** The expressions of a step, whatever its kind. */
import type { Expression } from './expression.ts';
import type { PlanStep } from './plan.ts';

/** All expressions that a step computes, in a fixed order. */
export function expressionsOf(step: PlanStep): readonly Expression[] {
  switch (step.kind) {
    case 'filter':
    case 'divert':
      return [step.where];
    case 'map':
      return Object.values(step.columns);
    case 'dedupe':
      return step.by;
    case 'lookup-join':
      return [step.on];
    case 'interval-join':
      return [step.leftKey, step.rightKey];
    case 'window': {
      const { assign } = step.window;
      const gap = assign.kind === 'session' && typeof assign.gapUs !== 'number' ? assign.gapUs : [];
      const aggregates = Object.values(step.aggregates).flatMap((spec) => [
        ...(spec.where === undefined ? [] : [spec.where]),
        ...(spec.of === undefined ? [] : [spec.of]),
      ]);
      return [...Object.values(step.keys), ...aggregates].concat(gap);
    }
    default:
      return [];
  }
}

/** Names of the columns that an expression reads, each once. */
export function columnsOf(expression: Expression): readonly string[] {
  if (expression.kind === 'column') return [expression.name];
  if (expression.kind === 'literal') return [];
  return [...new Set(expression.args.flatMap(columnsOf))];
}
