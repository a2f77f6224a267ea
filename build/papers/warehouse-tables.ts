/** The warehouse's tables as Markdown, read from a fresh warehouse itself: columns, types, keys.
 * What a table holds stands here, and a table without words is an error. */
import Database from 'better-sqlite3';
import { MIGRATIONS } from '../../src/storage/warehouse/schema.ts';

const WORDS: Readonly<Record<string, string>> = {
  bad_row: 'what failed validation or enrichment, as it came, with the reason',
  dim_client: 'browsers and operating systems, by user agent',
  dim_country: 'countries',
  dim_date: 'days',
  dim_device: 'kinds of devices',
  dim_event_type: 'names of tracked events',
  dim_experiment: 'arms of experiments',
  dim_geo: 'places',
  dim_title: 'titles of the catalogue',
  dim_user: 'users’ attributes over time (SCD type 2)',
  fact_event: 'tracked events, each once; the grain of the star',
  fact_impression: 'titles that were shown, and whether they were clicked or played',
  fact_playback_session: 'plays: time watched, paused, buffered, how they ended',
  late_event: 'events that came after their window was closed',
  pane: 'results of windows, the last pane of each',
  pipeline_result: 'results of users’ plans',
  pipeline_side_output: 'rows that left a users’ plan aside',
  pipeline_state: 'checkpoints of pipelines',
  source_offset: 'how far each partition of the log was read',
  stage_count: 'events by stage, outcome and reason: the ledger',
  touched_session: 'sessions whose plays are to be computed again',
};

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}

/** A table a row, sorted: name, what it holds, its columns; the key's columns are bold, those that
 * may be null have a question mark.
 * @throws Error for a table without words, or words without a table. */
export function warehouseTables(): readonly (readonly string[])[] {
  const database = new Database(':memory:');
  try {
    for (const migration of MIGRATIONS) database.exec(migration);
    const names = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all() as string[];
    const strays = Object.keys(WORDS).filter((name) => !names.includes(name));
    if (strays.length > 0) throw new Error(`no such table: ${strays.join(', ')}`);
    return names.map((name) => {
      const words = WORDS[name];
      if (words === undefined) throw new Error(`${name}: say what it holds`);
      const columns = database.pragma(`table_info(${name})`) as Column[];
      return [`\`${name}\``, words, columns.map(columnText).join(', ')];
    });
  } finally {
    database.close();
  }
}

function columnText({ name, type, notnull, pk }: Column): string {
  const typed = `${name} ${type.toLowerCase()}${notnull === 1 || pk > 0 ? '' : '?'}`;
  return pk > 0 ? `**${typed}**` : typed;
}
