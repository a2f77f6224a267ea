/** One small document of a closed loop for all tests of a process: an A/B test with history, and
 * its twin with the oracle. */
import { runScenario } from '../../../src/experiment/run.ts';
import { hours } from '../../../src/kernel/time.ts';
import { loopScenario } from './loop-world.ts';

/** The scenario: 24 viewers in two arms; every viewer has a week behind. */
export const loopTest = loopScenario(
  {
    arms: [
      { name: 'popular', policy: { kind: 'popularity' } },
      { name: 'als', policy: { kind: 'als' }, share: 2 },
    ],
    history: { days: 7 },
    learnEvery: hours(6),
    experiment: 'rows',
  },
  {
    audience: { viewers: 24 },
    variants: [
      { name: 'test', architecture: 'monolith' },
      {
        name: 'oracle',
        architecture: 'monolith',
        set: { 'recommendations.arms': [{ name: 'oracle', policy: { kind: 'oracle' } }] },
      },
    ],
  },
);

/** Run once. */
export const loopDocument = runScenario(loopTest, { threads: 1 });
