/** What holds for the state of windows and for the marks on panes, whatever the windows, triggers
 * and rows are. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { WindowSpec } from '../../../src/streams/windows/window-spec.ts';
import { anyAssignment, anyRows, anyTrigger, nameOf, play } from './window-builder.ts';

const isMutant = process.env['MUTANTS_OF'] !== undefined;
const numRuns = isMutant ? 200 : process.env['BACKLOT_LONG'] === '1' ? 20_000 : 2_000;

const anySpec: fc.Arbitrary<WindowSpec> = fc.record({
  assign: fc.oneof(
    { weight: 8, arbitrary: anyAssignment },
    { weight: 1, arbitrary: fc.constant({ kind: 'global' as const }) },
    {
      weight: 1,
      arbitrary: fc.constant({ kind: 'session' as const, gapUs: 5, touch: 'kafka' as const }),
    },
  ),
  trigger: anyTrigger,
  accumulation: fc.constantFrom<NonNullable<WindowSpec['accumulation']>[]>(
    'accumulating',
    'discarding',
    'retracting',
  ),
  allowedLatenessUs: fc.nat(20),
  closeRule: fc.constantFrom<NonNullable<WindowSpec['closeRule']>[]>('watermark', 'stream-time'),
  watermarkConvention: fc.constantFrom<NonNullable<WindowSpec['watermarkConvention']>[]>(
    'flink',
    'beam',
  ),
});

describe('state of windows', () => {
  test.prop([anySpec, anyRows, fc.nat(20)], { seed: 201, numRuns })(
    'W22 a snapshot at any step is invisible: panes, late rows, counts, order',
    (spec, rows, boundUs) => {
      const whole = play({ spec, rows, boundUs });
      expect(play({ spec, rows, boundUs, isInterrupted: true })).toEqual(whole);
    },
  );

  test.prop([anySpec, anyRows, fc.nat(20)], { seed: 202, numRuns })(
    'W21, W24 nothing is held after the last watermark, and every row is accounted for',
    (spec, rows, boundUs) => {
      const { openWindows, counts, late, panes } = play({
        spec: { ...spec, accumulation: 'discarding' },
        rows,
        boundUs,
      });
      expect(openWindows).toBe(0);
      expect(counts.received).toBe(rows.length);
      expect(counts.late).toBe(late.length);
      expect(counts.droppedClosed).toBe(0);
      if (spec.assign.kind === 'hopping' || spec.assign.kind === 'cumulate') return;
      const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
      const lateValue = sum(late.map(({ value }) => value));
      expect(sum(panes.map(({ value }) => value)) + lateValue).toBe(
        sum(rows.map(({ value }) => value)),
      );
    },
  );

  test.prop([anySpec, anyRows, fc.nat(20)], { seed: 203, numRuns })(
    'W16 panes are numbered, at most one of a window is on time, and at most one is the last',
    (spec, rows, boundUs) => {
      const { panes } = play({ spec, rows, boundUs });
      const told = panes.filter(({ info }) => !info.isRetraction);
      const byWindow = new Map<string, (typeof told)[number][]>();
      for (const pane of told) {
        byWindow.set(nameOf(pane), [...(byWindow.get(nameOf(pane)) ?? []), pane]);
      }
      for (const ofWindow of byWindow.values()) {
        const infos = ofWindow.map(({ info }) => info);
        const order = infos.map(({ timing }) => ['EARLY', 'ON_TIME', 'LATE'].indexOf(timing));
        if (spec.assign.kind !== 'session') {
          expect(infos.map(({ paneIndex }) => paneIndex)).toEqual(infos.map((_, i) => i));
          expect(order).toEqual([...order].sort());
          expect(infos.filter(({ timing }) => timing === 'ON_TIME').length).toBeLessThanOrEqual(1);
          expect(infos.slice(0, -1).some(({ isLast }) => isLast)).toBe(false);
        }
        for (const { timing, nonSpeculativeIndex, isFirst, paneIndex } of infos) {
          expect(nonSpeculativeIndex < 0).toBe(timing === 'EARLY');
          expect(isFirst).toBe(paneIndex === 0);
          expect(nonSpeculativeIndex).toBeLessThanOrEqual(paneIndex);
        }
      }
    },
  );
});
