/** The known answers of `scenarios/recommendations-ab.ts`; some 30 s of CPU, so in the long run. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../scenarios/recommendations-ab.ts';
import { runScenario } from '../../src/experiment/run.ts';

const isLong = process.env['BACKLOT_LONG'] === '1';
if (!isLong) console.info('skipped: recommendations-ab takes 30 s of CPU (BACKLOT_LONG=1)');

describe.skipIf(!isLong)('recommendations-ab', () => {
  it('M119: popularity < ALS < oracle, in the arms as in the twins', async () => {
    const { architectures } = await runScenario(scenario);
    const armsOf = (name: string) =>
      architectures.find((one) => one.name === name)?.recommendations?.arms ?? [];
    const [popularity, als] = armsOf('ab-test');
    expect(popularity?.value).toBeLessThan(als?.value ?? 0);
    const twins = ['popularity', 'als', 'oracle'].map((name) => armsOf(`all-${name}`)[0]);
    for (const [i, twin] of twins.entries()) {
      const better = twins[i + 1];
      if (better === undefined) continue;
      expect(twin?.value).toBeLessThan(better.value ?? 0);
      expect(twin?.hoursPerViewer?.value).toBeLessThan(better.hoursPerViewer?.value ?? 0);
    }
    for (const { recommendations } of architectures) {
      expect(recommendations?.impressions).toMatchObject({ residual: 0, wrongPropensities: 0 });
    }
  });
});
