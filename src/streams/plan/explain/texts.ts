/** Durations and expressions as people read them. */
import type { AggregateSpec } from '../../aggregates/aggregate-spec.ts';
import type { Expression, Operator } from '../expression.ts';

const UNITS = [
  { us: 86_400_000_000, name: 'd' },
  { us: 3_600_000_000, name: 'h' },
  { us: 60_000_000, name: 'min' },
  { us: 1_000_000, name: 's' },
  { us: 1_000, name: 'ms' },
  { us: 1, name: 'µs' },
] as const;

/** `1 h 30 min` for 5,400,000,000 µs. Exact. */
export function durationText(durationUs: number): string {
  if (durationUs === 0) return '0';
  let rest = Math.abs(durationUs);
  const parts: string[] = [];
  for (const { us, name } of UNITS) {
    const count = Math.floor(rest / us);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * us;
  }
  return `${durationUs < 0 ? '−' : ''}${parts.join(' ')}`;
}

const SIGNS: Partial<Readonly<Record<Operator, string>>> = {
  eq: '=',
  ne: '≠',
  lt: '<',
  le: '≤',
  gt: '>',
  ge: '≥',
  and: 'and',
  or: 'or',
  add: '+',
  sub: '−',
  mul: '×',
  div: '÷',
};

/** An expression on one line; what is nested stands in parentheses. */
export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return expression.name;
    case 'literal':
      return literalText(expression.value);
    case 'function':
      return `${expression.name}@${expression.version}(${listText(expression.args)})`;
    case 'operator':
      return operatorText(expression.operator, expression.args);
  }
}

function literalText(value: unknown): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function operatorText(operator: Operator, args: readonly Expression[]): string {
  const sign = SIGNS[operator];
  if (sign !== undefined) return args.map(nestedText).join(` ${sign} `);
  const [first, ...rest] = args;
  const subject = first === undefined ? '' : nestedText(first);
  if (operator === 'in') return `${subject} in (${listText(rest)})`;
  if (operator === 'is_null') return `${subject} is NULL`;
  if (operator === 'not') return notText(first, subject);
  if (operator === 'case') return caseText(args);
  if (operator === 'starts_with') return `${subject} starts with ${listText(rest)}`;
  return `${operator}(${listText(args)})`;
}

function notText(argument: Expression | undefined, subject: string): string {
  if (argument?.kind !== 'operator' || argument.operator !== 'is_null') return `not ${subject}`;
  return `${listText(argument.args)} is not NULL`;
}

function caseText(args: readonly Expression[]): string {
  let text = 'case';
  for (let n = 0; n + 1 < args.length; n += 2) {
    text += ` when ${listText(args.slice(n, n + 1))} then ${listText(args.slice(n + 1, n + 2))}`;
  }
  return `${text} else ${listText(args.slice(-1))} end`;
}

function nestedText(expression: Expression): string {
  const text = expressionText(expression);
  return expression.kind === 'operator' && text.includes(' ') ? `(${text})` : text;
}

function listText(expressions: readonly Expression[]): string {
  return expressions.map(expressionText).join(', ');
}

/** An aggregate on one line. */
export function aggregateText(spec: AggregateSpec): string {
  const of = spec.of === undefined ? 'rows' : expressionText(spec.of);
  const where = spec.where === undefined ? '' : ` where ${expressionText(spec.where)}`;
  if (spec.kind === 'quantile') {
    return `quantile ${spec.q} of ${of}, within ${spec.accuracy * 100} %${where}`;
  }
  if (spec.kind === 'approx_count_distinct') {
    const errorPercent = (104 / Math.sqrt(2 ** spec.precision)).toFixed(1);
    return `distinct ${of}, standard error ${errorPercent} %${where}`;
  }
  if (spec.kind === 'count_distinct') return `distinct ${of}, exact${where}`;
  return `${spec.kind} of ${of}${where}`;
}
