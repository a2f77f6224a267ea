/** Window vectors distilled from the test suites of Flink, Beam and Kafka. Those of tumbling
 * windows are run; the others are skipped, each with what it waits for. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTumblingWindows, type WindowFiring } from '../../src/streams/tumbling-window.ts';
import { createBoundedWatermark, createWatermarkMerge } from '../../src/streams/watermark.ts';

const FILE = new URL('../../../shared/vectors/windows.json', import.meta.url);

interface Vector {
  readonly id: string;
  readonly src: string;
  readonly kind?: string;
  readonly window?: { readonly type: string; readonly size?: number; readonly offset?: number };
  readonly lateness?: number;
  readonly mode?: 'accumulating' | 'discarding';
  readonly trigger?: unknown;
  readonly steps?: readonly Step[];
  readonly openAtEnd?: number;
  readonly bound?: number;
  readonly channels?: number;
  readonly cases?: readonly { readonly events: readonly number[]; readonly wm: number | 'min' }[];
}

interface Step {
  readonly e?: readonly [string, number, number];
  readonly w?: number | readonly [number, number];
  readonly idle?: number;
  readonly active?: number;
  readonly out?: unknown;
  readonly late?: readonly (readonly [string, number, number])[];
  readonly snapshotRestore?: boolean;
}

const vectors: readonly Vector[] = existsSync(FILE)
  ? (JSON.parse(readFileSync(FILE, 'utf8')) as { vectors: Vector[] }).vectors
  : [];

/** What a vector needs that is not built; undefined where it can be run. */
function missingPart({ kind, window, trigger }: Vector): string | undefined {
  if (kind === 'watermarkGen' || kind === 'watermarkMerge') return undefined;
  if (kind !== undefined) return `${kind}: no such close rule or trigger yet`;
  if (trigger !== undefined) return 'no triggers besides the watermark yet';
  return window?.type === 'tumbling' ? undefined : `no ${window?.type} windows yet`;
}

describe.skipIf(vectors.length === 0)('window vectors (skipped where the file is missing)', () => {
  for (const vector of vectors) {
    const missing = missingPart(vector);
    const name = `${vector.id} ${vector.src}`;
    if (missing === undefined) it(name, () => run(vector));
    else it.skip(`${name} — ${missing}`, () => {});
  }

  it('runs every vector of tumbling windows and of watermarks', () => {
    const runnable = vectors.filter((vector) => missingPart(vector) === undefined);
    expect(runnable.map(({ id }) => id)).toEqual(
      'V01 V06 V07 V08 V15 V20 W01 W02 W03 W04 W05 W06'.split(' '),
    );
  });
});

function run(vector: Vector): void {
  if (vector.kind === 'watermarkGen') runGenerator(vector);
  else if (vector.kind === 'watermarkMerge') runMerge(vector);
  else runWindows(vector);
}

/** Steps that snapshot and restore are passed over: operators cannot be restored yet. */
function runWindows({ window, lateness = 0, mode = 'accumulating', steps = [], ...rest }: Vector) {
  let fired: WindowFiring[] = [];
  const windows = createTumblingWindows({
    size: window?.size ?? 0,
    offset: window?.offset ?? 0,
    allowedLateness: lateness,
    mode,
    onFire: (firing) => fired.push(firing),
  });
  for (const { e, w, out = [], late = [] } of steps) {
    fired = [];
    const isTaken = e === undefined || windows.add({ key: e[0], value: e[1], time: e[2] });
    if (typeof w === 'number') windows.advanceTo(w);
    expect(isTaken ? [] : [e]).toEqual(late);
    expect(fired.map(asRow)).toEqual(out);
  }
  if (rest.openAtEnd !== undefined) expect(windows.openCount).toBe(rest.openAtEnd);
  expect(steps.length).toBeGreaterThan(0);
}

function asRow({ key, value, start, end, timing }: WindowFiring): readonly unknown[] {
  return [key, value, start, end, timing === 'LATE' ? 'late' : 'onTime'];
}

function runGenerator({ bound = 0, cases = [] }: Vector): void {
  for (const { events, wm } of cases) {
    const watermark = createBoundedWatermark(bound);
    events.forEach((time) => {
      watermark.observe(time);
    });
    expect(watermark.watermarkUs).toBe(wm === 'min' ? Number.NEGATIVE_INFINITY : wm);
    expect(watermark.watermarkUs).toBe(wm === 'min' ? Number.NEGATIVE_INFINITY : wm);
  }
  expect(cases.length).toBeGreaterThan(0);
}

function runMerge({ channels = 0, steps = [] }: Vector): void {
  const merge = createWatermarkMerge(channels);
  for (const { w, idle, active, out } of steps) {
    let grown: number | undefined;
    if (w !== undefined && typeof w !== 'number') grown = merge.advance(w[0], w[1]);
    if (idle !== undefined) grown = merge.setIdle(idle);
    if (active !== undefined) merge.setActive(active);
    const [expected, status] = Array.isArray(out) ? out : [out, undefined];
    expect(grown).toBe(expected);
    if (status === 'IDLE') expect(merge.isAllIdle).toBe(true);
  }
  expect(steps.length).toBeGreaterThan(0);
}
