/** A warehouse with plays and impressions of viewers whose satisfaction is known, for tests. Who is
 * content (a number of their own, 0–1) watches to the end more often and stays away more seldom. */

import { createChance } from '../../../src/kernel/chance.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';
import { openWarehouse, type Warehouse } from '../../../src/storage/warehouse.ts';

export const DAY_US = 86_400_000_000;
export const START_US = 20_000 * DAY_US;

/** What was invented. */
export interface InventedHistory {
  readonly warehouse: Warehouse;
  /** Of a viewer, by id: the probability that a visit is the last. */
  readonly churnProbability: ReadonlyMap<string, number>;
  /** When the viewer left for good; +∞ who did not. */
  readonly leftUs: ReadonlyMap<string, number>;
}

/** One row of `fact_playback_session`. */
export interface InventedPlay {
  readonly id: string;
  readonly user: string;
  readonly session: string;
  readonly title: number;
  readonly startUs: number;
  readonly seconds: number;
  readonly isComplete: boolean;
  readonly device?: string;
  readonly bufferSeconds?: number;
  readonly error?: string;
}

export const RUNTIME_SECONDS = 6_000;
const TITLES = 20;
const GENRES = ['Comedy', 'Drama', 'Horror'];

/** A warehouse that knows titles and nothing else. */
export function emptyWarehouse(): Warehouse {
  const warehouse = openWarehouse({ path: ':memory:', isSmall: true });
  warehouse.describe({
    titles: Array.from({ length: TITLES }, (_, number) => ({
      titleId: `tt${String(number).padStart(2, '0')}`,
      name: `Title ${number}`,
      kind: 'film',
      genres: [GENRES[number % GENRES.length] ?? ''],
      releaseDate: '2020-01-01',
      runtimeSeconds: RUNTIME_SECONDS,
    })),
  });
  warehouse.query("INSERT INTO dim_device VALUES (1, 'phone'), (2, 'tv') RETURNING kind");
  return warehouse;
}

/** Writes a play. */
export function writePlay(warehouse: Warehouse, play: InventedPlay): void {
  const { id, user, session, title, startUs, seconds, isComplete } = play;
  const endUs = startUs + Math.round(seconds * 1e6);
  const device = play.device === undefined ? null : play.device === 'tv' ? 2 : 1;
  const isPlayed = Number(seconds > 0);
  warehouse.query(
    `INSERT INTO fact_playback_session (play_id, user_id, session_id, title_sk, device_sk, date_key,
    start_us, end_us, play_s, content_watched_s, paused_s, buffer_s, seeks, rebuffer_n, is_played,
    is_valid_play, is_complete, error_code) VALUES (?, ?, ?, ?, ?, '2024-10-04', ?, ?, ?, ?, 0, ?,
    0, 0, ?, ?, ?, ?) RETURNING play_id`,
    [id, user, session, title + 1, device, startUs, endUs, seconds, Math.floor(seconds)].concat([
      play.bufferSeconds ?? 0,
      isPlayed,
      isPlayed,
      Number(isComplete),
      play.error ?? null,
    ] as never[]),
  );
}

/** Writes an impression. */
export function writeImpression(
  warehouse: Warehouse,
  one: {
    readonly id: string;
    readonly user: string | null;
    readonly session: string;
    readonly slot: number;
    readonly title: number;
    readonly timeUs: number;
    readonly isTaken: boolean;
  },
): void {
  warehouse.query(
    `INSERT INTO fact_impression VALUES (?, ?, 'for-you', ?, ?, 'random', 0.05, ?, ?, ?, ?)
    RETURNING imp_id`,
    [one.id, one.session, one.slot, one.title + 1, one.timeUs, Number(one.isTaken)].concat([
      Number(one.isTaken),
      one.user,
    ] as never[]),
  );
}

/** Viewers over days. @param hasImpressions - A row of five titles before each play. */
export function inventHistory(options: {
  readonly viewers: number;
  readonly days: number;
  readonly seed: number;
  readonly hasImpressions?: boolean;
}): InventedHistory {
  const { viewers, days, seed, hasImpressions = false } = options;
  const warehouse = emptyWarehouse();
  const draws = createChance({ seed, replication: 0 }).draws('test.outcomes');
  const churnProbability = new Map<string, number>();
  const leftUs = new Map<string, number>();
  warehouse.query('SELECT 1');
  for (let viewer = 0; viewer < viewers; viewer += 1) {
    const user = `v${viewer}`;
    const mood = normalQuantile(draws.uniform(viewer, 0));
    const churns = 1 / (1 + Math.exp(2.5 + 1.5 * mood));
    const completes = 1 / (1 + Math.exp(-0.3 - 1.2 * mood));
    churnProbability.set(user, churns);
    leftUs.set(user, Number.POSITIVE_INFINITY);
    let timeUs = START_US + Math.round(draws.uniform(viewer, 1) * 3 * DAY_US);
    for (let visit = 0; timeUs < START_US + days * DAY_US; visit += 1) {
      const uniform = (k: number) => draws.uniform(viewer, 10 + visit * 10 + k);
      const isComplete = uniform(0) < completes;
      const share = isComplete ? 1 : 0.9 * uniform(1);
      const title = Math.floor(TITLES * uniform(2) ** 2);
      const session = `s${viewer}-${visit}`;
      const id = `${session}-p`;
      const device = uniform(3) < 0.5 ? 'tv' : 'phone';
      const startUs = timeUs + 60_000_000;
      const seconds = share * RUNTIME_SECONDS;
      writePlay(warehouse, { id, user, session, title, startUs, seconds, isComplete, device });
      for (let slot = 0; hasImpressions && slot < 5; slot += 1) {
        const isTaken = slot === Math.floor(5 * uniform(6) ** 2);
        const shown = isTaken ? title : (title + slot + 1) % TITLES;
        const row = {
          id: `${session}-${slot}`,
          user,
          session,
          slot,
          title: shown,
          timeUs,
          isTaken,
        };
        writeImpression(warehouse, row);
      }
      if (uniform(4) < churns) {
        leftUs.set(user, timeUs);
        break;
      }
      timeUs += Math.round(-Math.log(uniform(5)) * 2 * DAY_US) + Math.round(seconds * 1e6);
    }
  }
  return { warehouse, churnProbability, leftUs };
}
