/** What a collector's answer means to the SDK. Only an answer in the collector's own words settles
 * events: a login page of a hotel's network that answers 200 does not. Spec: B6, B7. */
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { SdkMessage, SentBatchEffect } from '../../../sdk/sdk-messages.ts';
import type { HttpAnswer } from '../environment.ts';

const US_PER_MS = 1_000;

/** The message for an answer. @param nowMs - The wall clock, for Retry-After as a date. */
export async function messageOf(
  answer: HttpAnswer,
  sent: SentBatchEffect,
  nowMs: number,
): Promise<SdkMessage> {
  const { batch, attempt } = sent;
  const { status } = answer;
  const pause = retryAfterUs(answer.header('retry-after'), nowMs);
  const later = pause === undefined ? {} : { retryAfterUs: pause };
  if (status < 200 || status >= 300) {
    return { type: 'batch.refused', batch, attempt, status, ...later };
  }
  const results = resultsOf(await answer.text(), sent);
  if (results === undefined) return { type: 'batch.refused', batch, attempt, status: 0 };
  return { type: 'batch.judged', batch, attempt, results, ...later };
}

/** Retry-After as a delay in µs: seconds or a date. @returns undefined where it is neither. */
export function retryAfterUs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * US_PER_SECOND;
  // A bare number with a sign would be read as a year.
  const atMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs) * US_PER_MS;
}

/** Results by id; undefined where the text is none of ours. */
function resultsOf(
  text: string,
  { events }: SentBatchEffect,
): Readonly<Record<string, string>> | undefined {
  const list = listOf(text);
  if (list === undefined) return undefined;
  const results: Record<string, string> = Object.create(null);
  for (const item of list) {
    if (typeof item !== 'object' || item === null) continue;
    const { id, index, result } = item as Readonly<Record<string, unknown>>;
    const name = typeof id === 'string' ? id : events[index as number]?.id;
    if (name !== undefined && typeof result === 'string') results[name] = result;
  }
  return results;
}

function listOf(text: string): readonly unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(text)?.results;
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}
