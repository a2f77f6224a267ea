/** First stage: what was received becomes a value. Texts of JSON are parsed; lines that a file's
 * reader could not parse are refused with the reader's reason. Spec: W75. */
import { redactAddresses } from '../../redact.ts';
import { isUnparsedLine } from '../bad-rows.ts';
import type { Stage, StageFailure } from '../stage.ts';

/** Options of the stage. */
export interface DecodeOptions {
  /** Whether records of the form `{unparsed, reason}` come from our own readers, so that their
   * reasons may be told; anybody can send one to a collector. Default true. */
  readonly trustsReaders?: boolean;
  /** Longest text of JSON that is parsed, in characters. Default 1 MiB. */
  readonly maxTextLength?: number;
}

/** Longest reason kept: reasons are told by a file's reader. */
const MAX_REASON_LENGTH = 100;
const MAX_TEXT_LENGTH = 1_048_576;
const LOOKS_LIKE_JSON = /^\s*[{[]/;

/** Makes the stage. */
export function createDecodeStage(options: DecodeOptions = {}): Stage {
  const { trustsReaders = true, maxTextLength = MAX_TEXT_LENGTH } = options;
  return {
    name: 'decode',
    version: '1.0.0',
    part: 'validate',
    apply(draft) {
      const { raw } = draft;
      if (typeof raw === 'string') {
        if (!LOOKS_LIKE_JSON.test(raw)) return draft;
        if (raw.length > maxTextLength) return unreadable('text too long', 'size_violation');
        const parsed = parseJson(raw);
        if (parsed === undefined) return unreadable('not valid JSON', 'payload_format_violation');
        draft.raw = parsed;
        return draft;
      }
      if (!isUnparsedLine(raw)) return draft;
      const reason = trustsReaders ? redactAddresses(raw.reason) : 'not a record';
      return unreadable(reason.slice(0, MAX_REASON_LENGTH), 'payload_format_violation');
    },
  };
}

/** Undefined where the text is no JSON; the parser's message quotes the text, so it is not used. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unreadable(
  reason: string,
  type: 'size_violation' | 'payload_format_violation',
): StageFailure {
  const messages = [{ field: 'event', rule: type, valueHash: null, error: reason }];
  return { failed: 'rejected', type, reason, messages, isRecoverable: false };
}
