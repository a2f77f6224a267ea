/** Who may write, and how much: keys, compared in constant time. Spec: S406. */
import { timingSafeEqual } from 'node:crypto';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** A key and its settings. */
export interface WriteKey {
  readonly key: string;
  /** Requests a second. */
  readonly ratePerSec: number;
  /** Origins of pages that may use it, exactly as browsers write them; `*` for any. Default: those
   * of the server. Senders that name no origin are no browsers, and not held to it. */
  readonly origins?: readonly string[] | undefined;
  /** A key that is withdrawn is told so (403). Default true. */
  readonly isEnabled?: boolean | undefined;
}

/** A key that was recognised. */
export interface KnownKey {
  readonly settings: WriteKey;
  readonly bucket: TokenBucket;
}

/** Recognises keys. */
export interface WriteKeys {
  /** Takes the same time whichever key it is, and where it is none. */
  find(given: string): KnownKey | undefined;
}

/** A longer one is no key, and not worth comparing. */
const KEY_LENGTH_MAX = 256;

/** Makes the keys known. */
export function createWriteKeys(keys: readonly WriteKey[]): WriteKeys {
  const known = keys.map((settings) => ({
    padded: padded(settings.key),
    found: { settings, bucket: createTokenBucket(settings) } satisfies KnownKey,
  }));
  return {
    find(given) {
      if (given.length > KEY_LENGTH_MAX) return undefined;
      const asked = padded(given);
      let match: KnownKey | undefined;
      for (const one of known) if (timingSafeEqual(one.padded, asked)) match = one.found;
      return match;
    },
  };
}

/** Whether two secrets are equal, in constant time. */
export function isSameSecret(given: string, secret: string): boolean {
  return given.length <= KEY_LENGTH_MAX && timingSafeEqual(padded(given), padded(secret));
}

/** The token of `Authorization: Bearer …`. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization?.startsWith('Bearer ') ? authorization.slice(7).trim() : undefined;
}

/** Of one length for all keys, so that the length does not show in time either. Hashes would do the
 * same, and take 13 µs of every request. */
function padded(text: string): Buffer {
  const bytes = Buffer.alloc(KEY_LENGTH_MAX * 4 + 1);
  bytes.write(text, 1);
  bytes[0] = Math.min(text.length, 255);
  return bytes;
}
