/** Valid plans of every shape, for properties. Their source has columns `id`, `k`, `n`, `flag` and
 * `at`. */
import { fc } from '@fast-check/vitest';
import {
  avg,
  count,
  countDistinct,
  max,
  quantile,
  sum,
} from '../../../src/streams/plan/builder/aggregate.ts';
import { asc, desc, type Pipeline, pipeline } from '../../../src/streams/plan/builder/pipeline.ts';
import {
  boundedOutOfOrderness,
  cumulate,
  globalWindow,
  hopping,
  session,
  tumbling,
  type WindowOptions,
} from '../../../src/streams/plan/builder/window.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';

/** A record of the source. */
export interface RandomRecord {
  readonly id: string;
  readonly k: string | null;
  readonly n: number;
  readonly flag: boolean;
  readonly at: number;
}

/** Records whose times wander within some 200 µs. */
export const randomRecords = fc.array(
  fc.record({
    id: fc.nat(25).map((n) => `e${n}`),
    k: fc.option(fc.constantFrom('a', 'b', 'c'), { freq: 8 }),
    n: fc.integer({ min: -9, max: 9 }),
    flag: fc.boolean(),
    at: fc.nat(200),
  }),
  { maxLength: 40, size: 'max' },
);

type Row = {
  readonly id: string;
  readonly k: string;
  readonly n: number;
  readonly flag: boolean;
  readonly at: number;
};
type Change = (plan: Pipeline<Row>) => Pipeline<Row>;

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>((plan) => plan.filter((f) => f.n.gt(-5).or(f.k.isNull()))),
  fc.constant<Change>((plan) => plan.divert('flagged', (f) => f.flag.and(f.n.gt(0)))),
  fc.integer({ min: 1, max: 80 }).map<Change>((ttlUs) => {
    return (plan) => plan.dedupe({ by: (f) => [f.id, f.k], ttlUs });
  }),
  fc.constant<Change>((plan) =>
    plan.map((f) => ({
      id: f.id,
      k: f.k.coalesce('z'),
      n: f.n.mul(2),
      flag: f.flag.not(),
      at: f.at,
    })),
  ),
);

const assignments = fc.oneof(
  fc.integer({ min: 5, max: 60 }).map((sizeUs) => tumbling(sizeUs, { offsetUs: 3 })),
  fc
    .record({ sizeUs: fc.integer({ min: 5, max: 40 }), slideUs: fc.integer({ min: 4, max: 50 }) })
    .map(hopping),
  fc
    .record({ stepUs: fc.integer({ min: 3, max: 10 }), steps: fc.integer({ min: 1, max: 4 }) })
    .map(({ stepUs, steps }) => cumulate({ stepUs, maxSizeUs: stepUs * steps })),
  fc.constant(globalWindow()),
);

const optionsOf = (hasLateness: boolean): fc.Arbitrary<WindowOptions> =>
  fc.record(
    {
      allowedLatenessUs: fc.constant(hasLateness ? 20 : 0),
      accumulation: fc.constantFrom('accumulating', 'retracting'),
      trigger: fc.record(
        {
          early: fc.constantFrom(
            { kind: 'count', count: 2 } as const,
            { kind: 'event-time', everyUs: 7 } as const,
          ),
          late: fc.constantFrom({ kind: 'each' } as const, { kind: 'never' } as const),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );

const windowed = fc
  .record({
    assign: assignments,
    isSession: fc.boolean(),
    gapUs: fc.integer({ min: 2, max: 30 }),
    isTop: fc.boolean(),
    lateness: fc.boolean(),
  })
  .chain((given) =>
    optionsOf(given.lateness && given.assign.assignOf({}).kind !== 'global').map((options) => {
      return { ...given, options };
    }),
  );

/** Plans of one source: up to three changes, and in most cases a window. */
export const randomPlans: fc.Arbitrary<PipelinePlan> = fc
  .record({
    bound: fc.nat(60),
    changes: fc.uniqueArray(changes, { maxLength: 3 }),
    window: fc.option(windowed, { freq: 5 }),
  })
  .map(({ bound, changes: all, window }) => {
    let plan: Pipeline<Row> = pipeline('random').source('events', {
      columns: { id: 'string', k: 'string', n: 'integer', flag: 'boolean', at: 'timestamp' },
      time: 'at',
      watermark: boundedOutOfOrderness(bound),
    });
    const seen = new Set<string>();
    for (const change of all) {
      const next = change(plan);
      const kind = JSON.stringify(next.sink('o', { mode: 'append', key: [] }).steps.at(-1));
      if (!seen.has(kind) && !(kind.includes('divert') && seen.has('divert'))) plan = next;
      seen.add(kind);
      if (kind.includes('divert')) seen.add('divert');
    }
    if (window === null) return plan.sink('o', { mode: 'append', key: ['id'] });
    const { assign, isSession, gapUs, isTop, options } = window;
    const aggregated = plan
      .window(isSession ? session(gapUs) : assign, options)
      .groupBy((f) => ({ k: f.k }))
      .aggregate({
        rows: count(),
        flagged: count((f) => f.flag),
        total: sum((f) => f.n),
        mean: avg((f) => f.n),
        greatest: max((f) => f.n),
        ids: countDistinct((f) => f.id),
        median: quantile((f) => f.n, { q: 0.5 }),
      })
      .late('too_late');
    if (!isTop || isSession) return aggregated.sink('o', { mode: 'append', key: ['k'] });
    return aggregated
      .top(2, { by: [desc('rows'), asc('total')] })
      .sink('o', { mode: 'append', key: ['window_start', 'rank'] });
  });
