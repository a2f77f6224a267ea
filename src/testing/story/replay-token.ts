/** Tokens that carry a whole counterexample, so that a line of a log is enough to run it again:
 * `bl1.` + base64url of the deflated canonical JSON + `.` + a check sum of what is before it. Spec:
 * T100. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { hashText } from '../../kernel/hash.ts';
import { canonicalJson } from '../../streams/checkpoints/canonical-json.ts';

/** What was checked. */
export type CheckKind = 'pipeline' | 'machine' | 'architecture' | 'trial';

/** A counterexample that can be run again. */
export interface Replay {
  readonly kind: CheckKind;
  /** Name of the check: of the plan, the machine, the scenario. */
  readonly name: string;
  /** The property or invariant that was broken. */
  readonly property: string;
  /** The input: a stream, events of a machine, a trial. */
  readonly input: PlainValue;
}

const PREFIX = 'bl1';
const KINDS: readonly string[] = ['pipeline', 'machine', 'architecture', 'trial'];
/** No counterexample is larger; a token that inflates to more was not made here. */
const BYTES_MAX = 16 * 1_024 * 1_024;

/** The token of a counterexample. Cost O(size). */
export function tokenOf({ kind, name, property, input }: Replay): string {
  const text = canonicalJson({ kind, name, property, input });
  const body = deflateRawSync(text).toString('base64url');
  return `${PREFIX}.${body}.${checkSum(body)}`;
}

/** What a token carries. @throws EngineError `TESTING_BAD_TOKEN` for one that is cut, changed or
 * foreign. */
export function replayToken(token: string): Replay {
  const [prefix, body, sum, ...rest] = token.trim().split('.');
  if (prefix !== PREFIX || body === undefined || sum === undefined || rest.length > 0) {
    throw badToken(`it does not read ${PREFIX}.<data>.<check sum>`);
  }
  if (checkSum(body) !== sum) throw badToken('its check sum does not match');
  let text: string;
  try {
    const bytes = Buffer.from(body, 'base64url');
    text = inflateRawSync(bytes, { maxOutputLength: BYTES_MAX }).toString('utf8');
  } catch (cause) {
    throw badToken('its data cannot be inflated', cause);
  }
  try {
    return asReplay(JSON.parse(text));
  } catch (cause) {
    throw badToken('it carries no counterexample', cause);
  }
}

function asReplay(found: Partial<Replay>): Replay {
  const { kind, name, property, input } = found;
  if (kind === undefined || !KINDS.includes(kind)) throw new TypeError('no known kind');
  if (typeof name !== 'string' || typeof property !== 'string' || input === undefined) {
    throw new TypeError('no name, property or input');
  }
  return { kind, name, property, input };
}

/** 64 bits, 16 hexadecimal digits. */
export function checkSum(text: string): string {
  const words = [hashText(text, 0x6261_636b), hashText(text, 0x6c6f_7421)];
  return words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function badToken(reason: string, cause?: unknown): EngineError {
  const message = `replay token: ${reason}; copy it whole, from "${PREFIX}." to its last letter`;
  return new EngineError('TESTING_BAD_TOKEN', message, { reason }, { cause });
}
