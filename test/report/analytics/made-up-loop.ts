/** A closed loop made up by hand: two arms, two slots, an A/B test. */
import { judgeExperiment } from '../../../src/analytics/online-experiments/ab/ab-report.ts';
import type {
  ArmResult,
  LoopResult,
} from '../../../src/experiment/recommendations/results/loop-result.ts';

const arms = ['popular', 'als'].map(armResult);

function armResult(name: string, i: number): ArmResult {
  const estimate = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });
  return {
    ...{ name, policy: name, share: 0.5, viewers: 20, visits: 50, rows: 80, takes: 20 + 20 * i },
    takeRate: estimate(0.25 + 0.25 * i),
    ...{ plays: 30, completionShare: 0.5, hoursWatched: 40 },
    hoursPerViewer: estimate(2),
    satisfaction: i === 0 ? null : estimate(0.6),
    ...{ returned: 12, churned: 1, value: 0.2, bestValue: 0.6, regret: 32, shareOfOracle: 1 / 3 },
    bySlot: [0, 1].map((slot) => ({
      ...{ slot, shown: 80, taken: 20 - 5 * slot, expected: 18.5, stored: 79, clicked: 19 },
    })),
  };
}

const EVEN = Array.from({ length: 40 }, (_, viewer) => viewer);

/** The result. */
export const LOOP_RESULT: LoopResult = {
  experiment: 'rows',
  slots: 2,
  arms,
  history: null,
  learning: { rounds: 3, rows: 41, incompleteRows: 2 },
  impressions: {
    ...{ shown: 320, stored: 318, waiting: 1, residual: 0, wrongPropensities: 0 },
    lost: { bad_row: 1 },
  },
  series: {
    hours: [12, 24],
    arms: arms.map(({ name }) => ({
      name,
      takeRate: [null, 0.3],
      satisfaction: [0.5, 0.55],
      regretPerViewer: [0.4, 1.1],
    })),
  },
  comparison: judgeExperiment({
    name: 'rows',
    arms: arms.map(({ name, share }) => ({ name, share })),
    viewers: { viewer: EVEN, arm: EVEN.map((viewer) => viewer % 2) },
    metrics: [
      { name: 'hours', unit: 'h', better: 'more', value: EVEN, before: EVEN.map((v) => v / 2) },
      { name: 'visits', unit: 'visits', better: 'more', value: EVEN.map(() => 1) },
    ],
  }),
};
