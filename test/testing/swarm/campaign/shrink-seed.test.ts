/** Failures of a swarm get small: few commands, few faults, plain settings. */
import { describe, expect, it } from 'vitest';
import type { Invariant } from '../../../../src/testing/invariants/invariant.ts';
import { trialSize } from '../../../../src/testing/shrink/smaller-trials.ts';
import { shrinkSeed } from '../../../../src/testing/swarm/campaign/shrink-seed.ts';
import { drawTrial } from '../../../../src/testing/swarm/campaign/swarm-source.ts';
import { runTrial } from '../../../../src/testing/trial/run-trial.ts';
import { SWARM } from '../swarms.ts';

/** No invariant at all: pages do fail under faults. It needs a fault to be broken, mostly. */
const NO_PAGE_FAILS: Invariant = {
  name: 'no-page-fails',
  modality: 'always',
  claim: 'no page fails',
  watch: (world) => ({
    atEnd() {
      const failed = world.recorder.loads.filter(({ outcome }) => outcome === 'failed').length;
      return failed > 0 ? { message: `${failed} pages failed` } : undefined;
    },
    exercised: () => world.recorder.loads.length,
  }),
};
const invariants = [NO_PAGE_FAILS];

async function firstFailing(from: number): Promise<number> {
  for (let seed = from; ; seed += 1) {
    const trial = drawTrial(SWARM, seed);
    if (trial.scenario.faults?.length === 0) continue;
    const { violations } = await runTrial(trial, invariants);
    if (violations.length > 0) return seed;
  }
}

describe('a failure of a swarm', () => {
  it('T57: is shrunk to few commands and faults, and fails as it did', async () => {
    const seed = await firstFailing(100);
    const failing = { seed, invariant: NO_PAGE_FAILS.name };
    const shrunk = await shrinkSeed(SWARM, failing, { budget: 120, invariants });
    if (shrunk === undefined) throw new Error('it did not fail');
    const { trial, violation, tries } = shrunk;
    expect(tries).toBeLessThanOrEqual(120);
    const size = trialSize(trial);
    expect(size.commands).toBeLessThanOrEqual(6);
    expect(size.faults).toBeLessThanOrEqual(2);
    const again = await runTrial(JSON.parse(JSON.stringify(trial)), invariants);
    expect(again.violations).toEqual([violation]);
  });

  it('T57: is undefined where the seed breaks nothing', async () => {
    const failing = { seed: 1, invariant: 'no-such-thing' };
    expect(await shrinkSeed(SWARM, failing, { budget: 10, invariants })).toBeUndefined();
  });
});
