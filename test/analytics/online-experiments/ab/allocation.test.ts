/** Who is in which arm, and who moves when arms change. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createAllocation } from '../../../../src/analytics/online-experiments/ab/allocation.ts';
import { createChance } from '../../../../src/kernel/chance.ts';

const chance = createChance({ seed: 5, replication: 0 });
const VIEWERS = 4_000;
const CONTROL = { name: 'control', share: 1 };
const RANKED = { name: 'ranked', share: 1 };

function allocated(arms: readonly { name: string; share: number }[], experiment = 'rows') {
  const armOf = createAllocation({ experiment, arms, chance });
  return Array.from({ length: VIEWERS }, (_, viewer) => arms[armOf(viewer)]?.name);
}

describe('allocation', () => {
  it('M140: follows the shares', () => {
    const arms = [CONTROL, { name: 'ranked', share: 3 }];
    const ranked = allocated(arms).filter((name) => name === 'ranked').length;
    expect(Math.abs(ranked - 0.75 * VIEWERS)).toBeLessThan(4 * Math.sqrt(0.1875 * VIEWERS));
  });

  test.prop([fc.nat({ max: 2 ** 31 })], { numRuns: 50 })('M140: is sticky', (viewer) => {
    const first = createAllocation({ experiment: 'rows', arms: [CONTROL, RANKED], chance });
    const again = createAllocation({ experiment: 'rows', arms: [RANKED, CONTROL], chance });
    expect(first(viewer)).toBe(first(viewer));
    expect(again(viewer)).toBe(1 - first(viewer));
  });

  it('M141: one more arm takes from all, and moves nobody between the others', () => {
    const two = allocated([CONTROL, RANKED]);
    const three = allocated([CONTROL, RANKED, { name: 'bandit', share: 1 }]);
    const moved = three.filter((name, i) => name !== two[i]);
    expect(new Set(moved)).toEqual(new Set(['bandit']));
    expect(Math.abs(moved.length - VIEWERS / 3)).toBeLessThan(4 * Math.sqrt((2 / 9) * VIEWERS));
  });

  it('M141: an arm that grows gives none back', () => {
    const small = allocated([CONTROL, { name: 'ranked', share: 0.1 }]);
    const large = allocated([CONTROL, { name: 'ranked', share: 0.5 }]);
    expect(small.filter((name, i) => name === 'ranked' && large[i] !== 'ranked')).toEqual([]);
  });

  it('is independent of another experiment', () => {
    const one = allocated([CONTROL, RANKED], 'one');
    const other = allocated([CONTROL, RANKED], 'other');
    const both = one.filter((name, i) => name === other[i]).length;
    expect(Math.abs(both - VIEWERS / 2)).toBeLessThan(4 * Math.sqrt(VIEWERS / 4));
  });

  it('refuses arms that are none', () => {
    const make = (arms: { name: string; share: number }[]) => () =>
      createAllocation({ experiment: 'x', arms, chance });
    expect(make([])).toThrow('number of arms is 0');
    expect(make([CONTROL, CONTROL])).toThrow('name of an arm is control');
    expect(make([{ name: 'a', share: 0 }])).toThrow('share of arm a is 0');
  });
});
