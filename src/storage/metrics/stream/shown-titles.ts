/** Titles shown in slots, in the code that streams use: the same rows as the SQL of
 * `impression-sql.ts`, which tests hold it to. Spec: S84. */
import type { TrackedEvent } from '../../../domain/tracked-event.ts';

/** A title shown in a slot, and what came of it. */
export interface ShownTitle {
  /** What chose it; null where that was not logged. */
  readonly policy: string | null;
  readonly row: string | null;
  readonly slot: number | null;
  /** Null where it was not logged. */
  readonly propensity: number | null;
  readonly isClicked: boolean;
  readonly isPlayed: boolean;
}

/** All of a session. @param events - By time, sequence, id. */
export function shownTitles(events: readonly TrackedEvent[]): readonly ShownTitle[] {
  const shown: ShownTitle[] = [];
  const lastOf = new Map<string, number>();
  for (const { type, data } of events) {
    if (data.titleId === undefined) continue;
    if (type === 'ui.impression') {
      lastOf.set(data.titleId, shown.length);
      const { policyId: policy = null, row = null, slot = null, propensity = null } = data;
      shown.push({ policy, row, slot, propensity, isClicked: false, isPlayed: false });
      continue;
    }
    const at = lastOf.get(data.titleId) ?? -1;
    const last = shown[at];
    if (last === undefined) continue;
    if (type === 'ui.click') shown[at] = { ...last, isClicked: true };
    if (type === 'media.play') shown[at] = { ...last, isPlayed: true };
  }
  return shown;
}
