/** From an objective to its canonical text, which parses to the same objective. Spec: E100. */
import type { Aggregate, Condition, Expression, Objective, Scope, Term } from '../objective.ts';
import { DEFAULT_CONFIDENCE } from './objective-settings.ts';
import { quoted } from './tokens.ts';
import { durationText, quantityText } from './units.ts';

/** What is printed of an objective. */
export type PrintedObjective = Pick<
  Objective,
  'condition' | 'windows' | 'recovery' | 'scopes' | 'confidence'
>;

/** The canonical text. */
export function printObjective(objective: PrintedObjective): string {
  const { condition, windows, recovery, scopes, confidence } = objective;
  const parts: string[] = [];
  if (recovery === null) parts.push(printCondition(condition));
  else parts.push(`recover(${printCondition(condition)})`);
  if (windows !== null) {
    const share = recovery === null && windows.share < 1 ? ` for ${percent(windows.share)}` : '';
    parts.push(`over ${durationText(windows.lengthUs)} windows${share}`);
  }
  if (recovery !== null) {
    parts.push(`within ${durationText(recovery.withinUs)} after ${printFault(recovery.fault)}`);
  }
  parts.push(...scopes.map(printScope));
  if (confidence !== DEFAULT_CONFIDENCE) parts.push(`@${percent(confidence)}`);
  return parts.join(' ');
}

/** A condition alone: `p99(page.load) < 450ms`. */
export function printCondition({ expression, comparison, limit, unit }: Condition): string {
  return `${printExpression(expression)} ${comparison} ${quantityText(limit, unit)}`;
}

function printExpression(expression: Expression): string {
  if (expression.kind === 'term') return printTerm(expression);
  return `${printTerm(expression.over)} / ${printTerm(expression.under)}`;
}

function printTerm({ aggregate, metric, labels, subject }: Term): string {
  const matches = labels.map(({ label, operator, value }) => `${label}${operator}${quoted(value)}`);
  const braces = matches.length === 0 ? '' : `{${matches.join(', ')}}`;
  const arch = subject === null ? '' : `, arch=${quoted(subject)}`;
  return `${printAggregate(aggregate)}(${metric}${braces}${arch})`;
}

function printAggregate(aggregate: Aggregate): string {
  if (aggregate.kind !== 'quantile') return aggregate.kind;
  return `p${Number((aggregate.q * 100).toPrecision(12))}`;
}

function printScope(scope: Scope): string {
  switch (scope.kind) {
    case 'phase':
      return `during phase(${quoted(scope.phase)})`;
    case 'clock':
      return `during ${quoted(scope.from)}..${quoted(scope.to)}`;
    case 'between':
      return `during ${durationText(scope.fromUs)}..${durationText(scope.toUs)}`;
    case 'outside-fault':
      return `outside ${printFault(scope.fault)}`;
    case 'after-fault':
      return `after ${printFault(scope.fault)}`;
  }
}

function printFault(fault: string | null): string {
  return `fault(${fault === null ? '' : quoted(fault)})`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
}
