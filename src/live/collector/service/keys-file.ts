/** Keys and tokens of a collector: made at random once, kept beside its log, readable by nobody
 * else. Spec: S413. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { EngineError } from '../../../kernel/errors.ts';

/** The secrets of a collector. */
export interface CollectorKeys {
  readonly writeKey: string;
  readonly readToken: string;
}

const SECRET_BYTES = 16;
const MODE = 0o600;
/** What fits into a header and into a query string as it is. */
const SECRET = /^[\w.~-]{8,128}$/;

/** The keys in the file, made where it is missing; given ones take their places in it.
 * @throws EngineError `INPUT_UNREADABLE` for a file that is none, or a key that cannot be sent. */
export function openKeysFile(path: string, given: Partial<CollectorKeys>): CollectorKeys {
  const kept = existsSync(path) ? read(path) : undefined;
  const keys = {
    writeKey: given.writeKey ?? kept?.writeKey ?? secret(),
    readToken: given.readToken ?? kept?.readToken ?? secret(),
  };
  for (const [name, value] of Object.entries(keys)) {
    if (SECRET.test(value)) continue;
    const rule = 'a key has 8 to 128 letters, digits, or any of - _ . ~';
    throw new EngineError('INPUT_UNREADABLE', `${name}: ${rule}`, { path });
  }
  writeFileSync(path, `${JSON.stringify(keys, null, 2)}\n`, { mode: MODE });
  // The mode above is that of a new file only.
  chmodSync(path, MODE);
  return keys;
}

function read(path: string): CollectorKeys {
  try {
    const { writeKey, readToken } = JSON.parse(readFileSync(path, 'utf8')) as CollectorKeys;
    if (typeof writeKey === 'string' && typeof readToken === 'string') {
      return { writeKey, readToken };
    }
  } catch {
    // Told below.
  }
  const message = `${path}: it holds no keys; mend it, or remove it to have new ones made`;
  throw new EngineError('INPUT_UNREADABLE', message, { path });
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}
