/** The closed loop as the scenario says it, in the words of the domain. */
import type { ChoiceConfig } from '../../domain/taste/choice-model.ts';
import type { SatisfactionConfig } from '../../domain/taste/satisfaction.ts';
import type { Scenario } from '../scenario/schema.ts';

/** What a scenario says of recommendations, defaults filled in. */
export type Recommendations = NonNullable<Scenario['recommendations']>;

/** The same, times by their names in the domain. */
export interface LoopConfig extends Omit<Recommendations, 'choice' | 'satisfaction'> {
  readonly choice: ChoiceConfig;
  readonly satisfaction: SatisfactionConfig;
}

/** Translates. */
export function loopConfig(recommendations: Recommendations): LoopConfig {
  const { returnTime, ...satisfaction } = recommendations.satisfaction;
  return { ...recommendations, satisfaction: { ...satisfaction, returnTimeUs: returnTime } };
}
