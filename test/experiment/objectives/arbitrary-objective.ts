/** Random objectives that mean something, as text. */
import fc from 'fast-check';
import { quoted } from '../../../src/experiment/objectives/language/tokens.ts';
import { unitsOf } from '../../../src/experiment/objectives/language/units.ts';
import {
  METRIC_NAMES,
  type MetricDefinition,
  metricOf,
} from '../../../src/experiment/objectives/metrics/metric-registry.ts';
import {
  aggregatesOf,
  termDimension,
} from '../../../src/experiment/objectives/metrics/term-dimension.ts';
import type { Aggregate } from '../../../src/experiment/objectives/objective.ts';

const quantile = fc.oneof(
  fc.constantFrom('p50', 'p95', 'p99', 'p99.9'),
  fc.integer({ min: 1, max: 9_999 }).map((n) => `p${n / 100}`),
);
const duration = fc
  .tuple(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom('us', 'ms', 's', 'm', 'h', 'min'))
  .map(([n, unit]) => `${n}${unit}`);
const percent = fc.integer({ min: 501, max: 999 }).map((n) => `${n / 10}%`);
const text = fc.string({ minLength: 1, maxLength: 8 }).map(quoted);
const scope = fc.oneof(
  text.map((name) => `during phase(${name})`),
  fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 10, max: 99 }))
    .map(([from, to]) => `during ${from}m..${to}m`),
  fc.constantFrom('during "20:00".."21:30:15"', 'outside fault()'),
  text.map((name) => `outside fault(${name})`),
  text.map((name) => `after fault(${name})`),
);

interface Asked {
  readonly text: string;
  readonly dimension: ReturnType<typeof termDimension>;
}

const term: fc.Arbitrary<Asked> = fc
  .constantFrom(...METRIC_NAMES.filter((name) => metricOf(name)?.kind !== 'total'))
  .chain((metric) => {
    const definition = metricOf(metric) as MetricDefinition;
    const label = fc.constantFrom(...(definition.labels.length > 0 ? definition.labels : ['']));
    const match = fc
      .tuple(label, fc.constantFrom('=', '!='), text)
      .map(([name, operator, value]) => `${name}${operator}${value}`);
    const matches =
      definition.labels.length === 0 ? fc.constant([]) : fc.array(match, { maxLength: 2 });
    const kind = fc.constantFrom(...aggregatesOf(definition));
    return fc.tuple(kind, quantile, matches).map(([aggregate, p, labels]) => ({
      text: `${aggregate === 'quantile' ? p : aggregate}(${metric}${braced(labels)})`,
      dimension: termDimension({
        kind: 'term',
        aggregate: { kind: aggregate } as Aggregate,
        metric,
        labels: [],
        subject: null,
      }),
    }));
  });

/** A condition that a value can meet and can miss. */
const condition = fc
  .tuple(term, fc.constantFrom('<', '>'), fc.boolean())
  .chain(([{ text: asked, dimension }, comparison, isRatio]) => {
    const unit = fc.constantFrom(...unitsOf(isRatio ? 'number' : dimension));
    const number = fc.integer({ min: 1, max: 99_999 }).map((n) => String(n / 1_000));
    const expression = isRatio ? `${asked} / ${asked.replace(/\{.*\}/, '')}` : asked;
    return fc.tuple(number, unit).map(([n, u]) => {
      const limit = u === '%' || isRatio ? `${Math.min(Number(n), 0.9)}` : n;
      return `${expression} ${comparison} ${limit}${u}`;
    });
  });

/** An objective that stands on its own. */
export const objectiveText: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc
        .tuple(
          condition,
          fc.option(duration),
          fc.option(percent),
          fc.array(scope, { maxLength: 2 }),
        )
        .map(([holds, over, share, scopes]) => {
          const windows = over === null ? '' : ` over ${over} windows`;
          const held = over === null || share === null ? '' : ` for ${share}`;
          return [holds + windows + held, ...scopes].join(' ');
        }),
      fc
        .tuple(condition, fc.option(duration), duration, text)
        .map(([holds, over, within, fault]) => {
          const windows = over === null ? '' : ` over ${over} windows`;
          return `recover(${holds})${windows} within ${within} after fault(${fault})`;
        }),
    ),
    fc.option(percent),
  )
  .map(([said, confidence]) => (confidence === null ? said : `${said} @${confidence}`));

function braced(labels: readonly string[]): string {
  return labels.length === 0 ? '' : `{${labels.join(',')}}`;
}
