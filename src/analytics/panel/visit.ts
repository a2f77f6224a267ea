/** One visit: home once or more, each time a row, something of it or something found by browsing,
 * and what is watched of it; then the time to the next visit, or the end. */
import type { RowPolicy, RowRequest } from '../../domain/recommending/row-policy.ts';
import { choiceProbabilities, takenSlot } from '../../domain/taste/choice-model.ts';
import {
  afterPlay,
  churnProbability,
  meanReturnUs,
  satisfactionOf,
} from '../../domain/taste/satisfaction.ts';
import { watchedShare } from '../../domain/taste/watching.ts';
import type { Chance, Draws } from '../../kernel/chance.ts';
import { createZipf } from '../../kernel/distributions/zipf.ts';
import { browse } from './browsing.ts';
import { type PanelConfig, type PanelOptions, ROWS_PER_VISIT_MAX } from './panel-config.ts';
import type { PanelListener, PanelRow } from './panel-records.ts';
import { isSeen, markSeen, type ViewerStates } from './viewer-states.ts';

/** Somebody comes. */
interface Coming {
  /** The viewer's place in the panel. */
  readonly at: number;
  readonly policy: RowPolicy;
  readonly listener: PanelListener | undefined;
  /** Rows to learn from are noted here. */
  readonly lesson: PanelRow[] | undefined;
}

const THINKING_US = 30_000_000;
const US_PER_MINUTE = 60_000_000;
/** Numbers that a policy may draw for one row. */
const DRAWS_PER_ROW = 4096;
const DRAWS_PER_BROWSING = 64;

/** Makes the visits of a panel. */
export function createVisits(options: VisitOptions): { visit(coming: Coming): void } {
  return new Visits(options);
}

interface VisitOptions extends PanelOptions {
  readonly config: PanelConfig;
  readonly states: ViewerStates;
}

class Visits {
  readonly #o: VisitOptions;
  readonly #draws: Readonly<Record<keyof ReturnType<typeof drawsOf>, Draws>>;
  readonly #request: OpenRequest;
  readonly #popularity;

  constructor(options: VisitOptions) {
    this.#o = options;
    this.#draws = drawsOf(options.chance);
    this.#request = new OpenRequest(options, this.#draws.policy);
    const { titleCount: n } = options.tastes;
    this.#popularity = createZipf({ n, exponent: options.config.browseExponent });
  }

  visit(coming: Coming): void {
    const { states, viewers, config } = this.#o;
    const { at } = coming;
    const viewer = viewers[at] ?? 0;
    const visit = states.visits[at] ?? 0;
    const playsBefore = states.plays[at] ?? 0;
    let nowUs = states.nextVisitUs[at] ?? 0;
    for (let i = 0; i < ROWS_PER_VISIT_MAX; i += 1) {
      const step = visit * ROWS_PER_VISIT_MAX + i;
      nowUs += this.#openHome(coming, { viewer, visit, step, nowUs }) + THINKING_US;
      if (this.#draws.goesOn.uniform(viewer, step) >= config.goesOn) break;
    }
    states.visits[at] = visit + 1;
    if (states.plays[at] === playsBefore) {
      states.exposure[at] = afterPlay(config.satisfaction, states.exposure[at] ?? 0, 0);
    }
    const satisfaction = satisfactionOf(config.satisfaction, states.exposure[at] ?? 0);
    const isLast =
      this.#draws.churn.uniform(viewer, visit) <
      churnProbability(config.satisfaction, satisfaction);
    const waitsUs =
      -Math.log(this.#draws.comesBack.uniform(viewer, visit)) *
      meanReturnUs(config.satisfaction, satisfaction);
    states.nextVisitUs[at] = isLast ? Number.POSITIVE_INFINITY : nowUs + Math.round(waitsUs);
  }

  /** A row, and what comes of it. @returns µs until the viewer is done with it. */
  #openHome({ at, policy, listener, lesson }: Coming, moment: Moment): number {
    const { states, tastes, config } = this.#o;
    const { viewer, visit, step, nowUs } = moment;
    const row = states.rows[at] ?? 0;
    states.rows[at] = row + 1;
    const { titles, propensities } = policy.choose(this.#request.of(at, moment, row));
    const slot = takenSlot(
      choiceProbabilities(
        config.choice,
        titles.map((title) => tastes.attraction(viewer, title)),
      ),
      this.#draws.takes.uniform(viewer, step),
    );
    const fromRow = titles[slot];
    const reward = fromRow === undefined ? 0 : this.#shareOf(moment, fromRow);
    if (lesson !== undefined || listener?.row !== undefined) {
      const told = { viewer, atUs: nowUs, takenSlot: slot, reward, visit, row };
      const shown: PanelRow = { ...told, titles, propensities, policyId: policy.id };
      lesson?.push(shown);
      listener?.row?.(shown);
    }
    if (fromRow !== undefined) {
      return this.#watch({ at, listener, title: fromRow, from: 'row' }, moment);
    }
    if (this.#draws.browses.uniform(viewer, step) >= config.browseShare) return 0;
    const title = browse({
      popularity: this.#popularity,
      wanted: config.browsedTitles,
      isExcluded: (one) => config.excludesSeen && isSeen(states, at, one),
      attraction: (one) => tastes.attraction(viewer, one),
      uniform: (k) => this.#draws.browsing.uniform(viewer, step * DRAWS_PER_BROWSING + k),
    });
    return title < 0 ? 0 : this.#watch({ at, listener, title, from: 'browsing' }, moment);
  }

  #watch(
    { at, listener, title, from }: Pick<Coming, 'at' | 'listener'> & Found,
    moment: Moment,
  ): number {
    const { viewer, visit, nowUs } = moment;
    const { states, catalogue, config } = this.#o;
    const share = this.#shareOf(moment, title);
    const minutes = catalogue.titles[title]?.durationMinutes ?? 0;
    const watchedUs = Math.round(minutes * US_PER_MINUTE * share);
    const play = states.plays[at] ?? 0;
    markSeen(states, at, title);
    states.plays[at] = play + 1;
    states.exposure[at] = afterPlay(config.satisfaction, states.exposure[at] ?? 0, share);
    const atUs = nowUs + THINKING_US;
    listener?.play?.({ viewer, atUs, title, share, watchedUs, visit, play, from });
    return THINKING_US + watchedUs;
  }

  /** Of a title that is begun once: whenever that is, the same. */
  #shareOf({ viewer, step }: Moment, title: number): number {
    const { tastes, config } = this.#o;
    const key = config.excludesSeen ? title : tastes.titleCount + step;
    const u = this.#draws.share.uniform(viewer, key);
    return watchedShare(tastes.enjoyment(viewer, title), u);
  }
}

interface Moment {
  readonly viewer: number;
  readonly visit: number;
  /** Key of this row's draws: by visit, so that one row more does not shift those of later ones. */
  readonly step: number;
  readonly nowUs: number;
}

interface Found {
  readonly title: number;
  readonly from: 'row' | 'browsing';
}

function drawsOf(chance: Chance) {
  return {
    goesOn: chance.draws('panel.goes-on'),
    takes: chance.draws('panel.takes'),
    browses: chance.draws('panel.browses'),
    browsing: chance.draws('panel.browsing'),
    share: chance.draws('panel.share'),
    churn: chance.draws('panel.churn'),
    comesBack: chance.draws('panel.comes-back'),
    policy: chance.draws('panel.policy'),
  };
}

/** One object for all requests: a policy answers at once, and keeps none. */
class OpenRequest implements RowRequest {
  readonly slots: number;
  viewer = 0;
  row = 0;
  nowUs = 0;
  #at = 0;
  #step = 0;
  readonly #states: ViewerStates;
  readonly #excludesSeen: boolean;
  readonly #draws: Draws;
  /** Bound, so that a policy may take the request apart. */
  readonly isExcluded = (title: number) =>
    this.#excludesSeen && isSeen(this.#states, this.#at, title);
  readonly uniform = (k: number) =>
    this.#draws.uniform(this.viewer, this.#step * DRAWS_PER_ROW + k);

  constructor({ states, config }: VisitOptions, draws: Draws) {
    this.#states = states;
    this.#excludesSeen = config.excludesSeen;
    this.slots = config.slots;
    this.#draws = draws;
  }

  of(at: number, { viewer, step, nowUs }: Moment, row: number): RowRequest {
    this.#at = at;
    this.#step = step;
    this.viewer = viewer;
    this.row = row;
    this.nowUs = nowUs;
    return this;
  }
}
