/** Another future changes nothing, and the test catches a model that has looked. Spec: M45. */
import { describe, expect, it } from 'vitest';
import { leakageTest } from '../../../src/analytics/evaluation/leakage.ts';
import { cutAtShare, temporalSplit } from '../../../src/analytics/evaluation/temporal-split.ts';
import { TRAINERS } from '../../../src/analytics/recommenders/trainers.ts';
import type { Interactions } from '../../../src/analytics/training/interactions.ts';
import { readInteractions } from '../../../src/analytics/training/read-interactions.ts';
import { panelWarehouse } from '../hand-made-plays.ts';

const { warehouse } = panelWarehouse({ viewers: 60, days: 14, titles: 30 });
const ALL = readInteractions(warehouse);
const CUT_US = cutAtShare(ALL, 0.7);
const SEED = 9;

function train(plays: Interactions) {
  return Object.values(TRAINERS).map((one) => one.train(plays, SEED));
}

describe('the test for leaks', () => {
  it('M45: finds every model the same under another future, to the bit', () => {
    const learn = (plays: Interactions) => train(temporalSplit(plays, CUT_US).train);
    const found = leakageTest(ALL, { cutUs: CUT_US, seed: SEED, learn });
    expect(found).toEqual(Object.keys(TRAINERS).map((model) => ({ model, isSame: true })));
  });

  it('M45: catches models that learn from everything, and one whose cut is by share', () => {
    const isSame = (learn: (plays: Interactions) => ReturnType<typeof train>) =>
      leakageTest(ALL, { cutUs: CUT_US, seed: SEED, learn }).filter((one) => one.isSame);
    // Even random: strangers move the numbers of users.
    expect(isSame(train).map(({ model }) => model)).toEqual([]);
    const byShare = (plays: Interactions) => {
      const { train: past } = temporalSplit(plays, cutAtShare(plays, 0.7));
      return train(past).slice(1);
    };
    expect(isSame(byShare)).toEqual([]);
  });
});
