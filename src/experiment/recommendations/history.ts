/** What happened before the run: a panel of the same viewers with the same tastes lives some days,
 * what it did is stored in a warehouse, and models are trained from that and from nothing else.
 * Spec: M117–M118. */
import { describeCatalogue, historyListener } from '../../analytics/panel/history.ts';
import { createPanel, type Panel } from '../../analytics/panel/panel.ts';
import { DAY_US, type PanelConfig } from '../../analytics/panel/panel-config.ts';
import { isSeen } from '../../analytics/panel/viewer-states.ts';
import { readInteractions } from '../../analytics/training/read-interactions.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ViewerId } from '../../domain/ids.ts';
import type { RowPolicy } from '../../domain/recommending/row-policy.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import type { Chance } from '../../kernel/chance.ts';
import { openWarehouse } from '../../storage/warehouse.ts';
import type { LoopConfig } from './loop-config.ts';
import { createModelShelf, type ModelShelf } from './model-shelf.ts';
import { policyBefore } from './policies.ts';

/** What came of it. */
export interface History extends ModelShelf {
  readonly plays: number;
  readonly impressions: number;
  /** Net positive exposure at its end; 0 of somebody it did not know. */
  exposure(viewer: ViewerId): number;
  hadSeen(viewer: ViewerId, title: number): boolean;
  /** Hours watched; undefined of somebody it did not know. */
  hours(viewer: ViewerId): number | undefined;
}

/** What it is made of. */
export interface HistoryOptions {
  readonly config: LoopConfig;
  readonly catalogue: Catalogue;
  readonly tastes: Tastes;
  readonly chance: Chance;
  readonly viewers: readonly ViewerId[];
  readonly behaviour: Partial<PanelConfig>;
  /** When the run begins, µs since the Unix epoch. */
  readonly endUs: number;
}

const US_PER_HOUR = 3_600_000_000;

/** Lives through it. Cost: some 5 ms a viewer and month, and a second to train. */
export function createHistory(
  options: HistoryOptions,
  { days, policy: filledBy }: NonNullable<LoopConfig['history']>,
): History {
  const { config, catalogue, viewers, endUs, chance } = options;
  const panel = createPanel({
    ...options,
    startUs: endUs - days * DAY_US,
    config: {
      ...options.behaviour,
      // Whoever is expected in the run has not left before.
      satisfaction: { ...config.satisfaction, churnProbability: 0 },
    },
  });
  const policy = policyBefore(filledBy, catalogue.titles.length);
  const { watchedUs, ...stored } = live(panel, { catalogue, policy, days, endUs });
  const placeOf = new Map(viewers.map((viewer, place) => [viewer, place]));
  return {
    ...stored,
    ...createModelShelf(stored.interactions, chance.seed),
    exposure: (viewer) => panel.states.exposure[placeOf.get(viewer) ?? -1] ?? 0,
    hadSeen(viewer, title) {
      const place = placeOf.get(viewer);
      return place !== undefined && isSeen(panel.states, place, title);
    },
    hours: (viewer) =>
      placeOf.has(viewer) ? (watchedUs.get(viewer) ?? 0) / US_PER_HOUR : undefined,
  };
}

/** Through a warehouse of its own, which is closed once it has been read. */
function live(
  panel: Panel,
  of: {
    readonly catalogue: Catalogue;
    readonly policy: RowPolicy;
    readonly days: number;
    readonly endUs: number;
  },
) {
  const { catalogue, policy, days, endUs } = of;
  const warehouse = openWarehouse({ path: ':memory:', source: 'history', isSmall: true });
  const watchedUs = new Map<ViewerId, number>();
  try {
    describeCatalogue(warehouse, catalogue);
    const counts = warehouse.writeHistory((writer) => {
      const stored = historyListener(writer, { catalogue });
      panel.advance({
        days,
        policyOf: () => policy,
        listener: {
          ...stored,
          play(play) {
            watchedUs.set(play.viewer, (watchedUs.get(play.viewer) ?? 0) + play.watchedUs);
            stored.play?.(play);
          },
        },
      });
    });
    return { ...counts, watchedUs, interactions: readInteractions(warehouse, { untilUs: endUs }) };
  } finally {
    warehouse.close();
  }
}
