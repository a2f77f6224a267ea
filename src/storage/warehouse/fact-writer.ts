/** Writes rows of the fact table: many rows a statement, dimensions by small integer keys. Several
 * rows a statement halve the cost of one (bench `pipeline`). */

import type { EnrichedEvent, EventAnnotations } from '../../domain/pipeline-ports.ts';
import { detailOf } from '../../domain/stored/event-detail.ts';
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import type { Connection, Statement } from '../connection.ts';

/** Columns of `fact_event`, in their order. */
const COLUMN_COUNT = 20;
/** Rows of one INSERT statement. */
const ROWS_PER_STATEMENT = 16;

/** Looks a dimension's key up, adding the row where it is new. */
type DimensionKey = (natural: string, ...attributes: readonly (string | null)[]) => number;

/** Makes the writer of one database; call it inside a transaction. */
export function createFactWriter(
  connection: Connection,
): (facts: readonly EnrichedEvent[]) => void {
  const titleKey = dimension(connection, 'dim_title', ['title_id', 'name', 'genre']);
  const deviceKey = dimension(connection, 'dim_device', ['kind']);
  const countryKey = dimension(connection, 'dim_country', ['code']);
  const typeKey = dimension(connection, 'dim_event_type', ['name']);
  const geoKey = dimension(connection, 'dim_geo', ['place', 'country', 'region', 'city']);
  const clientKey = dimension(connection, 'dim_client', ['client', 'browser', 'os']);
  const touch = connection.prepare('INSERT OR IGNORE INTO touched_session VALUES (?)');
  const one = insertStatement(connection, 1);
  const many = insertStatement(connection, ROWS_PER_STATEMENT);
  const values = new Array<unknown>(COLUMN_COUNT * ROWS_PER_STATEMENT);
  const fill = (at: number, fact: EnrichedEvent) => {
    const { event } = fact;
    const { data } = event;
    values[at] = event.id;
    values[at + 1] = typeKey(event.type);
    values[at + 2] = event.subject;
    values[at + 3] = event.sessionId;
    values[at + 4] = event.sequence;
    values[at + 5] = event.eventTimeUs;
    values[at + 6] = fact.ingestTimeUs;
    values[at + 7] = fact.processTimeUs;
    values[at + 8] = deviceKey(fact.deviceKind);
    values[at + 9] = countryKey(fact.country);
    values[at + 10] = fact.localHour;
    values[at + 11] =
      data.titleId === undefined ? null : titleKey(data.titleId, fact.titleName, fact.genre);
    values[at + 12] = data.playbackId ?? null;
    values[at + 13] = data.positionSeconds ?? null;
    values[at + 14] = data.completed === undefined ? null : Number(data.completed);
    values[at + 15] = data.status ?? null;
    values[at + 16] = data.responseBytes ?? null;
    values[at + 17] = detailOf(data);
    const { annotations } = fact;
    const geo = annotations?.geo;
    values[at + 18] =
      geo === undefined
        ? geoKey(fact.country, fact.country, null, null)
        : geoKey(placeOf(geo), geo.country, geo.region, geo.city);
    const client = annotations?.userAgent;
    values[at + 19] =
      client === undefined
        ? null
        : clientKey(`${client.browser} on ${client.os}`, client.browser, client.os);
  };
  const touchSessions = (facts: readonly EnrichedEvent[]) => {
    const touched = new Set<string>();
    let last: string | undefined;
    for (const { event } of facts) {
      if (event.sessionId === last || !isDerivedFrom(event)) continue;
      last = event.sessionId;
      touched.add(last);
    }
    for (const session of touched) touch.run(session);
  };
  return (facts) => {
    touchSessions(facts);
    const whole = facts.length - (facts.length % ROWS_PER_STATEMENT);
    for (let start = 0; start < whole; start += ROWS_PER_STATEMENT) {
      for (let i = 0; i < ROWS_PER_STATEMENT; i += 1) {
        const fact = facts[start + i];
        if (fact !== undefined) fill(i * COLUMN_COUNT, fact);
      }
      many.run(values);
    }
    for (const fact of facts.slice(whole)) {
      fill(0, fact);
      one.run(values.slice(0, COLUMN_COUNT));
    }
  };
}

function insertStatement(connection: Connection, rows: number): Statement {
  const row = `(${new Array(COLUMN_COUNT).fill('?').join(', ')})`;
  const all = new Array(rows).fill(row).join(', ');
  return connection.prepare(`INSERT OR IGNORE INTO fact_event VALUES ${all}`);
}

/** Keys of one dimension: read once, then kept in memory. A key is the row's number, in the order
 * of first appearance. After a rollback the memory would know rows that the table lost, so a
 * writer is thrown away when its transaction fails. */
function dimension(
  connection: Connection,
  table: string,
  columns: readonly [string, ...string[]],
): DimensionKey {
  const key = `${table.slice('dim_'.length)}_sk`;
  const keys = new Map<string, number>();
  const rows = connection.prepare(`SELECT ${key}, ${columns[0]} FROM ${table}`).raw().all();
  for (const [number, natural] of rows as [number, string][]) keys.set(natural, number);
  const marks = columns.map(() => '?').join(', ');
  const insert = connection.prepare(
    `INSERT OR REPLACE INTO ${table} (${key}, ${columns.join(', ')}) VALUES (?, ${marks})`,
  );
  return (natural, ...attributes) => {
    const known = keys.get(natural);
    if (known !== undefined) return known;
    const number = keys.size + 1;
    insert.run(number, natural, ...attributes);
    keys.set(natural, number);
    return number;
  };
}

/** Whether plays or impressions are made of it. */
function isDerivedFrom({ type, data }: TrackedEvent): boolean {
  return data.playbackId !== undefined || data.titleId !== undefined || type === 'ui.click';
}

function placeOf(geo: NonNullable<EventAnnotations['geo']>): string {
  if (geo.region === null && geo.city === null) return geo.country;
  return `${geo.country}/${geo.region ?? ''}/${geo.city ?? ''}`;
}
