/** Terms and ratios: `p99(page.load{page="home"}, arch="federated")`. Metrics, labels and
 * aggregates are checked against the registry as they are read. */
import {
  definitionOf,
  type LabelName,
  METRIC_NAMES,
  METRIC_REGISTRY,
  metricOf,
} from '../metrics/metric-registry.ts';
import { aggregatesOf } from '../metrics/term-dimension.ts';
import type { Aggregate, Expression, LabelMatch, Term } from '../objective.ts';
import { nearest, type TokenReader } from './token-reader.ts';
import type { Token } from './tokens.ts';

const AGGREGATES = ['count', 'sum', 'mean', 'min', 'max', 'rate'] as const;
const AGGREGATE_WORDS = [...AGGREGATES, 'p50', 'p95', 'p99', 'p99.9'];
const QUANTILE = /^p(\d+(?:\.\d+)?)$/;
const OPERATORS = ['=', '!=', '=~'] as const;

/** Reads `term` or `term / term`. */
export function parseExpression(reader: TokenReader): Expression {
  const over = parseTerm(reader);
  if (!reader.takes('/')) return over;
  return { kind: 'ratio', over, under: parseTerm(reader) };
}

function parseTerm(reader: TokenReader): Term {
  const word = reader.expectKind('name', 'an aggregate such as p99 or mean');
  const aggregate = aggregateOf(reader, word);
  reader.expect('(');
  const name = reader.expectKind('name', 'a metric such as page.load');
  const isKnown = metricOf(name.text) !== undefined;
  if (!isKnown) {
    reader.note(name, `metric "${name.text}" does not exist; ${nearest(name.text, METRIC_NAMES)}`);
  }
  const labels = reader.takes('{') ? parseLabels(reader, name.text) : [];
  const subject = reader.takes(',') ? parseSubject(reader) : null;
  reader.expect(')');
  if (isKnown && aggregate !== undefined) checkAggregate(reader, { word, name, aggregate });
  return {
    kind: 'term',
    aggregate: aggregate ?? { kind: 'count' },
    metric: isKnown ? name.text : UNKNOWN,
    labels,
    subject,
  };
}

/** Stands in for a metric that does not exist; the objective is not used then. */
const UNKNOWN = Object.keys(METRIC_REGISTRY)[0] as string;

function aggregateOf(reader: TokenReader, word: Token): Aggregate | undefined {
  const kind = AGGREGATES.find((one) => one === word.text);
  if (kind !== undefined) return { kind };
  const percent = Number(QUANTILE.exec(word.text)?.[1] ?? Number.NaN);
  if (percent > 0 && percent < 100) {
    return { kind: 'quantile', q: Number((percent / 100).toPrecision(12)) };
  }
  reader.note(
    word,
    Number.isNaN(percent)
      ? `"${word.text}" is no aggregate; ${nearest(word.text, AGGREGATE_WORDS)}`
      : `a quantile is above p0 and below p100, found ${word.text}`,
  );
  return undefined;
}

function checkAggregate(
  reader: TokenReader,
  found: { readonly word: Token; readonly name: Token; readonly aggregate: Aggregate },
): void {
  const { word, name, aggregate } = found;
  const applicable = aggregatesOf(definitionOf(name.text));
  if (applicable.includes(aggregate.kind)) return;
  const shown = applicable.map((kind) => (kind === 'quantile' ? 'p50 … p99.9' : kind)).join(', ');
  reader.note(word, `${name.text} has no ${word.text}; it can be asked for ${shown}`);
}

function parseLabels(reader: TokenReader, metric: string): readonly LabelMatch[] {
  const known = metricOf(metric)?.labels as readonly LabelName[] | undefined;
  const labels: LabelMatch[] = [];
  do {
    const label = reader.expectKind('name', 'a label');
    if (known !== undefined && !known.some((one) => one === label.text)) {
      const rule = known.length === 0 ? `${metric} has no labels` : nearest(label.text, [...known]);
      reader.note(label, `label "${label.text}" does not exist; ${rule}`);
    }
    const operator = OPERATORS.find((one) => reader.is(one));
    if (operator === undefined) throw reader.notUnderstood('expected =, != or =~');
    reader.next();
    const value = reader.expectKind('string', 'a value in quotes');
    if (operator === '=~' && !isPattern(value.text)) {
      reader.note(value, `"${value.text}" is no regular expression`);
    }
    labels.push({ label: label.text, operator, value: value.text });
  } while (reader.takes(','));
  reader.expect('}');
  return labels;
}

function parseSubject(reader: TokenReader): string {
  if (!reader.takes('variant')) reader.expect('arch');
  reader.expect('=');
  return reader.expectKind('string', 'the name of an architecture or variant in quotes').text;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
