/** Plays and impressions that no events tell of, written straight into the facts: history that a
 * panel made, or that was kept elsewhere. Columns mean what they do in derived facts. Spec: M10. */
import { EngineError } from '../../../kernel/errors.ts';
import type { Connection } from '../../connection.ts';
import { VIEWING } from '../playback-sql.ts';

/** A play from its first frame to its end, without pauses, seeks and stalls. */
export interface HistoryPlay {
  readonly playId: string;
  readonly userId: string;
  readonly sessionId: string;
  /** Of a title that was described. */
  readonly titleId: string;
  readonly startUs: number;
  /** Time played, µs; from the title's beginning on. */
  readonly playedUs: number;
  /** Whether it ran to the title's end. */
  readonly isToTheEnd: boolean;
  /** Arm of the experiment that the user is in. */
  readonly arm?: string | null;
}

/** A title that was shown in a slot of a row. */
export interface HistoryImpression {
  readonly impressionId: string;
  /** Left out where nobody knows whose it is. */
  readonly userId?: string;
  readonly sessionId: string;
  readonly rowId: string;
  /** From 0. */
  readonly slot: number;
  readonly titleId: string;
  readonly policyId: string;
  readonly propensity: number;
  readonly timeUs: number;
  readonly isClicked: boolean;
  readonly isPlayed: boolean;
}

/** Takes rows one by one. An id that was there before replaces its row. Fastest in the order of
 * ids: they are the tables' keys. */
export interface HistoryWriter {
  play(play: HistoryPlay): void;
  impression(impression: HistoryImpression): void;
}

/** Rows that were written. */
export interface HistoryCounts {
  readonly plays: number;
  readonly impressions: number;
}

const US_PER_SECOND = 1_000_000;
const SECONDS_PER_DAY = 86_400;
const PLAY = `INSERT OR REPLACE INTO fact_playback_session
  (play_id, user_id, session_id, title_sk, date_key, start_us, end_us, play_s, content_watched_s,
  paused_s, buffer_s, seeks, rebuffer_n, exit_position_s, is_played, is_valid_play, is_complete,
  exp_arm) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?, ?, ?)`;
const IMPRESSION = `INSERT OR REPLACE INTO fact_impression
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const DATE = `INSERT OR IGNORE INTO dim_date SELECT d, CAST(strftime('%Y', d) AS INTEGER),
  CAST(strftime('%m', d) AS INTEGER), CAST(strftime('%d', d) AS INTEGER),
  (CAST(strftime('%w', d) AS INTEGER) + 6) % 7 + 1
  FROM (SELECT ? AS d)`;

/** Lets somebody write; call it inside a transaction.
 * @throws EngineError `WAREHOUSE_UNKNOWN_TITLE`. Cost: one insert a row, 200,000 rows/s. */
export function writeHistory(
  connection: Connection,
  fill: (writer: HistoryWriter) => void,
): HistoryCounts {
  const titleOf = titleLookup(connection);
  const dateOf = dateLookup(connection);
  const putPlay = connection.prepare(PLAY);
  const putImpression = connection.prepare(IMPRESSION);
  const counts = { plays: 0, impressions: 0 };
  fill({
    play(play) {
      const { startUs, playedUs } = play;
      const title = titleOf(play.titleId);
      const contentSeconds = Math.floor(playedUs / US_PER_SECOND);
      putPlay.run(
        play.playId,
        play.userId,
        play.sessionId,
        title.key,
        dateOf(startUs),
        startUs,
        startUs + playedUs,
        playedUs / US_PER_SECOND,
        contentSeconds,
        contentSeconds,
        Number(playedUs > 0),
        Number(playedUs >= VIEWING.validPlaySeconds * US_PER_SECOND),
        Number(
          play.isToTheEnd || contentSeconds * 100 >= title.runtimeSeconds * VIEWING.completePercent,
        ),
        play.arm ?? null,
      );
      counts.plays += 1;
    },
    impression(one) {
      putImpression.run(
        one.impressionId,
        one.sessionId,
        one.rowId,
        one.slot,
        titleOf(one.titleId).key,
        one.policyId,
        one.propensity,
        one.timeUs,
        Number(one.isClicked),
        Number(one.isPlayed),
        one.userId ?? null,
      );
      counts.impressions += 1;
    },
  });
  return counts;
}

interface KnownTitle {
  readonly key: number;
  /** +∞ where nobody knows it. */
  readonly runtimeSeconds: number;
}

function titleLookup(connection: Connection): (titleId: string) => KnownTitle {
  const rows = connection.ask('SELECT title_id, title_sk, runtime_s FROM dim_title', []);
  const titles = new Map<string, KnownTitle>();
  for (const row of rows) {
    const runtimeSeconds = Number(row['runtime_s'] ?? Number.POSITIVE_INFINITY);
    titles.set(String(row['title_id']), { key: Number(row['title_sk']), runtimeSeconds });
  }
  return (titleId) => {
    const known = titles.get(titleId);
    if (known !== undefined) return known;
    throw new EngineError(
      'WAREHOUSE_UNKNOWN_TITLE',
      `history has title ${titleId}, but the warehouse knows ${titles.size} titles without it; ` +
        'nothing was written; describe it first, then write the history again',
      { titleId },
    );
  };
}

/** The UTC date of a time, and its row in the dimension. Rows come by day, so few dates are asked
 * for. */
function dateLookup(connection: Connection): (timeUs: number) => string {
  const ask = connection.database.prepare("SELECT date(?, 'unixepoch')").pluck();
  const put = connection.prepare(DATE);
  const dates = new Map<number, string>();
  return (timeUs) => {
    const day = Math.floor(timeUs / US_PER_SECOND / SECONDS_PER_DAY);
    const known = dates.get(day);
    if (known !== undefined) return known;
    const date = String(ask.get(day * SECONDS_PER_DAY));
    put.run(date);
    dates.set(day, date);
    return date;
  };
}
