/** All 33 vectors distilled from the test suites of Flink, Beam and Kafka, and V21, which JSON
 * cannot hold; and the mutants that they tell apart. */
import { describe, expect, it } from 'vitest';
import { createWindowOperator } from '../../../src/streams/windows/create-window-operator.ts';
import type { Pane } from '../../../src/streams/windows/window-operator.ts';
import type { WindowSpec } from '../../../src/streams/windows/window-spec.ts';
import { runMergeVector, runWatermarkVector } from '../watermarks/watermark-vector-runner.ts';
import {
  runBeamVector,
  runFlinkVector,
  runKafkaVector,
  type Vector,
  vectors,
} from './vector-runner.ts';
import { sumOf } from './window-builder.ts';

const RUNNERS: Readonly<Record<string, (vector: Vector, change?: Partial<WindowSpec>) => void>> = {
  windows: runFlinkVector,
  beamPanes: runBeamVector,
  kafkaEmitFinal: runKafkaVector,
  kafkaSession: runKafkaVector,
  watermarkGen: runWatermarkVector,
  watermarkMerge: runMergeVector,
};

const runnerOf = ({ kind = 'windows' }: Vector) => RUNNERS[kind];

describe.skipIf(vectors.length === 0)('window vectors (skipped where the file is missing)', () => {
  for (const vector of vectors) {
    it(`${vector.id} ${vector.src}`, () => {
      const run = runnerOf(vector);
      expect(run).toBeDefined();
      run?.(vector);
    });
  }

  it('are 33', () => {
    expect(vectors).toHaveLength(33);
  });

  const mutants: Readonly<Record<string, readonly [Partial<WindowSpec>, string]>> = {
    'touching sessions split': [{ assign: { kind: 'session', gapUs: 10, touch: 'split' } }, 'V04a'],
    'touching sessions merge': [{ assign: { kind: 'session', gapUs: 10 } }, 'V04b'],
    'overlap begins at a touch': [{ assign: { kind: 'session', gapUs: 9 } }, 'V05'],
    'Flink watermark taken for Beam’s': [{ watermarkConvention: 'beam' }, 'V01'],
    'accumulates what it should discard': [{ accumulation: 'accumulating' }, 'V06'],
    'discards what it should accumulate': [{ accumulation: 'discarding' }, 'V07'],
    'admits no late rows': [{ allowedLatenessUs: 0 }, 'V06'],
    'a little more lateness': [{ allowedLatenessUs: 4_002 }, 'V06'],
    'lateness where there is none': [{ allowedLatenessUs: 10 }, 'V10'],
    'no lateness in sessions': [{ allowedLatenessUs: 0 }, 'V11'],
    'late rows of sessions are told with what was told': [{ accumulation: 'accumulating' }, 'V12'],
    'merged sessions forget': [{ accumulation: 'discarding' }, 'V13'],
    'starts lie on a grid without offset': [{ assign: { kind: 'tumbling', sizeUs: 2_000 } }, 'V15'],
    'an early pane one row too early': [
      { trigger: { early: { kind: 'count', count: 3 }, onTime: false } },
      'V17',
    ],
    'an early trigger off the grid': [
      { trigger: { early: { kind: 'event-time', everyUs: 1_500 } } },
      'V18',
    ],
    'late panes wait': [{ trigger: { late: { kind: 'never' } } }, 'V07'],
    'late panes at once': [{ trigger: { early: { kind: 'count', count: 2 } } }, 'B03'],
    'no closing pane': [
      {
        trigger: { early: { kind: 'count', count: 2 }, late: { kind: 'never' }, closing: 'never' },
      },
      'B03',
    ],
    'no on-time pane': [{ trigger: { onTime: false, closing: 'never' } }, 'V01'],
    'stream time closes at once': [{ allowedLatenessUs: 0 }, 'K01'],
    'a session ends where its gap ends': [{ assign: { kind: 'session', gapUs: 5 } }, 'K03'],
    'watermarks do not close by stream time': [{ closeRule: 'watermark' }, 'K01'],
  };
  for (const [mistake, [change, id]] of Object.entries(mutants)) {
    it(`${id} tells: ${mistake}`, () => {
      const vector = vectors.find((one) => one.id === id);
      expect(vector).toBeDefined();
      if (vector !== undefined) expect(() => runnerOf(vector)?.(vector, change)).toThrow();
    });
  }
});

describe('V21 the end of lateness saturates', () => {
  it('W15 a window near the end of time is not forgotten early', () => {
    const panes: Pane<number>[] = [];
    const windows = createWindowOperator({
      spec: {
        assign: { kind: 'tumbling', sizeUs: 1_000 },
        allowedLatenessUs: Number.MAX_SAFE_INTEGER,
      },
      keyOf: ({ key }) => key,
      aggregator: sumOf,
      onPane: (pane) => panes.push(pane),
      onLate: () => expect.unreachable(),
    });
    const time = Number.MAX_SAFE_INTEGER - 5_000;
    windows.add({ key: 'k', value: 1 }, time);
    windows.advanceTo(Number.MAX_SAFE_INTEGER - 3_000);
    expect(panes).toHaveLength(1);
    windows.add({ key: 'k', value: 1 }, time);
    expect(panes).toMatchObject([
      { value: 1, info: { timing: 'ON_TIME', isLast: false } },
      { value: 2, info: { timing: 'LATE', isLast: false } },
    ]);
    windows.advanceTo(Number.MAX_SAFE_INTEGER);
    expect(windows.openWindows).toBe(0);
  });
});
