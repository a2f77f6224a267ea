/** The body of a request: `{sentTimeUs, sentUptimeUs?, events}`, an array of events, or one event.
 * It is refused before it is parsed where parsing could hurt. Spec: S23. */
import { hasForbiddenKey } from './check-event.ts';

/** What a body brings. */
export interface BodyEvents {
  readonly kind: 'events';
  /** Absent where the body does not tell. */
  readonly sentTimeUs?: number;
  readonly sentUptimeUs?: number;
  readonly events: readonly unknown[];
  /** The bytes of the events in the body, where they are told apart from the rest. */
  readonly eventsJson?: Uint8Array;
}

/** A body that brings nothing. */
export interface BodyRefusal {
  readonly kind: 'refused';
  readonly status: 400 | 413;
  /** Words that hold nothing of the body. */
  readonly reason: string;
}

/** Limits of one body. */
export interface BodyLimits {
  readonly bodyBytesMax: number;
  readonly eventsMax: number;
}

/** Bodies beyond this are scanned before they are parsed: a smaller one of nothing but brackets
 * takes no memory to speak of. */
const SCANNED_FROM_BYTES = 65_536;
/** Brackets inside each other that no honest body has; events have a limit of their own. */
const BODY_DEPTH_MAX = 512;
/** How the project's own SDK begins a body: what follows, but for the last brace, is the list of
 * events. Its parts are ASCII, so that characters are bytes. */
const NUMBER = '(0|[1-9]\\d{0,15})';
const USUAL_HEAD = new RegExp(
  `^\\{(?:"requestId":"[ !#-[\\]-~]{0,200}",)?(?:"attempt":${NUMBER},)?` +
    `(?:"sentTimeUs":${NUMBER},)?(?:"sentUptimeUs":${NUMBER},)?"events":(?=\\[)`,
);
const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true });
/** Larger bodies are written anew: white space may be most of them. */
const KEPT_AS_IS_BYTES = 65_536;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Reads a body. Memory: a few times the body, at most of `bodyBytesMax`. */
export function readBody(body: Uint8Array, limits: BodyLimits): BodyEvents | BodyRefusal {
  if (body.length > limits.bodyBytesMax) return refused('body too large', 413);
  if (body.length > SCANNED_FROM_BYTES && isTooDeep(body)) {
    return refused('body is nested too deeply');
  }
  let value: unknown;
  try {
    const text = STRICT_UTF8.decode(body);
    const usual = usualEvents(text, body);
    if (usual !== undefined) {
      return usual.events.length > limits.eventsMax ? TOO_MANY : usual;
    }
    value = JSON.parse(text);
  } catch (error) {
    return refused(
      error instanceof SyntaxError ? 'body is not valid JSON' : 'body is not UTF-8 text',
    );
  }
  const read = eventsOf(value);
  if (read.kind === 'events' && read.events.length > limits.eventsMax) {
    return TOO_MANY;
  }
  return read;
}

/** Text of a body that is refused, as much as is kept of it. */
export function headOf(body: Uint8Array, bytesMax: number): string {
  return new TextDecoder('utf-8').decode(body.subarray(0, bytesMax));
}

/** A body as usual: only its events are parsed, and their bytes can be kept as they are.
 * @returns undefined for any other body, which is then read as a whole. */
function usualEvents(text: string, body: Uint8Array): BodyEvents | undefined {
  if (body.length > KEPT_AS_IS_BYTES || !text.endsWith(']}')) return undefined;
  const head = USUAL_HEAD.exec(text);
  if (head === null) return undefined;
  const start = head[0].length;
  let events: unknown;
  try {
    events = JSON.parse(text.slice(start, -1));
  } catch {
    return undefined;
  }
  if (!Array.isArray(events)) return undefined;
  const [, , sentTimeUs, sentUptimeUs] = head;
  if (!isPlainTime(sentTimeUs) || !isPlainTime(sentUptimeUs)) return undefined;
  return {
    kind: 'events',
    ...(sentTimeUs === undefined ? {} : { sentTimeUs: Number(sentTimeUs) }),
    ...(sentUptimeUs === undefined ? {} : { sentUptimeUs: Number(sentUptimeUs) }),
    events,
    eventsJson: body.subarray(start, body.length - 1),
  };
}

function isPlainTime(digits: string | undefined): boolean {
  return digits === undefined || Number.isSafeInteger(Number(digits));
}

function eventsOf(value: unknown): BodyEvents | BodyRefusal {
  if (Array.isArray(value)) return { kind: 'events', events: value };
  if (typeof value !== 'object' || value === null) {
    return refused('body is neither an object nor an array');
  }
  // A single event with such a key is refused alone, with its id.
  if (!Object.hasOwn(value, 'events')) return { kind: 'events', events: [value] };
  if (hasForbiddenKey(value)) return refused('envelope: forbidden key');
  const { events, sentTimeUs, sentUptimeUs } = value as Readonly<Record<string, unknown>>;
  if (!Array.isArray(events)) return refused('envelope: events is no array');
  if (!isTimeOrAbsent(sentTimeUs)) return refused('envelope: sentTimeUs is no whole number');
  if (!isTimeOrAbsent(sentUptimeUs)) return refused('envelope: sentUptimeUs is no whole number');
  return {
    kind: 'events',
    ...(sentTimeUs === undefined ? {} : { sentTimeUs }),
    ...(sentUptimeUs === undefined ? {} : { sentUptimeUs }),
    events,
  };
}

function isTimeOrAbsent(value: unknown): value is number | undefined {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);
}

/** Counts brackets outside of strings. Cost O(bytes), nothing kept. */
function isTooDeep(body: Uint8Array): boolean {
  let depth = 0;
  let isInText = false;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i];
    if (isInText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) isInText = false;
    } else if (byte === QUOTE) {
      isInText = true;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > BODY_DEPTH_MAX) return true;
    } else if (byte === 0x5d || byte === 0x7d) {
      depth -= 1;
    }
  }
  return false;
}

const TOO_MANY: BodyRefusal = { kind: 'refused', status: 413, reason: 'too many events' };

function refused(reason: string, status: 400 | 413 = 400): BodyRefusal {
  return { kind: 'refused', status, reason };
}
