/** XState's words for a guard that threw. */
import type { Candidate } from './configuration.ts';

/** The error of a guard that threw while an event was being answered. */
export function guardFailed(candidate: Candidate, eventType: string, cause: unknown): Error {
  const { guardName, transition } = candidate;
  const named = guardName === undefined ? '' : `'${guardName}' `;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `Unable to evaluate guard ${named}in transition for event '${eventType}' ` +
      `in state node '${transition.source.id}':\n${message}`,
    { cause },
  );
}
