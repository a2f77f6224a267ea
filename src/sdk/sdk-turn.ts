/** One step of an SDK under way: the draft of its next state, what is to be done, and the rules. */
import type { DropReason, SdkEffect, SdkInstant } from './sdk-messages.ts';
import type { SdkPolicy } from './sdk-policy.ts';
import type { SdkBatch, SdkDraft, SdkIdentity } from './sdk-state.ts';

/** How an SDK names things: pure functions of the device and a number that counts up over all of
 * its lives, so that no name is given twice. */
export interface SdkNames {
  event(identity: SdkIdentity, number: number): string;
  session(identity: SdkIdentity, number: number): string;
  /** At most 900 bytes. */
  request(identity: SdkIdentity, number: number): string;
}

/** What all SDKs of one kind share. */
export interface SdkRules {
  readonly policy: SdkPolicy;
  readonly names: SdkNames;
  /** The uniform in (0, 1) behind the pause after try number `attempt` of a batch. */
  uniform(identity: SdkIdentity, batch: number, attempt: number): number;
}

/** A step under way. */
export interface SdkTurn {
  readonly draft: SdkDraft;
  readonly effects: SdkEffect[];
  readonly now: SdkInstant;
  readonly rules: SdkRules;
}

/** Events that are given up. */
export interface GivenUpEvents {
  readonly reason: DropReason;
  readonly batch: number | undefined;
  readonly count: number;
}

/** Counts events that are given up, and says so. */
export function drop(turn: SdkTurn, { reason, batch, count }: GivenUpEvents): void {
  if (count === 0) return;
  const { draft } = turn;
  draft.dropped = { ...draft.dropped, [reason]: (draft.dropped[reason] ?? 0) + count };
  turn.effects.push({ type: 'events.dropped', reason, batch, count });
}

/** Gives a whole batch up. */
export function giveUp(turn: SdkTurn, batch: SdkBatch, reason: DropReason): void {
  replaceBatch(turn.draft, batch.number, []);
  drop(turn, { reason, batch: batch.number, count: batch.events.length });
}

/** Puts other batches in the place of one. */
export function replaceBatch(
  draft: SdkDraft,
  number: number,
  successors: readonly SdkBatch[],
): void {
  const { batches } = draft;
  // Nearly always there is but one batch.
  draft.batches =
    batches.length === 1 && batches[0]?.number === number
      ? successors
      : batches.flatMap((batch) => (batch.number === number ? successors : [batch]));
}
