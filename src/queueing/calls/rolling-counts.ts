/** Counts over a sliding window of time, in slots aligned to multiples of the slot's length: a
 * sample counts for the rest of its slot and `slotCount − 1` slots more, so none older than the
 * window ever counts, however long nothing happened. Plain data; adding costs O(1), entering a new
 * slot O(slotCount). Shared by budgets, breakers and the adaptive throttle. Spec: Q20. */

/** Up to three counters of one slot; their meaning belongs to who counts. */
export type Tally = readonly [number, number, number];

/** The window's state. */
export interface RollingCounts {
  /** Number of the newest slot: ⌊time ÷ slot length⌋. */
  readonly slot: number;
  readonly current: Tally;
  /** Earlier slots, newest first, at most `slotCount − 1`; what is missing is zero. */
  readonly past: readonly Tally[];
  /** `current` and `past` together. */
  readonly sum: Tally;
}

const ZERO: Tally = [0, 0, 0];

/** Nothing counted yet. */
export const EMPTY_COUNTS: RollingCounts = { slot: 0, current: ZERO, past: [], sum: ZERO };

/** The window as it stands in `slot`; a slot that lies back leaves it as it is. */
export function countsAt(counts: RollingCounts, slot: number, slotCount: number): RollingCounts {
  const moved = slot - counts.slot;
  if (moved <= 0) return counts;
  if (moved >= slotCount) return { ...EMPTY_COUNTS, slot };
  const past: Tally[] = [];
  let sum = ZERO;
  for (let age = 1; age < slotCount && age <= moved + counts.past.length; age += 1) {
    const tally = tallyAt(counts, age - moved);
    past.push(tally);
    sum = plus(sum, tally);
  }
  return { slot, current: ZERO, past, sum };
}

/** Adds to the newest slot. */
export function addCounts(counts: RollingCounts, tally: Tally): RollingCounts {
  return {
    slot: counts.slot,
    current: plus(counts.current, tally),
    past: counts.past,
    sum: plus(counts.sum, tally),
  };
}

/** The tally `age` slots back; zero for slots that were skipped. */
function tallyAt(counts: RollingCounts, age: number): Tally {
  if (age < 0) return ZERO;
  return age === 0 ? counts.current : (counts.past[age - 1] ?? ZERO);
}

function plus(a: Tally, b: Tally): Tally {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}
