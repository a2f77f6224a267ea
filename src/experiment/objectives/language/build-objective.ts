/** Objectives in TypeScript: the same objects as the parser's, with names and labels checked by the
 * compiler. `objective(condition(term('p99', 'page.load', { page: 'home' }), '<', ms(450)))`. */
import { EngineError } from '../../../kernel/errors.ts';
import type { DurationUs } from '../../../kernel/time.ts';
import type { LabelOf, MetricName } from '../metrics/metric-registry.ts';
import { expressionDimension, isProportion } from '../metrics/term-dimension.ts';
import type { Condition, Expression, LabelMatch, Objective, Scope, Term } from '../objective.ts';
import type { ObjectiveSettings } from './objective-settings.ts';
import { DEFAULT_CONFIDENCE } from './objective-settings.ts';
import { parseObjective } from './parse-objective.ts';
import { printObjective } from './print-objective.ts';
import { readableUnit } from './units.ts';

/** What may be taken of a metric's values: `p99`, `mean`, … */
export type AggregateName = 'count' | 'sum' | 'mean' | 'min' | 'max' | 'rate' | `p${number}`;

/** What a label must be: this text, another one, or one that a regular expression matches. */
export type LabelValue = string | { readonly not: string } | { readonly matches: string };

/** Values that labels must have. */
export type LabelValues<M extends MetricName> = { readonly [L in LabelOf<M>]?: LabelValue };

/** Where and when an objective holds, and what a verdict takes. */
export interface ObjectiveOptions extends ObjectiveSettings {
  /** Tumbling windows of this length … */
  readonly over?: DurationUs | undefined;
  /** … and the share (0–1) of them that must hold; 1 unless given. */
  readonly forShare?: number | undefined;
  /** A phase by name, a stretch of the run, or times of day such as `['20:30', '21:15']`. */
  readonly during?:
    | string
    | { readonly from: DurationUs; readonly to: DurationUs }
    | readonly [from: string, to: string]
    | undefined;
  /** A fault, or all of them with `true`. */
  readonly outsideFault?: string | true | undefined;
  readonly afterFault?: string | undefined;
}

/** One aggregate of one metric. @param labels - Conditions on labels. @param arch - The
 * architecture or variant, in ratios between two. */
export function term<M extends MetricName>(
  aggregate: AggregateName,
  metric: M,
  labels: LabelValues<M> & { readonly arch?: string } = {},
): Term {
  const { arch, ...values } = labels;
  return {
    kind: 'term',
    aggregate: aggregateOf(aggregate),
    metric,
    labels: Object.entries<LabelValue | undefined>(values).flatMap(([label, value]) =>
      labelMatch(label, value),
    ),
    subject: arch ?? null,
  };
}

/** One term over another. */
export function ratio(over: Term, under: Term): Expression {
  return { kind: 'ratio', over, under };
}

/** A condition. @param limit - In the base unit: µs, a share, a count, bytes, USD, per second. */
export function condition(
  expression: Expression,
  comparison: Condition['comparison'],
  limit: number,
): Condition {
  const dimension = expressionDimension(expression);
  const unit = isProportion(expression) ? '%' : readableUnit(limit, dimension ?? 'number');
  return { expression, comparison, limit, unit };
}

/** An objective.
 * @throws EngineError `OBJECTIVE_INVALID` as the parser does. Spec: E101. */
export function objective(holds: Condition, options: ObjectiveOptions = {}): Objective {
  const { over, forShare = 1 } = options;
  const windows = over === undefined ? null : { lengthUs: over, share: forShare };
  return built({ condition: holds, windows, recovery: null, scopes: scopesOf(options) }, options);
}

/** A recovery: the condition holds again within so long after a fault begins.
 * @param options - `over`: the length of the sliding windows, ten seconds unless given.
 * @throws EngineError `OBJECTIVE_INVALID` as the parser does. */
export function recovery(
  holds: Condition,
  options: ObjectiveSettings & {
    readonly within: DurationUs;
    readonly after: string;
    readonly over?: DurationUs | undefined;
  },
): Objective {
  const { within, after, over } = options;
  const windows = over === undefined ? null : { lengthUs: over, share: 1 };
  return built(
    { condition: holds, windows, recovery: { withinUs: within, fault: after }, scopes: [] },
    options,
  );
}

/** What is built is what its text says: one way in, one set of rules. */
function built(
  said: Pick<Objective, 'condition' | 'windows' | 'recovery' | 'scopes'>,
  settings: ObjectiveSettings,
): Objective {
  const confidence = settings.confidence ?? DEFAULT_CONFIDENCE;
  return parseObjective(printObjective({ ...said, confidence }), settings);
}

function aggregateOf(name: AggregateName): Term['aggregate'] {
  if (!/^p\d/.test(name)) return { kind: name as 'count' };
  const percent = Number(name.slice(1));
  if (percent > 0 && percent < 100) {
    return { kind: 'quantile', q: Number((percent / 100).toPrecision(12)) };
  }
  const rule = `aggregate is ${name}, but a quantile is above p0 and below p100`;
  throw new EngineError('OBJECTIVE_INVALID', rule, { problems: [{ column: 1, rule }] });
}

function labelMatch(label: string, value: LabelValue | undefined): readonly LabelMatch[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [{ label, operator: '=', value }];
  return 'not' in value
    ? [{ label, operator: '!=', value: value.not }]
    : [{ label, operator: '=~', value: value.matches }];
}

function scopesOf({ during, outsideFault, afterFault }: ObjectiveOptions): readonly Scope[] {
  const scopes: Scope[] = [];
  if (typeof during === 'string') scopes.push({ kind: 'phase', phase: during });
  else if (during !== undefined && 'from' in during) {
    scopes.push({ kind: 'between', fromUs: during.from, toUs: during.to });
  } else if (during !== undefined) {
    scopes.push({ kind: 'clock', from: during[0], to: during[1] });
  }
  if (outsideFault !== undefined) {
    const fault = outsideFault === true ? null : outsideFault;
    scopes.push({ kind: 'outside-fault', fault });
  }
  if (afterFault !== undefined) scopes.push({ kind: 'after-fault', fault: afterFault });
  return scopes;
}
