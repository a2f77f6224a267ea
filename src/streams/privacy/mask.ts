/** What may be kept of a record that is not valid, where any value may stand anywhere: names and
 * values by the allow-list where they are what the schema wants, and stand-ins elsewhere. So a bad
 * row can be mended and replayed, and tells nobody. Spec: W91. */
import { TRACKED_EVENT_TYPES } from '../../domain/tracked-event.ts';
import { nearestName } from '../../kernel/errors.ts';
import type { FieldPolicy, FieldTreatment, TextTreatment } from './field-policy.ts';

/** A record as it may be kept. */
export interface MaskedRecord {
  readonly kept: unknown;
  /** Whether a patch can still make the event whole: the record was an object. */
  readonly isRecoverable: boolean;
}

/** Names in a record that nobody knows become `unknown_1`, `unknown_2`, … */
const UNKNOWN = 'unknown_';
const EVENT_TYPES: ReadonlySet<string> = new Set(TRACKED_EVENT_TYPES);
/** A number written as text: what a cast mends. */
const NUMERIC = /^-?\d{1,17}(?:\.\d{1,6})?$/;
/** Edits up to which an unknown name is taken for a known one misspelt, and keeps its letters. */
const TYPO_DISTANCE_MAX = 2;

/** Texts of which only the shape may be kept: letters become `x`, digits `9`. Cost O(length). */
export function maskText(text: string): string {
  return text.replace(/\p{Nd}/gu, '9').replace(/[\p{L}\p{M}\p{N}]/gu, (c) => (c === '9' ? c : 'x'));
}

/** Masks a record. Objects below `data` are not kept: no field of a tracked event is one. */
export function maskRecord(raw: unknown, policy: FieldPolicy, treat: TextTreatment): MaskedRecord {
  if (typeof raw === 'string') return { kept: maskText(raw), isRecoverable: false };
  if (!isRecord(raw)) return { kept: null, isRecoverable: false };
  const kept = maskFields(raw, policy.event, treat);
  const data = raw['data'];
  if (Object.hasOwn(raw, 'data')) {
    kept['data'] = isRecord(data) ? maskFields(data, policy.data, treat) : null;
  }
  return { kept, isRecoverable: true };
}

function maskFields(
  fields: Readonly<Record<string, unknown>>,
  table: Readonly<Record<string, FieldTreatment>>,
  treat: TextTreatment,
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const known = Object.keys(table);
  let unknown = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'data') continue;
    const meant = Object.hasOwn(table, name) ? name : misspelt(name, known);
    if (meant === undefined) {
      unknown += 1;
      kept[`${UNKNOWN}${unknown}`] = null;
      continue;
    }
    const masked = maskValue(value, table[meant] ?? 'drop', treat);
    if (masked !== undefined) kept[name] = masked;
  }
  return kept;
}

function maskValue(value: unknown, treatment: FieldTreatment, treat: TextTreatment): unknown {
  if (treatment === 'drop') return undefined;
  if (typeof value === 'string') return treat(value, textTreatment(value, treatment));
  if (value === null || typeof value === 'boolean') return value;
  // A number where a name should be is somebody's number.
  if (typeof value === 'number')
    return treatment === 'keep' ? value : treat(`${value}`, 'pseudonym');
  return null;
}

/** Text where none may be is anybody's; a number written as text may be mended by a cast. */
function textTreatment(value: string, treatment: FieldTreatment): FieldTreatment {
  if (treatment !== 'keep') return treatment;
  return NUMERIC.test(value) || EVENT_TYPES.has(value) ? 'keep' : 'pseudonym';
}

/** The known name that an unknown one differs from by a letter or two. */
function misspelt(name: string, known: readonly string[]): string | undefined {
  if (name.length < 4 || name.length > 24 || !/^[a-z]+$/i.test(name)) return undefined;
  const near = nearestName(name, known);
  return near !== undefined && isWithin(name, near, TYPO_DISTANCE_MAX) ? near : undefined;
}

/** Whether taking away the common beginning and end leaves at most `max` letters of each. */
function isWithin(a: string, b: string, max: number): boolean {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  const room = Math.min(a.length, b.length) - start;
  while (end < room && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return a.length - start - end <= max && b.length - start - end <= max;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
