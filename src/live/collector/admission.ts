/** Whether a request is let in, decided by its head alone, before any of its body is read: method
 * and type, key, origin, rate, what waits already, how much is unread. Spec: S404, S406–S409. */
import type { IncomingHttpHeaders } from 'node:http';
import { CollectorRefusal } from './refusal.ts';
import { bearerOf, type KnownKey, type WriteKeys } from './write-keys.ts';

/** Limits of what may wait at once. */
export interface AdmissionLimits {
  /** Of one body as it is sent. */
  readonly bodyBytesMax: number;
  /** Bodies that have been let in and not been answered. */
  readonly openRequestsMax: number;
  /** Their bytes. */
  readonly openBytesMax: number;
  /** Events in the log that the pipeline has not read. */
  readonly unreadMax: number;
}

/** What admission is decided by. */
export interface AdmissionOptions {
  readonly keys: WriteKeys;
  readonly limits: AdmissionLimits;
  readonly unread: () => number;
  readonly isAllowedOrigin: (origin: string, key: KnownKey) => boolean;
  readonly nowMs: () => number;
}

/** The head of a request. */
export interface RequestHead {
  readonly headers: IncomingHttpHeaders;
  /** Of the query string. */
  readonly key: string | undefined;
}

/** Lets in, and lets out. */
export interface Admission {
  /** @returns what ends the stay; call it once. @throws CollectorRefusal. */
  enter(head: RequestHead): () => void;
  readonly openRequests: number;
  readonly openBytes: number;
}

/** A body that does not say how long it is is taken for this long. */
const UNKNOWN_BYTES = 65_536;
/** A zipped body takes more once it is inflated. */
const INFLATED = 8;
const BUSY_RETRY_SECONDS = 1;
const UNREAD_RETRY_SECONDS = 10;
const TYPES = /^(?:application\/json|text\/plain|application\/x-ndjson)\s*(?:;|$)/i;

/** Opens the door. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { keys, limits, unread, isAllowedOrigin, nowMs } = options;
  const open = { requests: 0, bytes: 0 };
  const checkKey = ({ headers, key }: RequestHead) => {
    const given = bearerOf(headers.authorization) ?? key;
    const known = given === undefined ? undefined : keys.find(given);
    if (known === undefined) throw NO_KEY;
    if (known.settings.isEnabled === false) throw DISABLED_KEY;
    if (headers.origin !== undefined && !isAllowedOrigin(headers.origin, known)) throw BAD_ORIGIN;
    return known;
  };
  return {
    enter(head) {
      const { headers } = head;
      const known = checkKey(head);
      const wait = known.bucket.take(nowMs());
      if (wait > 0) throw tooFast(wait);
      if (unread() > limits.unreadMax) throw TOO_MUCH_UNREAD;
      const bytes = sizeOf(headers, limits.bodyBytesMax);
      const isFull =
        open.requests >= limits.openRequestsMax || open.bytes + bytes > limits.openBytesMax;
      if (isFull) throw BUSY;
      open.requests += 1;
      open.bytes += bytes;
      return () => {
        open.requests -= 1;
        open.bytes -= bytes;
      };
    },
    get openRequests() {
      return open.requests;
    },
    get openBytes() {
      return open.bytes;
    },
  };
}

/** Bytes that a body will take, after its type and its length have been looked at. */
function sizeOf(headers: IncomingHttpHeaders, bodyBytesMax: number): number {
  if (!TYPES.test(headers['content-type'] ?? '')) throw BAD_TYPE;
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') throw BAD_ENCODING;
  const length = headers['content-length'];
  const bytes = length === undefined ? UNKNOWN_BYTES : Number(length);
  if (bytes > bodyBytesMax) throw BODY_TOO_LARGE;
  return encoding === 'gzip' ? bytes * INFLATED : bytes;
}

/** The refusal of a body longer than the limit. */
export const BODY_TOO_LARGE = new CollectorRefusal(413, 'body_too_large', {
  message: 'the body is too large; send fewer events at once',
  closes: true,
});

const NO_KEY = new CollectorRefusal(401, 'no_write_key', {
  message: 'no known write key; send it as "Authorization: Bearer …" or "?key=…"',
});
const DISABLED_KEY = new CollectorRefusal(403, 'key_disabled', {
  message: 'this write key has been withdrawn',
});
const BAD_ORIGIN = new CollectorRefusal(403, 'origin_not_allowed', {
  message: 'pages of this origin may not send with this key; allow it with --origin',
});
const BAD_TYPE = new CollectorRefusal(415, 'unsupported_media_type', {
  message: 'send application/json (or text/plain from a beacon)',
});
const BAD_ENCODING = new CollectorRefusal(415, 'unsupported_encoding', {
  message: 'send the body as it is, or with content-encoding gzip',
});
const TOO_MUCH_UNREAD = new CollectorRefusal(429, 'too_much_unread', {
  message: 'the pipeline is too far behind; send it again later',
  retryAfterSeconds: UNREAD_RETRY_SECONDS,
});
const BUSY = new CollectorRefusal(503, 'busy', {
  message: 'too much is waiting to be written; send it again later',
  retryAfterSeconds: BUSY_RETRY_SECONDS,
});

function tooFast(retryAfterSeconds: number): CollectorRefusal {
  const message = 'this key sends more often than it may; send it again later, in larger batches';
  return new CollectorRefusal(429, 'rate_limited', { message, retryAfterSeconds });
}
