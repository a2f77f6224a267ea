/** Self-describing JSON of Snowplow: `{schema: 'iglu:vendor/name/jsonschema/1-0-0', data}`, wrapped
 * once more, as text or as base64 for URLs. */
import { type Fields, fieldsOf } from './foreign-event.ts';

/** One event or entity with its schema taken apart. */
export interface SelfDescribing {
  readonly schema: string;
  readonly vendor: string;
  readonly name: string;
  readonly data: Fields;
}

const SCHEMA = /^iglu:([\w.-]+)\/([\w-]+)\/jsonschema\/[\d-]+$/;

/** Reads the wrapper of an event or of entities. @param text - JSON, as in `ue_pr` and `co`.
 * @param base64 - The same as in `ue_px` and `cx`. @param wrapper - Name of the wrapper's schema.
 * @returns what is in it, none where there is no wrapper, or the reason against it. */
export function readSelfDescribing(
  text: unknown,
  base64: unknown,
  wrapper: 'unstruct_event' | 'contexts',
): readonly SelfDescribing[] | string {
  const field = text === undefined ? base64 : text;
  if (field === undefined || field === '') return [];
  if (typeof field !== 'string') return `${wrapper}: no text`;
  const json = text === undefined ? Buffer.from(field, 'base64').toString('utf8') : field;
  let outer: Fields | undefined;
  try {
    outer = fieldsOf(JSON.parse(json));
  } catch {
    return `${wrapper}: not valid JSON`;
  }
  const schema = SCHEMA.exec(String(outer?.['schema']));
  const data: unknown = outer?.['data'];
  if (schema?.[2] !== wrapper) return `${wrapper}: not its schema`;
  const inner: readonly unknown[] = Array.isArray(data) ? data : [data];
  return inner.flatMap((one) => selfDescribing(fieldsOf(one)));
}

function selfDescribing(fields: Fields | undefined): readonly SelfDescribing[] {
  const schema = String(fields?.['schema']);
  const [, vendor, name] = SCHEMA.exec(schema) ?? [];
  if (vendor === undefined || name === undefined) return [];
  return [{ schema, vendor, name, data: fieldsOf(fields?.['data']) ?? {} }];
}
