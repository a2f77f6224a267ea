/** Laws of event-time windows, for any rows, any windows and any watermark. Each runs over 2,000
 * cases, ten times as many with `BACKLOT_LONG`. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import type { Accumulation } from '../../../src/streams/windows/window-spec.ts';
import { batchAligned, batchSessions, closingSessions } from './batch-windows.ts';
import {
  alignedAssignments,
  anyAssignment,
  anyRows,
  anyTrigger,
  nameOf,
  netOf,
  type Played,
  play,
  sessionAssignments,
  type TimedRow,
} from './window-builder.ts';

const isMutant = process.env['MUTANTS_OF'] !== undefined;
const numRuns = isMutant ? 200 : process.env['BACKLOT_LONG'] === '1' ? 20_000 : 2_000;
const disorder = { rows: anyRows, bound: fc.nat(20), lateness: fc.nat(20) };
const anyCase = fc.record({ assign: anyAssignment, trigger: anyTrigger, ...disorder });
const alignedCase = fc.record({ assign: alignedAssignments, trigger: anyTrigger, ...disorder });
const sessionCase = fc.record({ assign: sessionAssignments, trigger: anyTrigger, ...disorder });

const seen = { lateRows: 0, latePanes: 0, earlyPanes: 0, retractions: 0, partial: 0, merged: 0 };

function note({ panes, late, counts }: Played): void {
  seen.lateRows += late.length;
  seen.partial += counts.partialLateDrops;
  for (const { info } of panes) {
    if (info.isRetraction) seen.retractions += 1;
    else if (info.timing === 'LATE') seen.latePanes += 1;
    else if (info.timing === 'EARLY') seen.earlyPanes += 1;
  }
}

const byArrival = (rows: readonly TimedRow[]) => rows.map((row) => JSON.stringify(row));

describe('laws of windows', () => {
  afterAll(() => {
    if (isMutant) return;
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(1_000);
  });

  test.prop([anyCase], { seed: 101, numRuns })(
    'W23 final panes and late rows with bound B and lateness L are those with B + L and 0',
    ({ assign, rows, bound, lateness }) => {
      const accumulation = 'retracting';
      const lenient = play({
        spec: { assign, allowedLatenessUs: lateness, accumulation },
        rows,
        boundUs: bound,
      });
      const patient = play({ spec: { assign, accumulation }, rows, boundUs: bound + lateness });
      note(lenient);
      expect(netOf(lenient.panes)).toEqual(netOf(patient.panes));
      expect(byArrival(lenient.late)).toEqual(byArrival(patient.late));
      expect(patient.panes.every(({ info }) => info.timing === 'ON_TIME' && info.isLast)).toBe(
        true,
      );
      expect(lenient.counts.partialLateDrops).toBe(patient.counts.partialLateDrops);
    },
  );

  test.prop([alignedCase], { seed: 102, numRuns })(
    'W10 final panes of aligned windows are the batch over what each window admitted',
    ({ assign, rows, bound, lateness, trigger }) => {
      const spec = { assign, trigger, allowedLatenessUs: lateness };
      const played = play({ spec, rows, boundUs: bound });
      note(played);
      const batch = batchAligned(assign, rows, { boundUs: bound, latenessUs: lateness });
      expect(netOf(played.panes)).toEqual(batch.windows);
      expect(byArrival(played.late)).toEqual(byArrival(batch.late));
    },
  );

  test.prop([sessionCase], { seed: 103, numRuns })(
    'W10 final panes of sessions are those found by sorting what was not late',
    ({ assign, rows, bound, lateness, trigger }) => {
      const accumulation = 'retracting' as const;
      const spec = { assign, trigger, allowedLatenessUs: lateness, accumulation };
      const played = play({ spec, rows, boundUs: bound });
      note(played);
      const batch = closingSessions(assign, rows, { boundUs: bound, latenessUs: lateness });
      expect(netOf(played.panes)).toEqual(batch.windows);
      expect(byArrival(played.late)).toEqual(byArrival(batch.late));
      seen.merged += rows.length - batch.late.length - batch.windows.size;
    },
  );

  test.prop([anyCase], { seed: 104, numRuns })(
    'W19 however panes accumulate, they end at the same results',
    ({ assign, rows, bound, lateness, trigger }) => {
      const run = (accumulation: Accumulation) =>
        play({
          spec: { assign, trigger, allowedLatenessUs: lateness, accumulation },
          rows,
          boundUs: bound,
        });
      const [all, parts, net] = [run('accumulating'), run('discarding'), run('retracting')];
      note(net);
      const isSession = assign.kind === 'session';
      const nameBy = (panes: Played['panes'], sign = 1) => {
        const sums = new Map<string, number>();
        for (const pane of panes) {
          const name = isSession ? pane.key : nameOf(pane);
          const signed = pane.info.isRetraction ? -sign * pane.value : sign * pane.value;
          sums.set(name, (sums.get(name) ?? 0) + signed);
        }
        return new Map([...sums].sort());
      };
      if (!isSession) expect(netOf(net.panes)).toEqual(netOf(all.panes));
      expect(nameBy(parts.panes)).toEqual(nameBy(net.panes));
      const told = net.panes.filter(({ info }) => !info.isRetraction);
      expect(told).toEqual(all.panes);
      expect(parts.panes.map(({ info }) => info)).toEqual(all.panes.map(({ info }) => info));
      expect(net.panes.length - told.length).toBe(told.length - netOf(net.panes).size);
    },
  );

  const delays = fc.array(fc.nat(20), { minLength: 30, maxLength: 30 });
  test.prop([anyCase, delays], { seed: 105, numRuns })(
    'W13 disorder within the bound changes no pane, and makes no row late',
    ({ assign: drawn, rows, bound }, late) => {
      const assign = drawn.kind === 'session' ? { ...drawn, touch: 'split' as const } : drawn;
      const sorted = [...rows].sort((a, b) => a.timeUs - b.timeUs);
      const disordered = sorted
        .map((row, i) => ({ row, at: row.timeUs + ((late[i] ?? 0) % (bound + 1)) }))
        .sort((a, b) => a.at - b.at)
        .map(({ row }) => row);
      const inOrder = play({ spec: { assign }, rows: sorted, boundUs: bound });
      const outOfOrder = play({ spec: { assign }, rows: disordered, boundUs: bound });
      expect(outOfOrder.panes).toEqual(inOrder.panes);
      expect(outOfOrder.late).toEqual([]);
      if (assign.kind !== 'session') return;
      expect(netOf(inOrder.panes)).toEqual(batchSessions(assign, rows));
    },
  );

  test.prop([anyCase, fc.integer({ min: 2, max: 4 })], { seed: 106, numRuns })(
    'W26 splitting a source into partitions makes no more rows late',
    ({ assign, rows, bound, lateness }, partitionCount) => {
      const options = { spec: { assign, allowedLatenessUs: lateness }, rows, boundUs: bound };
      const split = play({ ...options, partitionCount });
      expect(split.late.length).toBeLessThanOrEqual(play(options).late.length);
    },
  );
});
