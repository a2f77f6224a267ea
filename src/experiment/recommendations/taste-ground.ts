/** What was there before the run: what viewers like, and what they did so far. It is the same for
 * all variants of a replication, so it is made once a process and drawn on chance of its own, which
 * no run counts. Spec: M117. */
import { createAudience } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ViewerId } from '../../domain/ids.ts';
import { createTastes, type Tastes } from '../../domain/taste/tastes.ts';
import { createChance } from '../../kernel/chance.ts';
import { audienceConfig } from '../households/audience-config.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createHistory, type History } from './history.ts';
import { type LoopConfig, panelConfigOf } from './loop-config.ts';

/** What was there. */
export interface TasteGround {
  readonly tastes: Tastes;
  /** Undefined where nothing happened before. */
  readonly history: History | undefined;
  favouriteGenre(viewer: ViewerId): string;
  /** Net positive exposure that a viewer comes with. */
  firstExposure(viewer: ViewerId): number;
  /** Whether a viewer began a title before the run. */
  hadSeen(viewer: ViewerId, title: number): boolean;
}

/** What it is made of. */
export interface TasteGroundOptions {
  readonly scenario: Scenario;
  readonly catalogue: Catalogue;
  readonly chance: { readonly seed: number; readonly replication: number };
  readonly isAntithetic?: boolean | undefined;
  readonly config: LoopConfig;
  readonly viewers: readonly ViewerId[];
  /** When the run begins, µs since the Unix epoch. */
  readonly epochUs: number;
}

/** Grounds that a process keeps: variants of a replication run one after the other. */
const KEPT = 4;
const kept = new Map<string, TasteGround>();

/** Makes it, or gives the one that another run of the same scenario, seed and history had. */
export function tasteGround(options: TasteGroundOptions): TasteGround {
  const key = keyOf(options);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = makeGround(options);
  kept.set(key, made);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return made;
}

/** All that it hangs on. Arms and what policies learn later are not among it. */
function keyOf(options: TasteGroundOptions): string {
  const { scenario, catalogue, chance, isAntithetic, config, viewers, epochUs } = options;
  const { audience } = scenario;
  const { arms, experiment, learnEvery, attribution, ...before } = config;
  return JSON.stringify([
    [chance.seed, chance.replication, isAntithetic, epochUs, before],
    [catalogue.source, catalogue.titles.length, scenario.catalogue],
    [audience.countries, audience.devices, audience.behaviour.continueShare],
    [viewers.length, audience.guests.length],
  ]);
}

function makeGround(options: TasteGroundOptions): TasteGround {
  const { scenario, catalogue, config, viewers, isAntithetic } = options;
  const { seed, replication } = options.chance;
  const chance = createChance({ seed, replication, isAntithetic });
  const profileOf = createAudience(audienceConfig(scenario, catalogue), chance);
  const tastes = createTastes({ config: config.tastes, catalogue, profileOf, chance });
  const history =
    config.history &&
    createHistory(
      {
        ...{ config, catalogue, tastes, chance, viewers },
        behaviour: panelConfigOf(config, scenario),
        endUs: options.epochUs,
      },
      config.history,
    );
  return {
    tastes,
    history,
    favouriteGenre: (viewer) => profileOf(viewer).favouriteGenre,
    firstExposure: (viewer) => history?.exposure(viewer) ?? 0,
    hadSeen: (viewer, title) => history?.hadSeen(viewer, title) ?? false,
  };
}
