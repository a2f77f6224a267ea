/** Runs window vectors distilled from the test suites of Flink, Beam and Kafka: each step is taken
 * alone, and what it should answer is compared row for row. Vectors of watermarks run elsewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Aggregator } from '../../../src/streams/aggregates/aggregate-spec.ts';
import { createWindowOperator } from '../../../src/streams/windows/create-window-operator.ts';
import type {
  LateRow,
  Pane,
  WindowOperator,
} from '../../../src/streams/windows/window-operator.ts';
import type { TriggerSpec, WindowSpec } from '../../../src/streams/windows/window-spec.ts';
import { listOf, type Row, sumOf, throughJson } from './window-builder.ts';

const FILE = new URL('../../../../shared/vectors/windows.json', import.meta.url);

/** A vector as the file has it. */
export interface Vector {
  readonly id: string;
  readonly src: string;
  readonly kind?: string;
  readonly window?: VectorWindow;
  readonly lateness?: number;
  readonly mode?: 'accumulating' | 'discarding';
  readonly trigger?: VectorTrigger;
  readonly early?: { readonly count: number };
  readonly lateTrigger?: 'never' | { readonly count: number };
  readonly steps?: readonly VectorStep[];
  readonly openAtEnd?: number;
  readonly bound?: number;
  readonly channels?: number;
  readonly cases?: readonly { readonly events: readonly number[]; readonly wm: number | 'min' }[];
  readonly size?: number;
  readonly gap?: number;
  readonly grace?: number;
  readonly events?: readonly (readonly [string, number])[];
  readonly raw?: readonly KafkaRow[];
  readonly final?: readonly KafkaRow[];
  readonly dropped?: readonly (readonly [string, number])[];
}

interface VectorWindow {
  readonly type: 'tumbling' | 'sliding' | 'session' | 'global';
  readonly size?: number;
  readonly slide?: number;
  readonly offset?: number;
  readonly gap?: number;
  readonly touch?: 'merge' | 'split';
}

type VectorTrigger =
  | { readonly type: 'count'; readonly n: number }
  | { readonly type: 'continuous'; readonly every: number };

interface VectorStep {
  readonly e?: readonly [string, number, number];
  readonly w?: number | 'max' | readonly [number, number];
  readonly bundle?: readonly (number | string)[];
  readonly idle?: number;
  readonly active?: number;
  readonly out?: unknown;
  readonly late?: readonly (readonly [string, number, number])[];
  readonly snapshotRestore?: boolean;
}

/** Key, start, end, count; null where the row is taken back. */
type KafkaRow = readonly [string, number, number, number | null];

interface BeamPane {
  readonly w?: readonly [number, number];
  readonly v: readonly (number | string)[];
  readonly timing: string;
  readonly index?: number;
  readonly nonspeculative?: number;
  readonly final?: boolean;
}

/** All vectors; none where the file is missing. */
export const vectors: readonly Vector[] = existsSync(FILE)
  ? (JSON.parse(readFileSync(FILE, 'utf8')) as { vectors: Vector[] }).vectors
  : [];

const TIMINGS = { EARLY: 'early', ON_TIME: 'onTime', LATE: 'late' } as const;

/** One run: an operator and what it has answered since it was last asked. */
class Run<Acc, Result> {
  readonly #spec: WindowSpec;
  readonly #aggregator: Aggregator<Row, Acc, Result>;
  operator: WindowOperator<Row>;
  panes: Pane<Result>[] = [];
  late: LateRow<Row>[] = [];

  constructor(spec: WindowSpec, aggregator: Aggregator<Row, Acc, Result>) {
    this.#spec = spec;
    this.#aggregator = aggregator;
    this.operator = this.#create();
  }

  snapshotRestore(): void {
    const saved = throughJson(this.operator.snapshot());
    this.operator = this.#create();
    this.operator.restore(saved);
    expect(throughJson(this.operator.snapshot())).toEqual(saved);
  }

  take(): { readonly panes: readonly Pane<Result>[]; readonly late: readonly LateRow<Row>[] } {
    const { panes, late } = this;
    this.panes = [];
    this.late = [];
    return { panes, late };
  }

  #create(): WindowOperator<Row> {
    return createWindowOperator({
      spec: this.#spec,
      keyOf: ({ key }) => key,
      aggregator: this.#aggregator,
      onPane: (pane) => this.panes.push(pane),
      onLate: (late) => this.late.push(late),
    });
  }
}

/** Runs a vector of windows in Flink's form. @param change - what to do wrong on purpose. */
export function runFlinkVector(vector: Vector, change: Partial<WindowSpec> = {}): void {
  const run = new Run({ ...specOf(vector), ...change }, sumOf);
  const { steps = [] } = vector;
  expect(steps.length).toBeGreaterThan(0);
  for (const { e, w, snapshotRestore, out, late = [] } of steps) {
    if (e !== undefined) run.operator.add({ key: e[0], value: e[1] }, e[2]);
    if (w !== undefined) run.operator.advanceTo(watermarkOf(w));
    if (snapshotRestore === true) run.snapshotRestore();
    const answered = run.take();
    expect(answered.late.map(({ row, timeUs }) => [row.key, row.value, timeUs])).toEqual(late);
    const expected = (out ?? []) as readonly (readonly unknown[])[];
    expect(answered.panes).toHaveLength(expected.length);
    answered.panes.forEach((pane, i) => {
      const row = expected[i] ?? [];
      const { startUs, endUs, timing } = pane.info;
      const found = [pane.key, pane.value, startUs, endUs, TIMINGS[timing]];
      expect(found.slice(0, row.length)).toEqual(row);
    });
  }
  if (vector.openAtEnd !== undefined) expect(run.operator.openWindows).toBe(vector.openAtEnd);
}

function specOf({ window, lateness = 0, mode = 'accumulating', trigger }: Vector): WindowSpec {
  return {
    assign: assignmentOf(window),
    allowedLatenessUs: lateness,
    accumulation: mode,
    ...(trigger === undefined ? {} : { trigger: triggerOf(trigger) }),
  };
}

function assignmentOf(window: VectorWindow | undefined): WindowSpec['assign'] {
  const { type, size = 0, slide = 0, offset = 0, gap = 0, touch = 'merge' } = window ?? {};
  if (type === 'tumbling') return { kind: 'tumbling', sizeUs: size, offsetUs: offset };
  if (type === 'session') return { kind: 'session', gapUs: gap, touch };
  if (type === 'global') return { kind: 'global' };
  return { kind: 'hopping', sizeUs: size, slideUs: slide, offsetUs: offset };
}

/** Flink's bare count trigger has no on-time pane; its continuous trigger fires at the end too. */
function triggerOf(trigger: VectorTrigger): TriggerSpec {
  if (trigger.type === 'count') {
    return { early: { kind: 'count', count: trigger.n }, onTime: false };
  }
  return { early: { kind: 'event-time', everyUs: trigger.every } };
}

function watermarkOf(w: NonNullable<VectorStep['w']>): number {
  return typeof w === 'number' ? w : Number.POSITIVE_INFINITY;
}

/** Runs a vector of Beam's panes, bundle by bundle, with Beam's watermarks. */
export function runBeamVector(vector: Vector, change: Partial<WindowSpec> = {}): void {
  const { lateTrigger, steps = [] } = vector;
  const late: TriggerSpec['late'] =
    lateTrigger === 'never' ? { kind: 'never' } : { kind: 'count', count: lateTrigger?.count ?? 1 };
  const spec: WindowSpec = {
    ...specOf({ ...vector, lateness: vector.lateness ?? (lateTrigger === undefined ? 0 : 1_000) }),
    trigger: { early: { kind: 'count', count: vector.early?.count ?? 0 }, late },
    watermarkConvention: 'beam',
    ...change,
  };
  const run = new Run(spec, listOf);
  expect(steps.length).toBeGreaterThan(0);
  for (const { bundle = [], w, out } of steps) {
    run.operator.bundle(() => {
      for (const element of bundle) {
        const [value, time] = String(element).split('@') as [string, string | undefined];
        run.operator.add(
          { key: 'k', value: time === undefined ? element : value },
          Number(time ?? value),
        );
      }
    });
    if (w !== undefined) run.operator.advanceTo(watermarkOf(w));
    const expected = (out ?? []) as readonly BeamPane[];
    const { panes, late: lateRows } = run.take();
    expect(lateRows).toEqual([]);
    expect(panes.map((pane, i) => beamPane(pane, expected[i]))).toEqual(expected);
  }
}

/** A pane in the vector's form, with the fields that the vector states. */
function beamPane({ value, info }: Pane<readonly unknown[]>, expected: BeamPane | undefined) {
  const all: Record<string, unknown> = {
    w: [info.startUs, info.endUs],
    v: [...value].sort(),
    timing: TIMINGS[info.timing],
    index: info.paneIndex,
    nonspeculative: info.nonSpeculativeIndex,
    final: info.isLast,
  };
  return Object.fromEntries(Object.keys(expected ?? all).map((name) => [name, all[name]]));
}

/** Runs a vector of Kafka's windows twice: as a table of updates, and with final results only. */
export function runKafkaVector(vector: Vector, change: Partial<WindowSpec> = {}): void {
  const { size = 0, gap = 0, grace = 0, kind, events = [], raw, final, dropped } = vector;
  const isSession = kind === 'kafkaSession';
  const base: WindowSpec = {
    assign: isSession
      ? { kind: 'session', gapUs: gap, touch: 'kafka' }
      : { kind: 'tumbling', sizeUs: size },
    closeRule: 'stream-time',
    allowedLatenessUs: grace,
    ...change,
  };
  const updates: WindowSpec = {
    ...base,
    trigger: { early: { kind: 'count', count: 1 }, onTime: false },
    accumulation: isSession ? 'retracting' : 'accumulating',
  };
  const play = (spec: WindowSpec) => {
    const run = new Run(spec, sumOf);
    for (const [key, time] of events) run.operator.add({ key, value: 1 }, time);
    const { panes, late } = run.take();
    const rows = panes.map(({ key, value, info: { startUs, endUs, isRetraction } }) => [
      key,
      startUs,
      endUs,
      isRetraction ? null : value,
    ]);
    return { rows, late: late.map(({ row, timeUs }) => [row.key, timeUs]) };
  };
  expect(events.length).toBeGreaterThan(0);
  expect(play(updates).rows).toEqual(raw);
  const finals = play(base);
  expect(finals.rows).toEqual(final);
  expect(finals.late).toEqual(dropped ?? [['k1', 5]]);
}
