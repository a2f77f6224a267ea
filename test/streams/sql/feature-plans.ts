/** A small plan for every line of the capability table, so that a printer can be held to it. */
import type { AggregateSpec } from '../../../src/streams/aggregates/aggregate-spec.ts';
import type { Expression, Operator, Scalar } from '../../../src/streams/plan/expression.ts';
import type { PipelinePlan, PlanStep, SourceSpec } from '../../../src/streams/plan/plan.ts';
import type { WindowAssignment, WindowSpec } from '../../../src/streams/windows/window-spec.ts';

/** A column. */
export const column = (name: string): Expression => ({ kind: 'column', name });
/** A literal. */
export const literal = (value: Scalar): Expression => ({ kind: 'literal', value });
/** An operator over arguments. */
export const op = (operator: Operator, ...args: Expression[]): Expression => ({
  kind: 'operator',
  operator,
  args,
});

const SECOND = 1_000_000;

/** The plans' source. */
export const SOURCE: SourceSpec = {
  name: 'plays',
  columns: {
    id: { type: 'string' },
    title: { type: 'string' },
    watched: { type: 'integer' },
    at: { type: 'timestamp' },
  },
  time: 'at',
  watermark: { kind: 'bounded', boundUs: 5 * SECOND },
};

const RIGHT: SourceSpec = {
  name: 'ads',
  columns: { play: { type: 'string' }, price: { type: 'double' }, shown: { type: 'timestamp' } },
  time: 'shown',
  watermark: { kind: 'ascending' },
};

/** A plan of these steps. */
export function planOf(
  steps: readonly PlanStep[],
  extra: Partial<PipelinePlan> = {},
): PipelinePlan {
  return {
    schema: 'backlot.pipeline/1',
    name: 'sample',
    source: SOURCE,
    tables: { titles: { key: 'string', columns: { kind: 'string', minutes: 'integer' } } },
    steps,
    sink: { name: 'out', mode: 'append', key: [] },
    ...extra,
  };
}

type StepOf<Kind extends PlanStep['kind']> = Extract<PlanStep, { kind: Kind }>;
type WindowStep = StepOf<'window'>;

const TUMBLING: WindowAssignment = { kind: 'tumbling', sizeUs: 60 * SECOND };

/** A window step that counts by title. */
export function windowStep(
  window: Partial<WindowSpec> & { readonly aggregate?: AggregateSpec } = {},
  extra: Partial<WindowStep> = {},
): WindowStep {
  const { aggregate = { kind: 'count' }, ...spec } = window;
  return {
    kind: 'window',
    window: { assign: TUMBLING, ...spec },
    keys: { title: column('title') },
    aggregates: { value: aggregate },
    ...extra,
  };
}

const windowPlan = (window: Partial<WindowSpec>) => planOf([windowStep(window)]);
const assigned = (assign: WindowAssignment) => windowPlan({ assign });
const aggregated = (aggregate: AggregateSpec) => planOf([windowStep({ aggregate })]);
const isLong = op('gt', column('watched'), literal(30));

const FILTER: PlanStep = { kind: 'filter', where: isLong };
/** Deduplication by id. */
export const DEDUPE: StepOf<'dedupe'> = {
  kind: 'dedupe',
  by: [column('id')],
  ttlUs: 3_600 * SECOND,
};
/** A join with the table of titles. */
export const LOOKUP: StepOf<'lookup-join'> = {
  kind: 'lookup-join',
  table: 'titles',
  on: column('title'),
  take: { kind: 'kind' },
  missing: 'null',
};
/** A join with the source of ads, whose rows come before. */
export const JOIN: StepOf<'interval-join'> = {
  kind: 'interval-join',
  right: RIGHT,
  leftKey: column('id'),
  rightKey: column('play'),
  lowerUs: -10 * SECOND,
  upperUs: 0,
  take: { price: 'price' },
};
const STEPPED = { upperUs: 5 * SECOND };
const UPSERT = { name: 'out', mode: 'upsert', key: ['id'] } as const;
const session = (touch?: 'merge' | 'split' | 'kafka'): PipelinePlan =>
  assigned({ kind: 'session', gapUs: 30 * SECOND, ...(touch === undefined ? {} : { touch }) });

/** Feature → a plan that uses it. */
export const FEATURE_PLANS: Readonly<Record<string, PipelinePlan>> = {
  'watermark-bounded': planOf([]),
  'watermark-ascending': planOf([], { source: { ...SOURCE, watermark: { kind: 'ascending' } } }),
  'watermark-punctuated': planOf([], {
    source: { ...SOURCE, watermark: { kind: 'punctuated', column: 'watched' } },
  }),
  'idle-timeout': planOf([], { source: { ...SOURCE, idleTimeoutUs: 30 * SECOND } }),
  'nested-path': planOf([], {
    source: {
      ...SOURCE,
      columns: { ...SOURCE.columns, title: { type: 'string', path: 'data.titleId' } },
    },
  }),
  filter: planOf([FILTER]),
  map: planOf([{ kind: 'map', columns: { name: column('title') } }]),
  dedupe: planOf([DEDUPE]),
  divert: planOf([{ kind: 'divert', where: isLong, output: 'long' }]),
  'lookup-join': planOf([LOOKUP]),
  'lookup-missing-drop': planOf([{ ...LOOKUP, missing: 'drop' }]),
  'interval-join': planOf([JOIN]),
  'window-tumbling': windowPlan({}),
  'window-hopping': assigned({ kind: 'hopping', sizeUs: 60 * SECOND, slideUs: 20 * SECOND }),
  'hopping-uneven': assigned({ kind: 'hopping', sizeUs: 60 * SECOND, slideUs: 25 * SECOND }),
  'window-session': session(),
  'session-dynamic-gap': assigned({
    kind: 'session',
    gapUs: op('mul', column('watched'), literal(9)),
  }),
  'session-touch-merge': session('merge'),
  'session-touch-split': session('split'),
  'session-touch-kafka': session('kafka'),
  'window-global': planOf([windowStep({ assign: { kind: 'global' } })], {
    sink: { name: 'out', mode: 'upsert', key: ['title'] },
  }),
  'window-cumulate': assigned({ kind: 'cumulate', stepUs: 60 * SECOND, maxSizeUs: 300 * SECOND }),
  'window-offset': assigned({ ...TUMBLING, offsetUs: SECOND } as WindowAssignment),
  'chained-windows': planOf([
    windowStep(),
    windowStep({ assign: { kind: 'tumbling', sizeUs: 600 * SECOND } }),
  ]),
  'trigger-early-count': windowPlan({ trigger: { early: { kind: 'count', count: 10 } } }),
  'trigger-early-event-time': windowPlan({
    trigger: { early: { kind: 'event-time', everyUs: 10 * SECOND } },
  }),
  'trigger-early-process-time': planOf(
    [windowStep({ trigger: { early: { kind: 'process-time', delayUs: 10 * SECOND } } })],
    { sink: { name: 'out', mode: 'upsert', key: ['title', 'window_start'] } },
  ),
  'trigger-late-each': windowPlan({ trigger: { late: { kind: 'each' } } }),
  'trigger-late-count': windowPlan({ trigger: { late: { kind: 'count', count: 2 } } }),
  'trigger-late-never': windowPlan({ trigger: { late: { kind: 'never' } } }),
  'no-on-time-pane': windowPlan({
    trigger: { onTime: false, early: { kind: 'count', count: 2 } },
  }),
  'closing-fire-always': windowPlan({ trigger: { closing: 'fire-always' } }),
  'closing-never': windowPlan({ trigger: { closing: 'never' } }),
  accumulating: windowPlan({ accumulation: 'accumulating' }),
  discarding: windowPlan({ accumulation: 'discarding' }),
  retracting: windowPlan({ accumulation: 'retracting' }),
  'allowed-lateness': windowPlan({ allowedLatenessUs: 600 * SECOND }),
  'late-output': planOf([windowStep({}, { lateOutput: 'late' })]),
  'close-by-stream-time': windowPlan({ closeRule: 'stream-time' }),
  'watermark-beam': windowPlan({ watermarkConvention: 'beam' }),
  'top-n': planOf([
    windowStep({}, { top: { limit: 3, by: [{ column: 'value', direction: 'desc' }] } }),
  ]),
  'aggregate-filter': aggregated({ kind: 'count', where: isLong }),
  'aggregate-count': aggregated({ kind: 'count' }),
  'aggregate-sum': aggregated({ kind: 'sum', of: column('watched') }),
  'aggregate-min': aggregated({ kind: 'min', of: column('id') }),
  'aggregate-max': aggregated({ kind: 'max', of: column('watched') }),
  'aggregate-avg': aggregated({ kind: 'avg', of: column('watched') }),
  'aggregate-count_distinct': aggregated({ kind: 'count_distinct', of: column('id') }),
  'aggregate-approx_count_distinct': aggregated({
    kind: 'approx_count_distinct',
    of: column('id'),
    precision: 12,
  }),
  'aggregate-quantile': aggregated({
    kind: 'quantile',
    of: column('watched'),
    q: 0.95,
    accuracy: 0.01,
  }),
  function: planOf([
    {
      kind: 'map',
      columns: {
        twice: {
          kind: 'function',
          name: 'twice',
          version: 1,
          returns: 'double',
          args: [column('watched')],
        },
      },
    },
  ]),
  'operator-lower': planOf([{ kind: 'map', columns: { low: op('lower', column('title')) } }]),
  'pane-columns-read': planOf([
    windowStep({ allowedLatenessUs: SECOND }),
    { kind: 'filter', where: op('eq', column('pane_timing'), literal('LATE')) },
  ]),
  'dedupe-after-window': planOf([windowStep(), { ...DEDUPE, by: [column('title')] }]),
  'dedupe-after-join': planOf([JOIN, DEDUPE]),
  'join-after-window': planOf([windowStep(), LOOKUP]),
  'time-of-two-sided-join': planOf([{ ...JOIN, ...STEPPED }, windowStep()]),
  'window-bounds-computed': planOf([
    windowStep(),
    { kind: 'map', columns: { length: op('sub', column('window_end'), column('window_start')) } },
  ]),
  'sub-millisecond': assigned({ kind: 'tumbling', sizeUs: 1_500 }),
  'names-differ-by-case': planOf([
    { kind: 'map', columns: { name: column('title'), Name: column('id') } },
  ]),
  'sink-append': planOf([]),
  'sink-upsert': planOf([], { sink: UPSERT }),
};
