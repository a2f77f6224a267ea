/** Rows of Snowplow's enriched format: 131 columns between tabs, brought into the fields of the
 * tracker protocol. Source: the canonical event model, column order of the enriched TSV. Spec:
 * E42. */
import { timeOfField } from '../../inputs/field-time.ts';
import type { Fields } from './foreign-event.ts';

/** How many columns a row has. */
export const SNOWPLOW_COLUMNS = 131;

/** Columns that are read, by their place, and the field of the protocol that they become. */
const COLUMNS: Readonly<Record<number, string>> = {
  6: 'eid',
  12: 'uid',
  15: 'duid',
  17: 'nuid',
  29: 'url',
  30: 'page',
  52: 'co',
  53: 'se_ca',
  54: 'se_ac',
  55: 'se_la',
  58: 'ue_pr',
  76: 'pp_may',
  77: 'ua',
  123: 'sid',
};
const TIMES: Readonly<Record<number, string>> = {
  3: 'received',
  4: 'dtm',
  119: 'stm',
  130: 'ttm',
};
const EVENT_COLUMN = 5;
const VIEW_SIZE = { widthColumn: 95, heightColumn: 96, field: 'vp' };
const PAGE_SIZE = { widthColumn: 106, heightColumn: 107, field: 'ds' };
/** The protocol's letters for the names of the enriched format. */
const EVENTS: Readonly<Record<string, string>> = {
  page_view: 'pv',
  page_ping: 'pp',
  struct: 'se',
  unstruct: 'ue',
  transaction: 'tr',
  transaction_item: 'ti',
};

/** Reads a row. @returns undefined where it has not 131 columns. */
export function readSnowplowRow(line: string): Fields | undefined {
  const cells = line.split('\t');
  if (cells.length !== SNOWPLOW_COLUMNS) return undefined;
  const fields: Record<string, string> = {};
  for (const [column, name] of Object.entries(COLUMNS)) {
    const cell = cells[Number(column)];
    if (cell !== undefined && cell !== '') fields[name] = cell;
  }
  for (const [column, name] of Object.entries(TIMES)) {
    const timeUs = timeOfField(cells[Number(column)]);
    if (timeUs !== undefined) fields[name] = String(Math.round(timeUs / 1_000));
  }
  for (const { widthColumn, heightColumn, field } of [VIEW_SIZE, PAGE_SIZE]) {
    fields[field] = `${cells[widthColumn]}x${cells[heightColumn]}`;
  }
  const event = cells[EVENT_COLUMN] ?? '';
  fields['e'] = Object.hasOwn(EVENTS, event) ? (EVENTS[event] ?? '') : event;
  return fields;
}
