/** The features, one definition each. Counts and times are taken as logarithms: what is twice as
 * much differs equally, wherever it is. Adding one is adding an entry. */
import type { Decisions } from './decisions.ts';
import type { OutcomeHistory } from './history.ts';
import { fadedTo, type Past } from './viewer-past.ts';

/** One decision. −1 and NaN where unknown. */
export interface Moment {
  readonly nowUs: number;
  readonly user: number;
  readonly title: number;
  readonly device: number;
  readonly slot: number;
  readonly policy: number;
}

/** A feature. */
export interface FeatureDefinition {
  readonly name: string;
  readonly words: string;
  /** What a decision must have for it to be asked for at all; left out where that is a time. */
  readonly needs?: 'policy' | 'slot' | 'title';
  /** Why no decision has it; undefined where some may. */
  lacks(history: OutcomeHistory, decisions: Decisions): string | undefined;
  /** NaN where unknown; of categories their number, −1 where unknown. */
  of(past: Past, moment: Moment, history: OutcomeHistory): number;
  /** Names of categories; left out by numbers. */
  categories?(history: OutcomeHistory): readonly string[];
}

const DAY_US = 86_400_000_000;
const HOUR_US = 3_600_000_000;
const DAY_PARTS = ['night', 'morning', 'afternoon', 'evening'];
/** A title's own completion share counts as much as all titles' after so many plays. */
const PRIOR_PLAYS = 10;

/** Of the viewer. */
function ofViewer(
  name: string,
  words: string,
  of: (past: Past, user: number, nowUs: number) => number,
): FeatureDefinition {
  return {
    name,
    words,
    lacks: (_, { user }) =>
      user.some((one) => one >= 0) ? undefined : 'the warehouse does not tell whose rows these are',
    of: (past, { user, nowUs }) => (user < 0 ? Number.NaN : of(past, user, nowUs)),
  };
}

/** Of the title in question. */
function ofTitle(name: string, words: string, of: FeatureDefinition['of']): FeatureDefinition {
  return {
    name,
    words,
    needs: 'title',
    lacks: (_, { title }) => (title?.some((one) => one >= 0) ? undefined : 'no row has a title'),
    of: (past, moment, history) => (moment.title < 0 ? Number.NaN : of(past, moment, history)),
  };
}

/** Of the viewer and the title in question. */
function ofBoth(name: string, words: string, of: FeatureDefinition['of']): FeatureDefinition {
  const viewer = ofViewer(name, words, () => 0);
  const title = ofTitle(name, words, of);
  return {
    name,
    words,
    needs: 'title',
    lacks: (history, decisions) =>
      title.lacks(history, decisions) ?? viewer.lacks(history, decisions),
    of: (past, moment, history) =>
      moment.user < 0 || moment.title < 0 ? Number.NaN : of(past, moment, history),
  };
}

const VIEWER: readonly FeatureDefinition[] = [
  ofViewer('is-new', '1 where no play of the viewer is known, else 0', (past, user) =>
    Number(past.plays[user] === 0),
  ),
  ofViewer('recency', 'ln(1 + days since the last play)', (past, user, nowUs) =>
    Math.log1p((nowUs - (past.lastUs[user] ?? Number.NaN)) / DAY_US),
  ),
  ofViewer('frequency', 'ln(1 + plays lately), halved every 7 days', (past, user, nowUs) =>
    Math.log1p(fadedTo(past.playsLately, user, nowUs)),
  ),
  ofViewer('plays', 'ln(1 + plays so far)', (past, user) => Math.log1p(past.plays[user] ?? 0)),
  ofViewer('hours-watched', 'ln(1 + hours watched so far)', (past, user) =>
    Math.log1p((past.watchedSeconds[user] ?? 0) / 3_600),
  ),
  ofViewer('completion-share', 'share of plays so far that were complete', (past, user) =>
    ratio(past.completed[user], past.played[user]),
  ),
  ofViewer(
    'share-watched-lately',
    'share of titles watched, a play’s weight falling by a fifth with each later one',
    (past, user) => past.shareLately[user] ?? Number.NaN,
  ),
  ofViewer('distinct-genres', 'genres played so far', (past, user) => past.genresSeen[user] ?? 0),
  ofViewer('tenure', 'ln(1 + days since the first play)', (past, user, nowUs) =>
    Math.log1p((nowUs - (past.firstUs[user] ?? Number.NaN)) / DAY_US),
  ),
  ofViewer(
    'pause-beyond-habit',
    'ln(1 + days since the last play ÷ own mean days between visits)',
    (past, user, nowUs) => {
      const visits = past.visits[user] ?? 0;
      const span = (past.lastUs[user] ?? 0) - (past.firstUs[user] ?? 0);
      if (visits < 2 || !(span > 0)) return Number.NaN;
      return Math.log1p(((nowUs - (past.lastUs[user] ?? 0)) * (visits - 1)) / span);
    },
  ),
  ofViewer('rebuffering-ratio', 'time stalled ÷ time stalled or played so far', (past, user) => {
    const stalled = past.bufferSeconds[user] ?? 0;
    return ratio(stalled, stalled + (past.playSeconds[user] ?? 0));
  }),
  ofViewer('start-failures', 'share of plays so far that failed to start', (past, user) =>
    ratio(past.failed[user], past.plays[user]),
  ),
];

const MOMENT: readonly FeatureDefinition[] = [
  {
    name: 'day-part',
    words: 'part of the day, UTC',
    lacks: () => undefined,
    of: (_, { nowUs }) => Math.floor((nowUs % DAY_US) / (6 * HOUR_US)),
    categories: () => DAY_PARTS,
  },
  {
    name: 'weekend',
    words: '1 on Saturdays and Sundays, UTC, else 0',
    lacks: () => undefined,
    // The epoch began on a Thursday.
    of: (_, { nowUs }) => Number((Math.floor(nowUs / DAY_US) + 3) % 7 >= 5),
  },
  {
    name: 'device',
    words: 'device',
    lacks: ({ plays }) => (plays.device.some((one) => one >= 0) ? undefined : 'no play has one'),
    of: (past, { device, user }) => (device >= 0 ? device : (past.lastDevice[user] ?? -1)),
    categories: ({ devices }) => devices,
  },
  {
    name: 'slot',
    words: 'ln(1 + slot of the row), from 0',
    needs: 'slot',
    lacks: (_, { slot }) => (slot?.every(Number.isNaN) ? 'no row has one' : undefined),
    of: (_, { slot }) => Math.log1p(slot),
  },
  {
    name: 'policy',
    words: 'policy that chose the row',
    needs: 'policy',
    lacks: (_, { policy }) => (policy?.some((one) => one >= 0) ? undefined : 'no row has one'),
    of: (_, { policy }) => policy,
    categories: ({ impressions }) => impressions.policies,
  },
];

const TITLE: readonly FeatureDefinition[] = [
  ofTitle('title-popularity', 'ln(1 + plays of the title lately)', (past, { title, nowUs }) =>
    Math.log1p(fadedTo(past.titleLately, title, nowUs)),
  ),
  ofTitle(
    'title-completion',
    'share of the title’s plays so far that were complete, drawn to that of all titles',
    ({ titlePlayed, titleCompleted, total }, { title }) =>
      total.played === 0
        ? Number.NaN
        : ((titleCompleted[title] ?? 0) + (PRIOR_PLAYS * total.completed) / total.played) /
          ((titlePlayed[title] ?? 0) + PRIOR_PLAYS),
  ),
  ofTitle(
    'title-hours',
    'running time, hours',
    (_, { title }, { titles }) => (titles[title]?.runtimeSeconds ?? Number.NaN) / 3_600,
  ),
  ofBoth(
    'genre-fit',
    'share of the viewer’s plays so far that share a genre with the title, mean over its genres',
    ({ genrePlays, plays }, { user, title }, { titles, genres }) => {
      const own = titles[title]?.genres ?? [];
      const sum = own.reduce((all, g) => all + (genrePlays[user * genres.length + g] ?? 0), 0);
      return ratio(sum, own.length * (plays[user] ?? 0));
    },
  ),
  ofBoth('seen-before', '1 where the viewer has played the title, else 0', (past, m, { titles }) =>
    Number(past.seen.has(m.user * titles.length + m.title)),
  ),
];

/** All of them. */
export const FEATURES: readonly FeatureDefinition[] = [...VIEWER, ...MOMENT, ...TITLE];

function ratio(part: number | undefined, whole: number | undefined): number {
  return whole === undefined || whole === 0 ? Number.NaN : (part ?? 0) / whole;
}
