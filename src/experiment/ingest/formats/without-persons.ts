/** What may be kept of a foreign payload that is no event: its ids of people replaced, what can
 * hold anything left out, addresses redacted. Spec: E44. */
import { redactPersonal } from './redact-personal.ts';

/** Fields that say who somebody is. */
const PERSON_FIELDS = [
  'userId',
  'anonymousId',
  'previousId',
  'groupId',
  'sessionId',
  'deviceId',
  'advertisingId',
  'uid',
  'duid',
  'nuid',
  'tnuid',
  'sid',
  'user_id',
  'email',
  'phone',
  'username',
  'firstName',
  'lastName',
];
/** Fields that hold traits, addresses, or anything at all in base64. */
const LEFT_OUT = new Set([
  'traits',
  'address',
  'ip',
  'ua_ip',
  'ue_px',
  'cx',
  'ue_pr',
  'co',
  'writeKey',
]);
const PERSON = new Set(PERSON_FIELDS.map((name) => name.toLowerCase()));
const VALUE = '"(?:[^"\\\\]|\\\\.)*["\\\\]?|[^",}\\s][^,}\\s]*';
const PERSON_IN_TEXT = new RegExp(`("(?:${PERSON_FIELDS.join('|')})"\\s*:\\s*)(${VALUE})`, 'gi');
const LEFT_OUT_IN_TEXT = new RegExp(`("(?:${[...LEFT_OUT].join('|')})"\\s*:\\s*)(${VALUE})`, 'gi');
/** What addresses of pages carry behind their path: what people typed. */
const QUERY_OF_URL = /(https?:\/\/[^\s"?#]{1,2000})[?#][^\s"]*/gi;
/** Kept of a text that is no JSON: `validate` keeps less still. */
const TEXT_LENGTH_MAX = 16_384;

/** JSON text of a payload without its people; of text that is no JSON as far as that can be told.
 * Cost O(length). */
export function withoutPersons(text: string, pseudonym: (identity: string) => string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return withoutAddresses(
      text
        .slice(0, TEXT_LENGTH_MAX)
        .replace(PERSON_IN_TEXT, (_, name: string, one: string) => {
          return `${name}"${pseudonym(one.replaceAll(/^"|"$/g, ''))}"`;
        })
        .replace(LEFT_OUT_IN_TEXT, '$1"[left out]"'),
    );
  }
  const kept = JSON.stringify(value, (name, one: unknown) => {
    if (LEFT_OUT.has(name)) return '[left out]';
    if (!PERSON.has(name.toLowerCase()) || one === null || one === '') return one;
    return pseudonym(typeof one === 'string' ? one : JSON.stringify(one));
  });
  return withoutAddresses(kept);
}

function withoutAddresses(text: string): string {
  return redactPersonal(text.replace(QUERY_OF_URL, '$1'));
}
