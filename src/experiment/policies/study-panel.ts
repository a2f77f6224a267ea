/** The panel that policies are studied on: the scenario's viewers live a while as they did before,
 * what they do is stored in a warehouse, and models are trained from that alone. */
import { createPlayOracle } from '../../analytics/evaluation/play-oracle.ts';
import { describeCatalogue, historyListener } from '../../analytics/panel/history.ts';
import { createPanel, type Panel } from '../../analytics/panel/panel.ts';
import type { Recommender } from '../../analytics/recommenders/recommender.ts';
import type { Interactions } from '../../analytics/training/interactions.ts';
import { readInteractions } from '../../analytics/training/read-interactions.ts';
import { createAudience } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { RowPolicy } from '../../domain/recommending/row-policy.ts';
import { createTastes, type Tastes } from '../../domain/taste/tastes.ts';
import { type Chance, createChance } from '../../kernel/chance.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { audienceConfig } from '../households/audience-config.ts';
import { loopConfig, panelConfigOf, type Recommendations } from '../recommendations/loop-config.ts';
import { createModelShelf } from '../recommendations/model-shelf.ts';
import { createPolicy, type PoliciesOptions, policyBefore } from '../recommendations/policies.ts';
import type { PolicySettings } from '../scenario/recommendations/policy-schema.ts';
import type { Scenario } from '../scenario/schema.ts';

/** What policies are studied on. */
export interface StudyPanel {
  /** Stands at the end of the history; whoever goes on takes a fork. */
  readonly panel: Panel;
  readonly tastes: Tastes;
  readonly catalogue: Catalogue;
  readonly chance: Chance;
  readonly plays: number;
  readonly impressions: number;
  readonly interactions: Interactions;
  /** A new policy, which has learned nothing yet but what its model was trained from. */
  policy(choice: PolicySettings): RowPolicy;
  /** Foretells plays by true tastes, for whoever numbers users as these interactions do. Undefined
   * where rows were not random: what was shown then says more than tastes do; and where ids are not
   * in the order of the catalogue. */
  readonly oracleOf: ((train: Interactions) => Recommender) | undefined;
}

/** What it is made of. */
export interface StudyPanelOptions {
  readonly scenario: Scenario;
  readonly recommendations: Recommendations;
  readonly catalogue: Catalogue;
  readonly viewers: number;
  readonly historyDays: number;
  /** Empty; is filled with the history. */
  readonly warehouse: Warehouse;
}

/** Lives through the history. Cost: some 10 µs a row, and a write a play and title shown. */
export function createStudyPanel(options: StudyPanelOptions): StudyPanel {
  const { scenario, catalogue, viewers, historyDays, warehouse } = options;
  const config = loopConfig(options.recommendations);
  const { choice } = config;
  const chance = createChance({ seed: scenario.seed, replication: 0 });
  const profileOf = createAudience(audienceConfig(scenario, catalogue), chance);
  const tastes = createTastes({ config: config.tastes, catalogue, profileOf, chance });
  const panel = createPanel({
    tastes,
    catalogue,
    chance,
    viewers: Array.from({ length: viewers }, (_, viewer) => viewer),
    config: panelConfigOf(config, scenario),
  });
  const before = policyBefore(config.history?.policy, catalogue.titles.length);
  describeCatalogue(warehouse, catalogue);
  const stored = warehouse.writeHistory((writer) =>
    panel.advance({
      days: historyDays,
      policyOf: () => before,
      listener: historyListener(writer, { catalogue }),
    }),
  );
  const interactions = readInteractions(warehouse, { untilUs: panel.nowUs });
  // The oracle numbers titles by their place in the catalogue.
  const isInOrder = catalogue.titles.every(({ id }, place) => interactions.titles[place] === id);
  const parts: PoliciesOptions = {
    ...{ choice, catalogue, chance, tastes },
    favouriteGenre: (viewer) => profileOf(viewer).favouriteGenre,
    history: createModelShelf(interactions, scenario.seed),
  };
  return {
    ...{ panel, tastes, catalogue, chance, ...stored, interactions },
    policy: (wanted) => createPolicy(wanted, parts),
    oracleOf:
      config.history?.policy === 'random' && isInOrder
        ? (train) => createPlayOracle({ tastes, config: panel.config, train, chance })
        : undefined,
  };
}
