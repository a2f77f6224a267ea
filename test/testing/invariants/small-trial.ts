/** A small trial for tests of invariants: a few viewers, minutes long, with every policy at work.
 * */
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { minutes } from '../../../src/kernel/time.ts';
import type { Trial } from '../../../src/testing/trial/trial.ts';

/** Overrides of the small trial, one level deep. */
export interface TrialOverrides {
  readonly scenario?: Partial<ScenarioInput>;
  readonly architecture?: ArchitectureName;
  readonly healedAt?: number;
  readonly tieOrder?: number;
}

/** The small trial. */
export function smallTrial(overrides: TrialOverrides = {}): Trial {
  const { scenario, architecture = 'federated', healedAt = 0, tieOrder } = overrides;
  return {
    schema: 'backlot.trial/1',
    architecture,
    healedAt,
    tieOrder,
    scenario: {
      schema: 1,
      name: 'small',
      question: 'Does it hold?',
      seed: 1,
      clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(2), drain: minutes(1) },
      catalogue: { titles: 20 },
      audience: { viewers: 4 },
      ...scenario,
    },
  };
}
