/** The three questions, as rows: is a play watched to its end, is a shown title taken, does a
 * viewer stay away? A row to learn from is one whose answer was known before the cut; a row to
 * be judged on is one that is asked at the cut or later. Spec: M73, M76–M78. */
import { buildFeatures } from '../features/feature-table.ts';
import type { OutcomeHistory } from '../features/history.ts';
import type { OutcomeRows } from './outcome-model.ts';
import { type Visits, visitsOf } from './visits.ts';

const HOUR_US = 3_600_000_000;
/** What comes of an impression is known when its session is over: by then. */
const SETTLED_US = 4 * HOUR_US;
/** Points of time at which churn is learned from, at most. */
const CHURN_CUTS_MAX = 4;

/** Is a play that began played to its end? Asked when it starts. Plays that failed to start are no
 * rows: they say nothing of the viewer. */
export function completionRows(history: OutcomeHistory, cutUs: number): OutcomeRows {
  const { plays } = history;
  const places = placesWhere(plays.startUs, (play) => plays.isPlayed[play] === 1);
  const timeUs = Float64Array.from(places, (play) => plays.startUs[play] ?? 0);
  const knownUs = Float64Array.from(places, (play) => plays.endUs[play] ?? 0);
  const user = Int32Array.from(places, (play) => plays.user[play] ?? -1);
  const table = buildFeatures(history, {
    timeUs,
    user,
    title: Int32Array.from(places, (play) => plays.title[play] ?? -1),
    device: Int32Array.from(places, (play) => plays.device[play] ?? -1),
  });
  const outcome = Uint8Array.from(places, (play) => plays.isComplete[play] ?? 0);
  return { table, outcome, unit: user, ...splitAt(cutUs, { timeUs, knownUs }) };
}

/** Is a title that was shown clicked or played? Asked when it is shown. */
export function takeRows(history: OutcomeHistory, cutUs: number): OutcomeRows {
  const { user, session, title, timeUs, slot, policy, isTaken } = history.impressions;
  const table = buildFeatures(history, { timeUs, user, title, slot, policy });
  const unit = user.includes(-1) ? session : user;
  const knownUs = timeUs.map((time) => time + SETTLED_US);
  return { table, outcome: isTaken, unit, ...splitAt(cutUs, { timeUs, knownUs }) };
}

/** Is a viewer who was there lately not seen for a while? */
export interface ChurnQuestion {
  /** Whoever is not seen for so long after the question has churned. */
  readonly horizonUs: number;
  /** Asked about who was seen within so long before it. */
  readonly activeUs: number;
}

/** Asked at the last time whose answer the history knows; learned from earlier times whose answers
 * were known by then, each a horizon before the next.
 * @returns Or why the history is too short. */
export function churnRows(
  history: OutcomeHistory,
  { horizonUs, activeUs }: ChurnQuestion,
): (OutcomeRows & { readonly askedUs: number }) | string {
  const { fromUs, untilUs } = history;
  const askedUs = untilUs - horizonUs;
  const earliest = fromUs + activeUs;
  if (!(askedUs - horizonUs >= earliest)) {
    const days = (us: number) => Math.round((us / (24 * HOUR_US)) * 10) / 10;
    const span = Number.isNaN(untilUs) ? 0 : days(untilUs - fromUs);
    return (
      `the history spans ${span} days; it takes ${days(activeUs + 2 * horizonUs)}: ` +
      `${days(activeUs)} to see who is there, ${days(horizonUs)} to learn who stays away and ` +
      `${days(horizonUs)} to judge`
    );
  }
  const cuts: number[] = [];
  for (let cut = askedUs; cut >= earliest && cuts.length <= CHURN_CUTS_MAX; cut -= horizonUs) {
    cuts.unshift(cut);
  }
  const visits = visitsOf(history);
  const asked = cuts.flatMap((cut) => askedAt(visits, { cut, horizonUs, activeUs }));
  const timeUs = Float64Array.from(asked, ({ cut }) => cut);
  const user = Int32Array.from(asked, (one) => one.user);
  const places = asked.map((_, place) => place);
  return {
    askedUs,
    table: buildFeatures(history, { timeUs, user }),
    outcome: Uint8Array.from(asked, ({ stayedAway }) => stayedAway),
    unit: user,
    training: Int32Array.from(places.filter((place) => (timeUs[place] ?? 0) < askedUs)),
    test: Int32Array.from(places.filter((place) => timeUs[place] === askedUs)),
  };
}

function askedAt(
  { user, timeUs, users }: Visits,
  {
    cut,
    horizonUs,
    activeUs,
  }: { readonly cut: number; readonly horizonUs: number; readonly activeUs: number },
) {
  const wasThere = new Uint8Array(users);
  const cameBack = new Uint8Array(users);
  timeUs.forEach((time, i) => {
    const who = user[i] ?? 0;
    if (time > cut - activeUs && time <= cut) wasThere[who] = 1;
    if (time > cut && time <= cut + horizonUs) cameBack[who] = 1;
  });
  return Array.from(wasThere.keys()).flatMap((who) =>
    wasThere[who] === 1 ? [{ cut, user: who, stayedAway: 1 - (cameBack[who] ?? 0) }] : [],
  );
}

/** Places that hold, ascending by time; at one time in their own order. */
function placesWhere(timeUs: Float64Array, holds: (place: number) => boolean): number[] {
  return Array.from(timeUs.keys())
    .filter(holds)
    .sort((a, b) => (timeUs[a] ?? 0) - (timeUs[b] ?? 0) || a - b);
}

function splitAt(
  cutUs: number,
  { timeUs, knownUs }: { readonly timeUs: Float64Array; readonly knownUs: Float64Array },
): Pick<OutcomeRows, 'test' | 'training'> {
  const training: number[] = [];
  const test: number[] = [];
  timeUs.forEach((time, row) => {
    if (time >= cutUs) test.push(row);
    else if ((knownUs[row] ?? 0) < cutUs) training.push(row);
  });
  return { training: Int32Array.from(training), test: Int32Array.from(test) };
}
