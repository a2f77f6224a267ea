/** Files of Segment's and Snowplow's payloads as single events, batches taken apart; of what cannot
 * be read the text and the reason, in the place where it stood. Spec: E40–E44. */
import { LINE_LENGTH_MAX } from '../../inputs/input-file.ts';
import { isNestedTooDeeply } from '../../inputs/json-depth.ts';
import { type Fields, fieldsOf } from './foreign-event.ts';
import { readJsonTexts } from './json-values.ts';
import { readSnowplowRow, SNOWPLOW_COLUMNS } from './snowplow-tsv.ts';

/** One event, and the body that brought it (itself, where it came alone). */
export type ForeignRow =
  | { readonly kind: 'segment'; readonly fields: Fields; readonly envelope: Fields }
  | { readonly kind: 'snowplow'; readonly fields: Fields; readonly envelope: Fields };

/** An event or the reason against it, and its text. */
export interface ReadForeignRow {
  readonly text: string;
  readonly row: ForeignRow | string;
}

/** Which file, and how it is laid out. */
export interface ForeignRowOptions {
  readonly path: string;
  readonly format: 'segment' | 'snowplow';
  readonly isByLine: boolean;
  readonly onBytes: (read: number) => void;
}

/** The schema of Snowplow's bodies, whatever its version. */
export const SNOWPLOW_PAYLOAD = /^iglu:com\.snowplowanalytics\.snowplow\/payload_data\//;

/** Kept of a value that is not parsed, in UTF-16 units. */
const KEPT_OF_REFUSED = 32_768;

/** Reads a file's events in order.
 * @throws EngineError `INPUT_UNREADABLE`. */
export async function* foreignRows(options: ForeignRowOptions): AsyncGenerator<ReadForeignRow> {
  const { path, format } = options;
  for await (const text of readJsonTexts(path, options)) {
    if (format === 'snowplow' && text.includes('\t') && !text.trimStart().startsWith('{')) {
      yield enrichedRow(text);
    } else {
      yield* rowsOfValue(text, options);
    }
  }
}

function enrichedRow(text: string): ReadForeignRow {
  const fields = readSnowplowRow(text);
  if (fields !== undefined) return { text, row: { kind: 'snowplow', fields, envelope: fields } };
  // Which of its columns hold people cannot be told any more.
  const count = text.split('\t').length;
  return { text: `[${count} columns]`, row: `not ${SNOWPLOW_COLUMNS} columns` };
}

function* rowsOfValue(
  text: string,
  { format, isByLine }: Pick<ForeignRowOptions, 'format' | 'isByLine'>,
): Generator<ReadForeignRow> {
  const reason = reasonAgainst(text, isByLine);
  if (reason !== undefined) {
    yield { text: text.slice(0, KEPT_OF_REFUSED), row: reason };
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    yield { text, row: 'not valid JSON' };
    return;
  }
  const envelope = fieldsOf(value);
  const inner = Array.isArray(value) ? value : elementsOf(envelope, format);
  if (envelope === undefined && !Array.isArray(value)) {
    yield { text, row: 'not a JSON object' };
  } else if (inner === undefined) {
    const fields = envelope ?? {};
    yield { text, row: { kind: format, fields, envelope: fields } };
  } else {
    for (const one of inner as readonly unknown[]) {
      const fields = fieldsOf(one);
      const row = fields && { kind: format, fields, envelope: envelope ?? fields };
      yield { text: JSON.stringify(one), row: row ?? 'not a JSON object' };
    }
  }
}

/** What is wrong with a value that is not even parsed. */
function reasonAgainst(text: string, isByLine: boolean): string | undefined {
  if (isByLine && text.length > LINE_LENGTH_MAX) return 'a line of more than 1 MiB';
  return isNestedTooDeeply(text) ? 'nested too deeply' : undefined;
}

/** The events of a body. @returns undefined where it is an event itself. */
function elementsOf(
  envelope: Fields | undefined,
  format: 'segment' | 'snowplow',
): readonly unknown[] | undefined {
  const name = format === 'segment' ? 'batch' : 'data';
  const inner: unknown = envelope?.[name];
  const isBody = format === 'segment' || SNOWPLOW_PAYLOAD.test(String(envelope?.['schema']));
  return isBody && Array.isArray(inner) ? inner : undefined;
}
