/** Rows, aggregators and runs for tests of windows. */
import * as fc from 'fast-check';
import type { PlainValue } from '../../../src/domain/plain-value.ts';
import type { Aggregator } from '../../../src/streams/aggregates/aggregate-spec.ts';
import {
  createPartitionedWatermarks,
  type PartitionedWatermarks,
} from '../../../src/streams/watermarks/partitioned-watermarks.ts';
import { createWindowOperator } from '../../../src/streams/windows/create-window-operator.ts';
import type { Pane, WindowCounts } from '../../../src/streams/windows/window-operator.ts';
import type {
  TriggerSpec,
  WindowAssignment,
  WindowSpec,
} from '../../../src/streams/windows/window-spec.ts';

/** A row of a test: what it is keyed by, and what is aggregated. */
export interface Row {
  readonly key: string;
  readonly value: number | string;
}

/** Sums values. */
export const sumOf: Aggregator<Row, number, number> = {
  create: () => 0,
  add: (acc, { value }) => acc + Number(value),
  merge: (into, from) => into + from,
  result: (acc) => acc,
  save: (acc) => acc,
  load: (saved) => Number(saved),
};

/** Collects values. The accumulator is changed in place, as aggregators may. */
export const listOf: Aggregator<Row, (number | string)[], readonly (number | string)[]> = {
  create: () => [],
  add(acc, { value }) {
    acc.push(value);
    return acc;
  },
  merge(into, from) {
    into.push(...from);
    return into;
  },
  result: (acc) => [...acc],
  save: (acc) => [...acc],
  load: (saved) => [...(saved as (number | string)[])],
};

/** What a checkpoint on a disk does to a snapshot. */
export function throughJson(saved: PlainValue): PlainValue {
  return JSON.parse(JSON.stringify(saved)) as PlainValue;
}

/** A row with its time, and what else a case may need of it. */
export interface TimedRow extends Row {
  readonly value: number;
  readonly timeUs: number;
  /** A session gap of its own. */
  readonly gapUs: number;
  readonly partition: number;
  /** Whether the run is interrupted before it. */
  readonly isCut: boolean;
}

/** Rows from numbers: one draw a row keeps thousands of cases cheap, and shrinks. */
export function rowOf(code: number): TimedRow {
  return {
    key: 'abc'[code % 3] as string,
    timeUs: Math.floor(code / 3) % 64,
    value: 1 + (Math.floor(code / 192) % 4),
    partition: Math.floor(code / 768) % 4,
    gapUs: 1 + (Math.floor(code / 3_072) % 8),
    isCut: Math.floor(code / 24_576) % 4 === 0,
  };
}

/** Up to 30 rows in any order. */
export const anyRows = fc
  .array(fc.nat({ max: 98_303 }), { minLength: 1, maxLength: 30, size: 'max' })
  .map((codes) => codes.map(rowOf));

const size = fc.integer({ min: 1, max: 20 });
const offsetUs = fc.integer({ min: -25, max: 25 });
const touch = fc.constantFrom<'merge' | 'split'>('merge', 'split');

/** Every kind of aligned window. */
export const alignedAssignments: fc.Arbitrary<WindowAssignment> = fc.oneof(
  fc.record({ kind: fc.constant('tumbling' as const), sizeUs: size, offsetUs }),
  fc.record({ kind: fc.constant('hopping' as const), sizeUs: size, slideUs: size, offsetUs }),
  fc
    .record({
      stepUs: fc.integer({ min: 1, max: 8 }),
      steps: fc.integer({ min: 1, max: 4 }),
      offsetUs,
    })
    .map(({ stepUs, steps, offsetUs }) => ({
      kind: 'cumulate' as const,
      stepUs,
      maxSizeUs: stepUs * steps,
      offsetUs,
    })),
);

/** Sessions with fixed gaps and with gaps of their rows. */
export const sessionAssignments: fc.Arbitrary<WindowAssignment> = fc.record({
  kind: fc.constant('session' as const),
  gapUs: fc.oneof(
    fc.integer({ min: 1, max: 12 }),
    fc.constant({ kind: 'column' as const, name: 'gapUs' }),
  ),
  touch,
});

/** Every kind of window that the watermark closes. */
export const anyAssignment = fc.oneof(
  { weight: 3, arbitrary: alignedAssignments },
  { weight: 2, arbitrary: sessionAssignments },
);

/** Every trigger that loses nothing. */
export const anyTrigger: fc.Arbitrary<TriggerSpec> = fc.record({
  early: fc.constantFrom<NonNullable<TriggerSpec['early']>[]>(
    { kind: 'count', count: 1 },
    { kind: 'count', count: 3 },
    { kind: 'event-time', everyUs: 4 },
    { kind: 'event-time', everyUs: 15 },
    { kind: 'process-time', delayUs: 3 },
  ),
  late: fc.constantFrom<NonNullable<TriggerSpec['late']>[]>(
    { kind: 'each' },
    { kind: 'never' },
    { kind: 'count', count: 2 },
  ),
  onTime: fc.boolean(),
  closing: fc.constantFrom<'fire-if-non-empty' | 'fire-always'>('fire-if-non-empty', 'fire-always'),
});

/** What a run has answered. */
export interface Played {
  readonly panes: readonly Pane<number>[];
  readonly late: readonly TimedRow[];
  readonly counts: WindowCounts;
  readonly openWindows: number;
}

/** How rows are played. */
export interface PlayOptions {
  readonly spec: WindowSpec;
  readonly rows: readonly TimedRow[];
  readonly boundUs: number;
  readonly partitionCount?: number;
  /** Takes a snapshot through JSON into a new operator before each row that is a cut. */
  readonly isInterrupted?: boolean;
}

/** Plays rows with a watermark behind each, then the end of the stream. Process time is a step a
 * row. */
export function play(options: PlayOptions): Played {
  const { spec, rows, boundUs, partitionCount = 1, isInterrupted = false } = options;
  const panes: Pane<number>[] = [];
  const late: TimedRow[] = [];
  const create = () =>
    createWindowOperator<TimedRow, number, number>({
      spec,
      keyOf: ({ key }) => key,
      gapUsOf: ({ gapUs }) => gapUs,
      aggregator: sumOf,
      onPane: (pane) => panes.push(pane),
      onLate: ({ row }) => late.push(row),
    });
  const watermarks: PartitionedWatermarks<TimedRow> = createPartitionedWatermarks({
    partitionCount,
    strategy: { kind: 'bounded', boundUs },
  });
  let windows = create();
  rows.forEach((row, i) => {
    if (isInterrupted && row.isCut) {
      const saved = throughJson(windows.snapshot());
      windows = create();
      windows.restore(saved);
    }
    windows.passProcessTime(i);
    windows.add(row, row.timeUs);
    const grown = watermarks.observe(row.partition % partitionCount, row, row.timeUs);
    if (grown !== undefined) windows.advanceTo(grown);
  });
  windows.advanceTo(watermarks.end());
  return { panes, late, counts: windows.counts, openWindows: windows.openWindows };
}

/** A window of a key by name. */
export function nameOf({ key, info }: Pane<unknown>): string {
  return `${key} ${info.startUs} ${info.endUs}`;
}

/** What is left of panes once those taken back are gone: window → value, sorted by name. */
export function netOf(panes: readonly Pane<number>[]): ReadonlyMap<string, number> {
  const net = new Map<string, number>();
  for (const pane of panes) {
    const name = nameOf(pane);
    if (pane.info.isRetraction) net.delete(name);
    else net.set(name, pane.value);
  }
  return new Map([...net].sort());
}
