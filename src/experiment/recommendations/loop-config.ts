/** The closed loop as the scenario says it, in the words of the domain. */
import type { PanelConfig } from '../../analytics/panel/panel-config.ts';
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

/** How a panel of the scenario's viewers behaves. */
export function panelConfigOf(config: LoopConfig, scenario: Scenario): Partial<PanelConfig> {
  const { slots, choice, satisfaction, browseShare, browsedTitles } = config;
  return {
    ...{ slots, choice, satisfaction, browseShare, browsedTitles },
    browseExponent: scenario.catalogue.popularityExponent,
    goesOn: scenario.audience.behaviour.continueShare,
  };
}
