/** What all foreign formats have in common: an event of theirs becomes one of ours, its people
 * replaced by pseudonyms, its text redacted; or a reason why not. Spec: E41–E44. */
import {
  TRACKED_EVENT_TYPES,
  type TrackedEvent,
  type TrackedEventData,
  type TrackedEventType,
} from '../../../domain/tracked-event.ts';
import { MAX_TEXT, redactPersonal } from './redact-personal.ts';

/** Fields by name, as parsed. */
export type Fields = Readonly<Record<string, unknown>>;

/** Who is replaced how, and which event of the file it is. */
export interface ForeignContext {
  readonly pseudonym: (identity: string) => string;
  /** For events that tell no position in their session. */
  readonly sequence: number;
}

/** A foreign event in our words. */
export interface ForeignEvent {
  readonly event: TrackedEvent;
  /** Device clock at sending. Absent where it is unknown, or where the event's time is true and
   * must not be corrected. */
  readonly sentTimeUs?: number;
  /** When their collector took it in. */
  readonly receivedTimeUs?: number;
  readonly userAgent: string;
}

/** What is read of an event before its people are replaced. Identities are raw. */
export interface ForeignParts {
  readonly id: string;
  readonly type: TrackedEventType;
  readonly subject: string | undefined;
  readonly sessionId: string | undefined;
  readonly eventTimeUs: number;
  readonly data: TrackedEventData;
  /** What only our own exporters write. */
  readonly own: Fields | undefined;
}

/** Makes the event of its parts. */
export function eventOf(parts: ForeignParts, context: ForeignContext): TrackedEvent {
  const { pseudonym } = context;
  const { id, subject = 'unknown', eventTimeUs, data, own = {} } = parts;
  const type = TRACKED_EVENT_TYPES.find((name) => name === own['type']) ?? parts.type;
  const sequence = own['sequence'];
  const { uptimeUs, sampledRate, schema, microseconds } = own;
  return {
    id,
    type,
    subject: pseudonym(subject),
    sessionId: pseudonym(parts.sessionId ?? subject),
    sequence: isCount(sequence) ? sequence : context.sequence,
    eventTimeUs:
      isCount(microseconds) && microseconds < 1_000 ? eventTimeUs + microseconds : eventTimeUs,
    ...(isCount(uptimeUs) ? { uptimeUs } : {}),
    ...(typeof sampledRate === 'number' ? { sampledRate } : {}),
    ...(typeof schema === 'string' ? { schema } : {}),
    data: cleaned(withOwn(data, fieldsOf(own['data']))),
  };
}

/** What the standard payload does not tell of an event: the counterpart of {@link eventOf}. */
export function ownOf(
  event: TrackedEvent,
  standard: { readonly type: TrackedEventType; readonly data: TrackedEventData },
): Fields {
  const { type, sequence, uptimeUs, sampledRate, schema, data } = event;
  const rest = ownData(data, standard.data);
  return {
    sequence,
    ...present({ uptimeUs, sampledRate, schema }),
    ...(type === standard.type ? {} : { type }),
    ...(Object.keys(rest).length === 0 ? {} : { data: rest }),
  };
}

function ownData(data: TrackedEventData, standard: TrackedEventData): Fields {
  const wanted = new Map(Object.entries(data));
  const found = new Map(Object.entries(standard));
  const own: [string, unknown][] = [];
  for (const [name, value] of wanted) if (found.get(name) !== value) own.push([name, value]);
  for (const name of found.keys()) if (!wanted.has(name)) own.push([name, null]);
  return Object.fromEntries(own);
}

function withOwn(data: TrackedEventData, own: Fields | undefined): TrackedEventData {
  if (own === undefined) return data;
  // `null` says that a field is absent; anything else that is no plain value is not ours.
  const merged = Object.entries({ ...data, ...own }).filter(
    ([, value]) => typeof value !== 'object',
  );
  return Object.fromEntries(merged);
}

function cleaned(data: TrackedEventData): TrackedEventData {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'string' ? redactPersonal(value).slice(0, MAX_TEXT) : value,
    ]),
  );
}

/** A field that is an object. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined;
}

/** The first that is text with something in it, or a number, as text. */
export function textOf(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  }
  return undefined;
}

/** Whole seconds of a position. @returns undefined for what is no number ≥ 0. */
export function wholeSeconds(value: unknown): number | undefined {
  if (typeof value !== 'number' || !(value >= 0) || value > Number.MAX_SAFE_INTEGER) {
    return undefined;
  }
  return Math.floor(value);
}

/** The path of an address, without its query: queries hold what people typed. */
export function pathOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || url === '') return undefined;
  const path = URL.canParse(url) ? new URL(url).pathname : url.replace(/[?#].*$/s, '');
  return path === '' ? undefined : path;
}

/** An object without the fields that are undefined. */
export function present<T extends object>(
  fields: { readonly [K in keyof T]: T[K] | undefined },
): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
