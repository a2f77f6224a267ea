/** How much more traffic a fleet bears, where what each replication bears is known. */
import { expect, it } from 'vitest';
import type { RunSample } from '../../../src/experiment/campaign/run-sample.ts';
import { HEADROOM_TOLERANCE, headroomOf } from '../../../src/experiment/capacity/headroom.ts';
import type { FleetTrials } from '../../../src/experiment/capacity/subject/fleet-trials.ts';

/** Trials in which replication r bears `borne[r]` times the traffic, at ten pages a second. */
function trialsThatBear(borne: readonly number[]) {
  const sample = { metrics: { 'pages per second': 10 } } as unknown as RunSample;
  const trials: Pick<FleetTrials, 'holds' | 'bindingAbove' | 'samplesOf'> = {
    holds: async (_, questions) =>
      questions.map((asked) => asked.factor <= (borne[asked.replication] ?? 0)),
    bindingAbove: async () => null,
    samplesOf: async () => [borne.map(() => sample)],
  };
  return trials as FleetTrials;
}

async function headroom(borne: readonly number[]) {
  const found = await headroomOf({ replications: { last: 5 } }, trialsThatBear(borne), [1]);
  if (found === null) throw new Error('no headroom');
  return found;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

it('E212: is the mean of what replications bear, be it below the planned traffic', async () => {
  const borne = [0.6, 0.8, 1.5, 2, 2.5];
  const { factor, pagesPerSec, isAtLeast } = await headroom(borne);
  expect(Math.abs(factor.value / mean(borne) - 1)).toBeLessThan(HEADROOM_TOLERANCE);
  expect(factor.low).toBeLessThan(factor.value);
  expect(pagesPerSec?.value).toBeCloseTo(10 * factor.value, 9);
  expect(isAtLeast).toBe(false);
});

it('E212: has no interval where a replication holds up to the end of the ramp', async () => {
  const { factor, pagesPerSec, isAtLeast } = await headroom([2, 2, 2, 2, 9]);
  expect(isAtLeast).toBe(true);
  expect([factor.low, factor.high]).toEqual([null, null]);
  expect([pagesPerSec?.low, pagesPerSec?.high]).toEqual([null, null]);
});
