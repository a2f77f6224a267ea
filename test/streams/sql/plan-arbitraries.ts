/** Random plans with one window, and rows that come out of order: what streams and batches are
 * compared on. Sums are over eighths, which doubles add exactly in any order. */
import { fc } from '@fast-check/vitest';
import type { AggregateSpec } from '../../../src/streams/aggregates/aggregate-spec.ts';
import type { ColumnType, Expression, Scalar } from '../../../src/streams/plan/expression.ts';
import type { PipelinePlan, PlanStep } from '../../../src/streams/plan/plan.ts';
import type { WindowAssignment, WindowSpec } from '../../../src/streams/windows/window-spec.ts';
import { booleans, COLUMNS, numbers, texts } from './expression-arbitraries.ts';

/** A row of the plans' source. */
export type PlanRow = Readonly<Record<string, Scalar>>;

/** A plan and the records that are pushed, in order. */
export interface PlanCase {
  readonly plan: PipelinePlan;
  readonly rows: readonly PlanRow[];
}

const column = (name: string): Expression => ({ kind: 'column', name });
const size = fc.integer({ min: 1, max: 30 });
const offset = fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined, freq: 2 });

const assignments: Readonly<Record<string, fc.Arbitrary<WindowAssignment>>> = {
  tumbling: fc.tuple(size, offset).map(([sizeUs, offsetUs]) => ({
    kind: 'tumbling',
    sizeUs,
    ...(offsetUs === undefined ? {} : { offsetUs }),
  })),
  hopping: fc.tuple(size, size, offset).map(([sizeUs, slideUs, offsetUs]) => ({
    kind: 'hopping',
    sizeUs,
    slideUs,
    ...(offsetUs === undefined ? {} : { offsetUs }),
  })),
  session: fc
    .tuple(
      fc.oneof(
        size,
        fc.constant(column('i1')),
        numbers.filter((one) => one.kind !== 'literal'),
      ),
      fc.constantFrom<'merge' | 'split' | 'kafka' | undefined>(
        'merge',
        'split',
        'kafka',
        undefined,
      ),
    )
    .map(([gapUs, touch]) => ({
      kind: 'session',
      gapUs,
      ...(touch === undefined || (touch === 'kafka' && typeof gapUs !== 'number') ? {} : { touch }),
    })),
  cumulate: fc
    .tuple(size, fc.integer({ min: 1, max: 5 }), offset)
    .map(([stepUs, times, offsetUs]) => ({
      kind: 'cumulate',
      stepUs,
      maxSizeUs: stepUs * times,
      ...(offsetUs === undefined ? {} : { offsetUs }),
    })),
  global: fc.constant({ kind: 'global' }),
};

const triggers = fc.option(
  fc.integer({ min: 1, max: 4 }).map((count) => ({ early: { kind: 'count' as const, count } })),
  { nil: undefined, freq: 2 },
);

function windowOf(kind: string): fc.Arbitrary<WindowSpec> {
  return fc
    .tuple(
      assignments[kind] as fc.Arbitrary<WindowAssignment>,
      fc.integer({ min: 0, max: 25 }),
      triggers,
    )
    .map(([assign, lateness, trigger]) => ({
      assign,
      // Accumulating sessions leave the panes of what they merge: only retractions take them back.
      accumulation: 'retracting',
      ...(lateness < 10 || kind === 'global' ? {} : { allowedLatenessUs: lateness }),
      ...(trigger === undefined ? {} : { trigger }),
    }));
}

const aggregates: fc.Arbitrary<Record<string, AggregateSpec>> = fc
  .tuple(booleans, fc.oneof(texts, numbers), fc.oneof(texts, numbers), fc.oneof(texts, booleans))
  .map(([where, least, most, distinct]) => ({
    n: { kind: 'count' },
    n_where: { kind: 'count', where },
    total: { kind: 'sum', of: column('eighths'), where },
    mean: { kind: 'avg', of: column('eighths') },
    least: { kind: 'min', of: least },
    most: { kind: 'max', of: most, where },
    kinds: { kind: 'count_distinct', of: distinct },
  }));

const filters = fc.option(
  booleans.map((where): PlanStep => ({ kind: 'filter', where })),
  { nil: undefined },
);

/** Every column goes on; one is computed. */
const maps = fc.option(
  texts.map((text): PlanStep => {
    const names = Object.keys(SOURCE).filter((name) => name !== 's2');
    const kept = Object.fromEntries(names.map((name) => [name, column(name)]));
    return { kind: 'map', columns: { ...kept, s2: text } };
  }),
  { nil: undefined },
);

const dedupes = fc.option(
  fc
    .integer({ min: 1, max: 30 })
    .map((ttlUs): PlanStep => ({ kind: 'dedupe', by: [column('s1'), column('b1')], ttlUs })),
  { nil: undefined, freq: 3 },
);

const tops = fc.option(
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom<'asc' | 'desc'>('asc', 'desc'))
    .map(([limit, direction]) => ({ limit, by: [{ column: 'mean', direction }] })),
  { nil: undefined },
);

const SOURCE = { ...COLUMNS, eighths: 'double', time: 'timestamp' } as const satisfies Record<
  string,
  ColumnType
>;

/** Types of the source's columns. */
export const PLAN_COLUMNS: Readonly<Record<string, ColumnType>> = SOURCE;

/** Cases with windows of one kind. @param rows - arbitrary rows with the columns of expressions. */
export function planCases(
  kind: string,
  rows: fc.Arbitrary<readonly PlanRow[]>,
): fc.Arbitrary<PlanCase> {
  const keys = fc.subarray(['s1', 'i1', 'b1'], { maxLength: 2 });
  return fc
    .tuple(
      windowOf(kind),
      aggregates,
      filters,
      maps,
      dedupes,
      tops,
      keys,
      fc.integer({ min: 0, max: 20 }),
      rows,
    )
    .map(([window, specs, filter, map, dedupe, top, by, boundUs, given]) => {
      const hasOnePane = window.trigger === undefined && window.allowedLatenessUs === undefined;
      const step: PlanStep = {
        kind: 'window',
        window,
        keys: Object.fromEntries(by.map((name) => [`key_${name}`, column(name)])),
        aggregates: specs,
        lateOutput: 'late',
        ...(top === undefined || !hasOnePane || kind === 'global' || kind === 'session'
          ? {}
          : { top }),
      };
      return { plan: planOf([filter, map, dedupe], step, boundUs), rows: given };
    });
}

function planOf(
  before: readonly (PlanStep | undefined)[],
  step: PlanStep,
  boundUs: number,
): PipelinePlan {
  return {
    schema: 'backlot.pipeline/1',
    name: 'random',
    source: {
      name: 's',
      columns: Object.fromEntries(Object.entries(SOURCE).map(([name, type]) => [name, { type }])),
      time: 'time',
      watermark: { kind: 'bounded', boundUs },
    },
    steps: [...before.filter((one) => one !== undefined), step],
    sink: { name: 'out', mode: 'append', key: [] },
  };
}

/** Rows whose times go on by some µs and back by some. */
export function disordered(
  rows: fc.Arbitrary<readonly PlanRow[]>,
): fc.Arbitrary<readonly PlanRow[]> {
  const move = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 40 }));
  const eighths = fc.option(
    fc.integer({ min: -80, max: 80 }).map((n) => n / 8),
    { nil: null },
  );
  return fc
    .tuple(
      rows,
      rows,
      rows,
      fc.infiniteStream(fc.tuple(move, eighths)),
      fc.integer({ min: -60, max: 60 }),
    )
    .map(([a, b, c, moves, startUs]) => {
      let nowUs = startUs;
      return [...a, ...b, ...c].map((row, i) => {
        const [[onUs, backUs], value] = moves.next().value;
        nowUs += onUs;
        return {
          ...row,
          row_no: i,
          eighths: value,
          time: nowUs - (backUs > 30 ? 6 * (backUs - 30) : 0),
        };
      });
    });
}
