/** Tumbling windows: what they promise for any elements and any watermarks. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createTumblingWindows, type WindowFiring } from '../../src/streams/tumbling-window.ts';

const SIZE = 10;

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ key: fc.constantFrom('a', 'b'), time: fc.nat(100) }) },
  { weight: 1, arbitrary: fc.record({ watermark: fc.nat(120) }) },
);
const plan = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }),
  lateness: fc.nat(30),
  offset: fc.integer({ min: -15, max: 15 }),
  mode: fc.constantFrom<'accumulating' | 'discarding'>('accumulating', 'discarding'),
});

type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

function play({ steps, lateness, offset, mode }: Plan) {
  const fired: WindowFiring[] = [];
  const onFire = (firing: WindowFiring) => fired.push(firing);
  const windows = createTumblingWindows({
    size: SIZE,
    offset,
    allowedLateness: lateness,
    mode,
    onFire,
  });
  const taken: { key: string; time: number }[] = [];
  let late = 0;
  for (const one of steps) {
    if ('watermark' in one) windows.advanceTo(one.watermark);
    else if (windows.add({ ...one, value: 1 })) taken.push(one);
    else late += 1;
  }
  windows.advanceTo(Number.POSITIVE_INFINITY);
  return { fired, taken, late, windows };
}

describe('tumbling windows', () => {
  test.prop([plan], { seed: 11, numRuns: 300 })(
    'W7 every element is in one window or late, and the final panes are the batch counts',
    (drawn) => {
      const { fired, taken, late } = play(drawn);
      const elements = drawn.steps.filter((one) => 'time' in one).length;
      expect(taken.length + late).toBe(elements);
      const total = new Map<string, number>();
      for (const { key, start, value } of fired) {
        const name = `${key} ${start}`;
        const before = drawn.mode === 'discarding' ? (total.get(name) ?? 0) : 0;
        total.set(name, before + value);
      }
      const batch = new Map<string, number>();
      for (const { key, time } of taken) {
        const start = Math.floor((time - drawn.offset) / SIZE) * SIZE + drawn.offset;
        batch.set(`${key} ${start}`, (batch.get(`${key} ${start}`) ?? 0) + 1);
      }
      expect(new Map([...total].sort())).toEqual(new Map([...batch].sort()));
    },
  );

  test.prop([plan], { seed: 12, numRuns: 300 })(
    'nothing is held after the last watermark, and nothing is taken in',
    (drawn) => {
      const { windows, fired } = play(drawn);
      expect(windows.openCount).toBe(0);
      const before = fired.length;
      expect(windows.add({ key: 'a', value: 1, time: 50 })).toBe(false);
      expect(fired.length).toBe(before);
    },
  );

  test.prop([plan], { seed: 13, numRuns: 300 })(
    'panes of a window and key are numbered from 0, and one at most is on time',
    (drawn) => {
      const byName = new Map<string, WindowFiring[]>();
      for (const firing of play(drawn).fired) {
        const name = `${firing.key} ${firing.start}`;
        byName.set(name, [...(byName.get(name) ?? []), firing]);
        expect(firing.end - firing.start).toBe(SIZE);
      }
      for (const firings of byName.values()) {
        expect(firings.map(({ paneIndex }) => paneIndex)).toEqual(firings.map((_, i) => i));
        const onTime = firings.filter(({ timing }) => timing === 'ON_TIME');
        expect(onTime.length).toBeLessThanOrEqual(1);
        if (onTime.length === 1) expect(firings[0]).toBe(onTime[0]);
      }
    },
  );

  it('fires windows in the order of time, and keys in the order of their text', () => {
    const order: string[] = [];
    const windows = createTumblingWindows({
      size: 10,
      allowedLateness: 0,
      onFire: ({ key, start }) => order.push(`${start}${key}`),
    });
    for (const [key, time] of [
      ['b', 25],
      ['a', 3],
      ['ä', 3],
      ['B', 3],
      ['a', 25],
    ] as const) {
      windows.add({ key, value: 1, time });
    }
    windows.advanceTo(100);
    expect(order).toEqual(['0B', '0a', '0ä', '20a', '20b']);
  });

  it('puts negative times into the window below (floor modulo)', () => {
    const fired: WindowFiring[] = [];
    const onFire = (firing: WindowFiring) => fired.push(firing);
    const windows = createTumblingWindows({ size: 10, allowedLateness: 0, onFire });
    windows.add({ key: 'k', value: 1, time: -1 });
    windows.advanceTo(-1);
    expect(fired).toMatchObject([{ start: -10, end: 0, timing: 'ON_TIME' }]);
  });

  it('V21 the end of lateness saturates: a window near the end of time is not forgotten', () => {
    const fired: WindowFiring[] = [];
    const windows = createTumblingWindows({
      size: 1_000,
      allowedLateness: Number.MAX_SAFE_INTEGER,
      onFire: (firing) => fired.push(firing),
    });
    const time = Number.MAX_SAFE_INTEGER - 5_000;
    expect(windows.add({ key: 'k', value: 1, time })).toBe(true);
    windows.advanceTo(Number.MAX_SAFE_INTEGER - 3_000);
    expect(fired).toHaveLength(1);
    expect(windows.add({ key: 'k', value: 1, time })).toBe(true);
    expect(fired).toMatchObject([{ value: 1 }, { value: 2, timing: 'LATE' }]);
    windows.advanceTo(Number.MAX_SAFE_INTEGER);
    expect(windows.openCount).toBe(0);
  });

  it('does not go back with a watermark that does', () => {
    const windows = createTumblingWindows({ size: 10, allowedLateness: 0, onFire: () => {} });
    windows.advanceTo(50);
    windows.advanceTo(5);
    expect(windows.add({ key: 'k', value: 1, time: 20 })).toBe(false);
  });
});
