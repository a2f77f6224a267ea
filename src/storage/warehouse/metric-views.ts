/** Views of the metrics, so that any tool that opens the file sees them: `metric_<name>` is the
 * metric's SQL, made anew wherever it is not what this code says. They are no part of the schema's
 * version: a file of the same version gets them when it is opened for writing. Spec: S87. */
import type Database from 'better-sqlite3';
import { METRICS } from '../metrics/catalogue.ts';

/** Day of a title's release; a year stands for its first day. */
const TITLE_RELEASE = `SELECT title_id, CAST(strftime('%s', CASE WHEN length(release_date) = 4
  THEN release_date || '-01-01' ELSE release_date END) AS INTEGER) * 1000000 AS release_us
  FROM dim_title WHERE release_date IS NOT NULL`;

/** SQL that makes each view, by name; what others read comes first. */
const VIEWS: ReadonlyMap<string, string> = new Map([
  ['title_release', create('title_release', TITLE_RELEASE)],
  ...Object.entries(METRICS).map(([name, { sql }]): [string, string] => {
    const view = `metric_${name}`;
    return [view, create(view, sql)];
  }),
]);

/** Makes what is missing or different; a file that has all is not written to. A warehouse in
 * memory, which no other tool can open, has none but what metrics read: making them takes longer
 * than making all its tables. Call it inside a transaction. */
export function refreshViews(database: Database.Database): void {
  const found = new Map(
    database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'view'").raw().all() as [
      string,
      string,
    ][],
  );
  const wanted = [...VIEWS].filter(
    ([name, sql]) => found.get(name) !== sql && (!database.memory || name === 'title_release'),
  );
  if (wanted.length === 0) return;
  for (const [name] of wanted) if (found.has(name)) database.exec(`DROP VIEW ${name}`);
  database.exec(wanted.map(([, sql]) => `${sql};`).join('\n'));
}

/** Drops them, so that tables can be changed under them. */
export function dropViews(database: Database.Database): void {
  for (const name of VIEWS.keys()) database.exec(`DROP VIEW IF EXISTS ${name}`);
}

function create(name: string, sql: string): string {
  return `CREATE VIEW ${name} AS ${sql}`;
}
