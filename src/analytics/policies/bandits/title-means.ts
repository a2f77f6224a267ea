/** Rewards of titles over everybody, by how much they were looked at: the common part of what a
 * title gives. A slot further back is looked at less (position-based model), and counts less. */
import type { RowOutcome } from '../../../domain/recommending/row-policy.ts';
import { hashText } from '../../../kernel/hash.ts';

/** Sums by title. */
export interface TitleMeans {
  /** Looks at the title, in slots of the front. */
  readonly looks: Float64Array;
  /** Rewards it gave. */
  readonly rewards: Float64Array;
  /** How much the k-th slot is looked at, 0–1. */
  look(slot: number): number;
  learn(outcome: RowOutcome): void;
}

/** Makes them. @param positionBias - η: slot k (from 0) is looked at (k + 1)^−η. */
export function createTitleMeans(titleCount: number, positionBias: number): TitleMeans {
  const looks = new Float64Array(titleCount);
  const rewards = new Float64Array(titleCount);
  const look = (slot: number) => (slot + 1) ** -positionBias;
  return {
    looks,
    rewards,
    look,
    learn({ titles, takenSlot, reward }) {
      for (const [slot, title] of titles.entries()) {
        looks[title] = (looks[title] as number) + look(slot);
        if (slot === takenSlot) rewards[title] = (rewards[title] as number) + reward;
      }
    },
  };
}

const TIE = 1e-9;

/** Next to nothing for each title, that decides between equals: the order of the catalogue is that
 * of popularity, which nobody shall have for nothing. */
export function tieBreakers(titleCount: number): Float64Array {
  return Float64Array.from(
    { length: titleCount },
    (_, title) => (TIE * (hashText(`title ${title}`, 0) >>> 0)) / 2 ** 32,
  );
}
