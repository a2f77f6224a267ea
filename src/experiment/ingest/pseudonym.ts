/** Pseudonyms: the same person is the same text everywhere, and nobody can tell who it is without
 * the key. */
import { createHmac } from 'node:crypto';

/** The environment variable that holds the key. */
export const PSEUDONYM_KEY_VARIABLE = 'BACKLOT_PSEUDONYM_KEY';
/** Without a key of one's own, whoever knows this source can try all addresses: fine for a
 * rehearsal, not for publishing. */
const DEFAULT_KEY = 'backlot';
const LENGTH = 16;
/** Pseudonyms remembered, so that memory stays flat; then it begins anew. */
const REMEMBERED_MAX = 100_000;

/** Makes the function from an identity to its pseudonym: HMAC-SHA-256, 64 bits kept. */
export function createPseudonym(
  key: string = process.env[PSEUDONYM_KEY_VARIABLE] ?? DEFAULT_KEY,
): (identity: string) => string {
  const known = new Map<string, string>();
  return (identity) => {
    const remembered = known.get(identity);
    if (remembered !== undefined) return remembered;
    if (known.size >= REMEMBERED_MAX) known.clear();
    const digest = createHmac('sha256', key).update(identity).digest('hex');
    const pseudonym = `h${digest.slice(0, LENGTH)}`;
    known.set(identity, pseudonym);
    return pseudonym;
  };
}
