/** Pseudonyms with keys that can be rotated: HMAC-SHA-256 under the current key, the key's id in
 * the text, so that one can tell who was named under which key. Old keys stay known for looking
 * people up; nothing new is named with them. Spec: W88–W89. Source: RFC 2104. */
import { createHmac } from 'node:crypto';
import { EngineError } from '../../kernel/errors.ts';

/** A key. */
export interface PseudonymKey {
  /** Short and public: 1 to 16 lower-case letters and digits. */
  readonly id: string;
  /** Secret: at least 16 characters. */
  readonly secret: string;
}

/** Names people. */
export interface Pseudonymizer {
  readonly currentKeyId: string;
  /** `p_<key id>_<32 hexadecimal digits>`: 128 bits. A pseudonym under a known key stays as it is,
   * so that naming twice is naming once. */
  pseudonym(identity: string): string;
  /** The pseudonyms under all keys, the current one first: under which a person may be stored. */
  candidates(identity: string): readonly string[];
  /** A short keyed hash of any value, for telling equal values apart from others: 64 bits. */
  valueHash(text: string): string;
}

const KEY_ID = /^[a-z0-9]{1,16}$/;
const SECRET_LENGTH_MIN = 16;
const PSEUDONYM = /^p_([a-z0-9]{1,16})_[0-9a-f]{32}$/;
const DIGITS = 32;
const VALUE_HASH_DIGITS = 16;
/** Pseudonyms remembered, in two generations: memory stays flat. */
const REMEMBERED_MAX = 50_000;

/** Makes the pseudonymizer. The first key is the current one.
 * @throws EngineError `PSEUDONYM_BAD_KEY`; its message has no secret in it. */
export function createPseudonymizer(keys: readonly PseudonymKey[]): Pseudonymizer {
  const [current] = keys;
  checkKeys(keys);
  if (current === undefined) throw badKey('', 'there is no key; give one');
  const known = new Set(keys.map(({ id }) => id));
  const isPseudonym = (text: string) => {
    const keyId = text.startsWith('p_') ? PSEUDONYM.exec(text)?.[1] : undefined;
    return keyId !== undefined && known.has(keyId);
  };
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  const pseudonym = (identity: string) => {
    const remembered = young.get(identity) ?? old.get(identity);
    if (remembered !== undefined) return remembered;
    const named = isPseudonym(identity) ? identity : nameUnder(current, identity);
    if (young.size >= REMEMBERED_MAX) {
      old = young;
      young = new Map();
    }
    young.set(identity, named);
    return named;
  };
  return {
    currentKeyId: current.id,
    pseudonym,
    candidates: (identity) =>
      isPseudonym(identity) ? [identity] : keys.map((key) => nameUnder(key, identity)),
    // The prefix keeps hashes of values apart from pseudonyms: neither gives the other away.
    valueHash: (text) => digest(current, `value:${text}`).slice(0, VALUE_HASH_DIGITS),
  };
}

function nameUnder(key: PseudonymKey, identity: string): string {
  return `p_${key.id}_${digest(key, identity).slice(0, DIGITS)}`;
}

function digest(key: PseudonymKey, text: string): string {
  return createHmac('sha256', key.secret).update(text).digest('hex');
}

function checkKeys(keys: readonly PseudonymKey[]): void {
  const seen = new Set<string>();
  for (const { id, secret } of keys) {
    if (!KEY_ID.test(id)) throw badKey(id, 'an id has 1 to 16 lower-case letters and digits');
    if (seen.has(id)) throw badKey(id, 'it is there twice; ids tell keys apart');
    if (secret.length < SECRET_LENGTH_MIN) {
      throw badKey(
        id,
        `its secret has fewer than ${SECRET_LENGTH_MIN} characters; draw a longer one`,
      );
    }
    seen.add(id);
  }
}

function badKey(keyId: string, rule: string): EngineError {
  return new EngineError('PSEUDONYM_BAD_KEY', `key "${keyId}": ${rule}`, { keyId });
}
