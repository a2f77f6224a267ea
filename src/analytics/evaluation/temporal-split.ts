/** Past and future of one cut in time, the same for everybody: models learn from the plays that had
 * ended by then and are judged on those begun after. Leaving out each user's last play instead lets
 * a model learn from what others did later (Meng et al. 2020; Ji et al. 2023), which no model that
 * serves can. Spec: M37–M38. */
import { EngineError } from '../../kernel/errors.ts';
import { type Interactions, numberOf, selectRows } from '../training/interactions.ts';
import { hasPair, type PlayMatrix, playMatrix } from '../training/play-matrix.ts';

/** What is learned from, and what it is judged on. */
export interface TemporalSplit {
  readonly cutUs: number;
  /** Plays that had ended by the cut; only users who have some. */
  readonly train: Interactions;
  /** Plays begun at the cut or after it; only users who have some. */
  readonly future: Interactions;
  /** Plays under way at the cut: their share was not known yet, and their title was. In neither. */
  readonly straddling: number;
}

/** A user to be judged, and what would be right to show them. */
export interface JudgedUser {
  readonly id: string;
  /** Number in training. */
  readonly user: number;
  /** Titles first played after the cut, ascending; at least one. */
  readonly relevant: Int32Array;
}

/** Who is judged, and how many are not, by why. Their sum is everybody who played. */
export interface JudgedUsers {
  /** Ascending by id. */
  readonly judged: readonly JudgedUser[];
  /** Played after the cut only: there is nothing to learn their taste from. */
  readonly withoutHistory: number;
  /** Played before the cut only: there is nothing to be right about. */
  readonly withoutFuture: number;
  /** Played nothing new after the cut. */
  readonly onlySeenAgain: number;
}

/** The time before which a share of the plays was begun.
 * @param share - Between 0 and 1. @throws EngineError `ANALYTICS_NO_DATA` without a play. */
export function cutAtShare({ timeUs }: Interactions, share: number): number {
  const at = Math.min(timeUs.length - 1, Math.floor(share * timeUs.length));
  const cutUs = timeUs[at];
  if (cutUs === undefined) {
    throw noData(
      'plays',
      'no valid play is in the warehouse; give one that viewers have played in',
    );
  }
  return cutUs;
}

/** Splits. Cost O(plays).
 * @throws EngineError `ANALYTICS_NO_DATA` where either side would be empty. */
export function temporalSplit(all: Interactions, cutUs: number): TemporalSplit {
  const past: number[] = [];
  const coming: number[] = [];
  for (let row = 0; row < all.timeUs.length; row += 1) {
    if ((all.endUs[row] as number) <= cutUs) past.push(row);
    else if ((all.timeUs[row] as number) >= cutUs) coming.push(row);
  }
  const remedy = 'choose another cut, or give a warehouse of a longer time';
  if (all.timeUs.length === 0) throw noData('plays', 'no valid play is in the warehouse');
  if (past.length === 0) throw noData('plays before the cut', `no play ended before it; ${remedy}`);
  if (coming.length === 0) throw noData('plays after the cut', `no play began after it; ${remedy}`);
  return {
    cutUs,
    train: selectRows(all, Int32Array.from(past)),
    future: selectRows(all, Int32Array.from(coming)),
    straddling: all.timeUs.length - past.length - coming.length,
  };
}

/** Who can be judged. What somebody has played before is not shown to them again, so that only new
 * titles count. Cost O(plays · log titles). */
export function judgedUsers({ train, future }: TemporalSplit): JudgedUsers {
  const history = playMatrix(train);
  const later = playMatrix(future);
  const judged: JudgedUser[] = [];
  let withoutHistory = 0;
  let onlySeenAgain = 0;
  future.users.forEach((id, number) => {
    const user = numberOf(train.users, id);
    const relevant = user < 0 ? new Int32Array(0) : newTitles(later, number, { history, user });
    if (user < 0) withoutHistory += 1;
    else if (relevant.length === 0) onlySeenAgain += 1;
    else judged.push({ id, user, relevant });
  });
  const back = future.users.length - withoutHistory;
  return { judged, withoutHistory, withoutFuture: train.users.length - back, onlySeenAgain };
}

function newTitles(
  later: PlayMatrix,
  row: number,
  { history, user }: { readonly history: PlayMatrix; readonly user: number },
): Int32Array {
  const played = later.column.subarray(later.start[row], later.start[row + 1]);
  return played.filter((title) => !hasPair(history, user, title));
}

function noData(missing: string, text: string): EngineError {
  return new EngineError('ANALYTICS_NO_DATA', text, { missing });
}
