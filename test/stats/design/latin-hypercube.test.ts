/** Latin hypercubes: one point in every slice, and what that is worth. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { latinHypercube } from '../../../src/stats/design/latin-hypercube.ts';
import { momentsOf } from '../../../src/stats/moments.ts';

const uniformOf = (seed: number) => {
  const draws = createChance({ seed, replication: 0 }).draws('test.design');
  return (row: number, column: number): number => draws.uniform(column, row);
};

describe('Latin hypercube', () => {
  test.prop([fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }), fc.nat(1_000)], {
    seed: 111,
    numRuns: 100,
  })('N50: has one point in every slice of every dimension', (rows, columns, seed) => {
    for (const kind of ['centred', 'random'] as const) {
      const points = latinHypercube({ rows, columns, kind, uniform: uniformOf(seed) });
      for (let column = 0; column < columns; column += 1) {
        const slices = points.map((point) => Math.floor((point[column] ?? 0) * rows));
        const all = Array.from({ length: rows }, (_, i) => i);
        expect(slices.sort((a, b) => a - b)).toEqual(all);
      }
    }
  });

  it('N50: leaves a column as it is when others are added', () => {
    const options = { rows: 12, kind: 'random', uniform: uniformOf(5) } as const;
    const few = latinHypercube({ ...options, columns: 2 });
    const many = latinHypercube({ ...options, columns: 5 });
    expect(many.map((point) => point.slice(0, 2))).toEqual(few);
  });

  it('shuffles fairly: every slice is as likely in the first row', () => {
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 2_000; seed += 1) {
      const options = { rows: 4, columns: 1, kind: 'centred', uniform: uniformOf(seed) } as const;
      const slice = Math.floor((latinHypercube(options)[0]?.[0] ?? 0) * 4);
      counts[slice] = (counts[slice] ?? 0) + 1;
    }
    // 500 each, ± 4.5 standard errors.
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(88);
  });

  it('estimates a sum of functions far better than independent points', () => {
    const f = (point: readonly number[]): number => point.reduce((sum, x) => sum + x * x, 0);
    const meanOf = (points: readonly (readonly number[])[]): number =>
      points.reduce((sum, point) => sum + f(point), 0) / points.length;
    const spread = (make: (seed: number) => number[][]): number =>
      momentsOf(Array.from({ length: 100 }, (_, seed) => meanOf(make(seed)))).variance;
    const hypercube = spread((seed) =>
      latinHypercube({ rows: 20, columns: 3, kind: 'random', uniform: uniformOf(seed) }),
    );
    const independent = spread((seed) =>
      Array.from({ length: 20 }, (_, r) => [0, 1, 2].map((c) => uniformOf(seed)(r, c))),
    );
    expect(independent / hypercube).toBeGreaterThan(50);
  });

  it('centres points, and refuses an impossible size', () => {
    const points = latinHypercube({ rows: 2, columns: 1, kind: 'centred', uniform: uniformOf(1) });
    expect(points.flat().sort()).toEqual([0.25, 0.75]);
    const bad = { columns: 1, kind: 'centred', uniform: () => 0.5 } as const;
    expect(() => latinHypercube({ ...bad, rows: 0 })).toThrow(/rows is 0/);
    expect(() => latinHypercube({ ...bad, rows: 2, columns: 1.5 })).toThrow(/columns is 1.5/);
  });
});
