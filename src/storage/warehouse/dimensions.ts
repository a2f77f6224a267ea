/** What events do not tell: running times of titles, users over time, arms of experiments. */
import type Database from 'better-sqlite3';

/** A title as the catalogue has it. */
export interface TitleRow {
  readonly titleId: string;
  readonly name: string;
  /** `film` or `show`. */
  readonly kind: string;
  readonly genres: readonly string[];
  /** `YYYY-MM-DD`, or a year; null where unknown. */
  readonly releaseDate: string | null;
  /** Of a film, or of one episode. */
  readonly runtimeSeconds: number;
}

/** What is known of a user from some time on (a slowly changing dimension of type 2). */
export interface UserRow {
  readonly userId: string;
  readonly validFromUs: number;
  /** `exp_arm` names the arm of the experiment that the user is in. */
  readonly attributes: Readonly<Record<string, string | number | boolean | null>>;
}

/** An arm of an experiment. */
export interface ExperimentRow {
  readonly experimentId: string;
  readonly arm: string;
  /** Share of users, 0–1; null where unknown. */
  readonly share: number | null;
}

/** Rows to add to dimensions. */
export interface DimensionRows {
  readonly titles?: readonly TitleRow[];
  readonly users?: readonly UserRow[];
  readonly experiments?: readonly ExperimentRow[];
}

/** Writes them. Call it inside a transaction. A title that no event has told of is added. */
export function describeDimensions(database: Database.Database, rows: DimensionRows): void {
  const title = database.prepare(`INSERT INTO dim_title
    (title_sk, title_id, name, genre, kind, genres, release_date, runtime_s)
    VALUES ((SELECT count(*) + 1 FROM dim_title), ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (title_id) DO UPDATE SET kind = excluded.kind, genres = excluded.genres,
    release_date = excluded.release_date, runtime_s = excluded.runtime_s`);
  for (const { titleId, name, kind, genres, releaseDate, runtimeSeconds } of rows.titles ?? []) {
    const genre = genres[0] ?? null;
    title.run(titleId, name, genre, kind, JSON.stringify(genres), releaseDate, runtimeSeconds);
  }
  const experiment = database.prepare(`INSERT INTO dim_experiment VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET share = excluded.share`);
  for (const { experimentId, arm, share } of rows.experiments ?? []) {
    experiment.run(experimentId, arm, share);
  }
  writeUsers(database, rows.users ?? []);
}

/** Whatever order rows come in, a user's rows follow each other without gap. */
function writeUsers(database: Database.Database, users: readonly UserRow[]): void {
  const put = database.prepare('INSERT OR REPLACE INTO dim_user VALUES (?, ?, NULL, 0, ?)');
  const chain = database.prepare(`UPDATE dim_user SET valid_to_us = later.next_us,
    is_current = later.next_us IS NULL
    FROM (SELECT valid_from_us AS from_us, lead(valid_from_us) OVER (ORDER BY valid_from_us)
      AS next_us FROM dim_user WHERE user_id = ?) AS later
    WHERE user_id = ? AND valid_from_us = later.from_us`);
  for (const { userId, validFromUs, attributes } of users) {
    const sorted = Object.fromEntries(
      Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : Number(a > b))),
    );
    put.run(userId, validFromUs, JSON.stringify(sorted));
  }
  for (const userId of new Set(users.map((user) => user.userId))) chain.run(userId, userId);
}
