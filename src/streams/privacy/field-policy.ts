/** What may be kept of each field of a tracked event: the allow-list. A field that is not in it is
 * not kept. The strict policy is for events of people; the simulated world's viewers are made up,
 * and keep theirs. Spec: W90. */
import type { TrackedEvent, TrackedEventData } from '../../domain/tracked-event.ts';
import { redactAddresses } from '../redact.ts';
import type { Pseudonymizer } from './pseudonyms.ts';

/** What happens to a text: kept; kept without addresses; replaced by a pseudonym; replaced unless
 * it is a UUID, which tells nobody; left out. Numbers and booleans are kept or left out. */
export type FieldTreatment = 'keep' | 'redact' | 'pseudonym' | 'pseudonym-unless-uuid' | 'drop';

/** The allow-list: a treatment for each field. */
export interface FieldPolicy {
  readonly event: Readonly<Record<Exclude<keyof TrackedEvent, 'data'>, FieldTreatment>>;
  readonly data: Readonly<Record<keyof TrackedEventData, FieldTreatment>>;
}

/** Nobody can be told by what is left. Searches and paths stay countable, for equal texts have
 * equal pseudonyms; addresses of pages are read by the campaign stage and then left out. */
export const STRICT_POLICY: FieldPolicy = {
  event: {
    id: 'pseudonym-unless-uuid',
    type: 'keep',
    subject: 'pseudonym',
    sessionId: 'pseudonym',
    sequence: 'keep',
    eventTimeUs: 'keep',
    uptimeUs: 'keep',
    sampledRate: 'keep',
    schema: 'redact',
  },
  data: {
    page: 'redact',
    titleId: 'redact',
    playbackId: 'pseudonym',
    positionSeconds: 'keep',
    completed: 'keep',
    seekFromSeconds: 'keep',
    watchedSeconds: 'keep',
    playedSeconds: 'keep',
    pausedSeconds: 'keep',
    bufferedSeconds: 'keep',
    errorCode: 'redact',
    bitrateKbps: 'keep',
    row: 'redact',
    slot: 'keep',
    policyId: 'redact',
    propensity: 'keep',
    target: 'redact',
    query: 'pseudonym',
    scrollDepthPercent: 'keep',
    status: 'keep',
    responseBytes: 'keep',
    method: 'redact',
    path: 'pseudonym',
    pageUrl: 'drop',
    referrer: 'drop',
    durationSeconds: 'keep',
    clickCount: 'keep',
    playbackRate: 'keep',
    volumePercent: 'keep',
    muted: 'keep',
    fullscreen: 'keep',
  },
};

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
/** Texts remembered with what was made of them; beyond them the memory begins anew. */
const REMEMBERED_MAX = 20_000;

/** Applies treatments to texts. The empty text stays: it names nobody. */
export type TextTreatment = (text: string, treatment: FieldTreatment) => string | undefined;

/** Makes a treatment of texts with a memory of its own. */
export function createTextTreatment(
  pseudonymizer: Pick<Pseudonymizer, 'pseudonym'>,
): TextTreatment {
  const redacted = new Map<string, string>();
  const redact = (text: string) => {
    const known = redacted.get(text);
    if (known !== undefined) return known;
    if (redacted.size >= REMEMBERED_MAX) redacted.clear();
    const made = redactAddresses(text);
    redacted.set(text, made);
    return made;
  };
  return (text, treatment) => {
    if (text === '') return text;
    switch (treatment) {
      case 'keep':
        return text;
      case 'redact':
        return redact(text);
      case 'pseudonym':
        return pseudonymizer.pseudonym(text);
      case 'pseudonym-unless-uuid':
        return UUID.test(text) ? text : pseudonymizer.pseudonym(text);
      case 'drop':
        return undefined;
    }
  };
}

/** A valid event as it may be kept: a new object, the old one untouched. */
export function protectEvent(
  event: TrackedEvent,
  policy: FieldPolicy,
  treat: TextTreatment,
): TrackedEvent {
  const kept = protectFields(event, policy.event, treat);
  kept['data'] = protectFields(event.data, policy.data, treat);
  return kept as unknown as TrackedEvent;
}

/** The fields that are on the list, as it treats them. `data` is none of an event's. */
function protectFields(
  fields: object,
  table: Readonly<Record<string, FieldTreatment>>,
  treat: TextTreatment,
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    const treatment = table[name];
    if (treatment === undefined || treatment === 'drop') continue;
    const value = (fields as Readonly<Record<string, unknown>>)[name];
    if (typeof value === 'string') kept[name] = treat(value, treatment);
    else if (value !== undefined) kept[name] = value;
  }
  return kept;
}
