/** Which fields of rows that nobody described say who somebody is, by their names; and what is kept
 * of text in which such fields stand. Prose in other fields is kept as it is, addresses apart. */

/** Fields by which a row says whose it is, the best first. */
export const SUBJECT_COLUMNS = [
  'user_id',
  'userid',
  'driver_id',
  'visitor_id',
  'session_id',
  'user',
  'id',
];
/** Fields that tell of people, as words: `_` may be missing, or be another sign. */
const PERSON_WORDS = [
  'email',
  'e_mail',
  'mail',
  'email_address',
  'phone',
  'phone_number',
  'telephone',
  'mobile',
  'mobile_number',
  'user_name',
  'login',
  'nick_name',
  'display_name',
  'screen_name',
  'first_name',
  'last_name',
  'middle_name',
  'given_name',
  'family_name',
  'full_name',
  'sur_name',
  'maiden_name',
  'person_name',
  'customer_name',
  'driver_name',
  'customer',
  'customer_id',
  'account_id',
  'member_id',
  'device_id',
  'anonymous_id',
  'contact',
  'address',
  'street',
  'street_address',
  'postal_address',
  'ip',
  'ip_address',
  'client_ip',
  'remote_addr',
  'birthday',
  'birth_date',
  'date_of_birth',
  'dob',
  'ssn',
  'passport',
  'passport_number',
  'credit_card',
  'card_number',
  'iban',
] as const;
/** Of broken lines: what a tracked event says of people is in them too. */
const IN_BROKEN_LINES = ['subject', 'playbackid', 'query', 'path', 'pageurl', 'referrer', 'name'];

const withoutSigns = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const SUBJECTS: ReadonlySet<string> = new Set(SUBJECT_COLUMNS.map(withoutSigns));
const PERSONAL: ReadonlySet<string> = new Set(PERSON_WORDS.map(withoutSigns));
const anySign = (name: string) => name.replaceAll('_', '[^"\\p{L}\\p{N}]?');
const IN_TEXT = [...SUBJECT_COLUMNS, ...PERSON_WORDS, ...IN_BROKEN_LINES].map(anySign).join('|');
/** Who is in a line of JSON that cannot be parsed; the value may be cut short. */
const PERSON_IN_TEXT = new RegExp(
  `("(?:${IN_TEXT})"\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*["\\\\]?|[^",}\\s][^,}\\s]*)`,
  'giu',
);
const IN_QUERY = [...PERSON_WORDS, 'name', 'user', 'user_id'].map(anySign).join('|');
/** Who is in the query of an address of a page. */
const PERSON_IN_QUERY = new RegExp(`([?&;](?:${IN_QUERY})=)[^&;#\\s"]+`, 'giu');

/** Names remembered: files have few. */
const REMEMBERED_MAX = 1_000;
const remembered = new Map<string, 'subject' | 'person' | 'name' | 'other'>();

function kindOf(name: string) {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const plain = withoutSigns(name);
  const kind = kindOfPlain(plain);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(name, kind);
  return kind;
}

function kindOfPlain(name: string) {
  if (SUBJECTS.has(name)) return 'subject';
  if (PERSONAL.has(name)) return 'person';
  return name === 'name' ? 'name' : 'other';
}

/** Whether what stands under a name tells who somebody is. A `name` does, but for that of an event
 * in a row that tells nothing else of a person. */
export function isPersonalField(name: string, isEventName: (name: string) => boolean): boolean {
  const kind = kindOf(name);
  return kind === 'subject' || kind === 'person' || (kind === 'name' && !isEventName(name));
}

/** Whether a row tells of a person beyond whose it is: then its `name` is that person's. */
export function tellsOfPerson(columns: readonly string[]): boolean {
  return columns.some((column) => kindOf(column) === 'person');
}

/** Text of broken JSON with the values of such fields replaced. */
export function withoutPersonalFields(
  text: string,
  pseudonym: (identity: string) => string,
): string {
  return text.replace(
    PERSON_IN_TEXT,
    (_, name: string, value: string) => `${name}"${pseudonym(value.replaceAll(/^"|"$/g, ''))}"`,
  );
}

/** Text with the values of such parameters of addresses left out. Cost O(length). */
export function withoutPersonalParameters(text: string): string {
  return text.includes('=') ? text.replace(PERSON_IN_QUERY, '$1[left out]') : text;
}
