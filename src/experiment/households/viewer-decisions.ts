/** What viewers decide: the scenario's behaviour turned into functions of (viewer, step), each on
 * draws of its own purpose. Nothing here knows the time or the architecture. */
import type { ChosenTitle, ViewerDecisions } from '../../actors/viewer.ts';
import { BROWSE_ACTIONS, TITLE_ACTIONS, weightedPick } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { Chance } from '../../kernel/chance.ts';
import { quantileOf } from '../../kernel/distributions/distribution.ts';
import { createZipf } from '../../kernel/distributions/zipf.ts';
import { US_PER_MINUTE } from '../../kernel/time.ts';
import type { Scenario } from '../scenario/schema.ts';

/** Who watches to the end plans for more than the title's length: stalls take time too. */
export const TO_THE_END_FACTOR = 4;
/** The least that a viewer watches before stopping, as a share of the title. */
export const LEAST_WATCH_SHARE = 0.02;

/** Makes the decisions of all viewers of a run. */
export function createViewerDecisions(
  scenario: Scenario,
  catalogue: Catalogue,
  chance: Chance,
): ViewerDecisions {
  const { behaviour } = scenario.audience;
  const draws = (purpose: string) => {
    const named = chance.draws(`viewer.${purpose}`);
    return (viewer: number, step: number) => named.uniform(viewer, step);
  };
  const thinkTime = quantileOf(behaviour.thinkTime);
  const interruptionGap = quantileOf(behaviour.interruptionGap);
  const pauseTime = quantileOf(behaviour.pauseTime);
  const pickBrowse = weightedPick(BROWSE_ACTIONS, behaviour.browseWeights);
  const pickOnTitle = weightedPick(TITLE_ACTIONS, behaviour.titleWeights);
  const popularity = createZipf({
    n: catalogue.titles.length,
    exponent: scenario.catalogue.popularityExponent,
  });
  const titleAt = (u: number) => catalogue.titles[popularity.rank(u) - 1] ?? catalogue.titles[0];
  const think = draws('think-time');
  const choice = draws('choice');
  const title = draws('title');
  const watch = draws('watch-time');
  const stop = draws('stop-point');
  const gap = draws('interruption-gap');
  const interruption = draws('interruption');
  const pause = draws('pause-time');
  const seek = draws('seek');
  const goOn = draws('go-on');
  return {
    patienceLoads: behaviour.patienceLoads,
    thinkTimeUs: (viewer, step) => thinkTime(think(viewer, step)),
    browse: (viewer, step) => pickBrowse(choice(viewer, step)),
    onTitle: (viewer, step) => pickOnTitle(choice(viewer, step)),
    title: (viewer, step) => chosen(titleAt(title(viewer, step))),
    searchText: (viewer, step) => firstWord(titleAt(title(viewer, step))?.name ?? ''),
    watchTimeUs: (viewer, step, { durationUs }) =>
      watch(viewer, step) < behaviour.watchToEndShare
        ? TO_THE_END_FACTOR * durationUs
        : Math.round(durationUs * Math.max(LEAST_WATCH_SHARE, stop(viewer, step))),
    interruptionGapUs: (viewer, step) => Math.round(interruptionGap(gap(viewer, step))),
    pauses: (viewer, step) => interruption(viewer, step) < behaviour.pauseShare,
    pauseTimeUs: (viewer, step) => pauseTime(pause(viewer, step)),
    seekShare: (viewer, step) => seek(viewer, step),
    goesOn: (viewer, step) => goOn(viewer, step) < behaviour.continueShare,
  };
}

/** A title as viewers pick it. */
export function chosen(title: Catalogue['titles'][number] | undefined): ChosenTitle {
  return {
    titleId: title?.id ?? '',
    durationUs: (title?.durationMinutes ?? 0) * US_PER_MINUTE,
  };
}

/** What people type: the first word of a name that has at least three letters. */
function firstWord(name: string): string {
  const words = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words.find((word) => word.length >= 3) ?? words[0] ?? '';
}
