/** Rows for programs over storage stages. */
import type { LakeFamily } from '../../../../src/lake/lake-family.ts';

/** One row. */
export interface Sample {
  readonly atUs: number;
  readonly id: string;
  readonly word: string | null;
}

const START_US = 1_795_204_800_000_000;
const HOUR_US = 3_600_000_000;

/** How they are stored. */
export const SAMPLES: LakeFamily<Sample> = {
  zone: 'curated',
  family: 'samples',
  version: 1,
  timeColumn: 'at_us',
  orderBy: ['at_us', 'id'],
  columns: [
    { name: 'at_us', kind: 'integer', of: (s) => s.atUs },
    { name: 'id', kind: 'text', of: (s) => s.id },
    { name: 'word', kind: 'word', of: (s) => s.word },
  ],
};

/** The rows of a step: two in one hour, one in the next. */
export function samplesOfStep(step: number): readonly Sample[] {
  return [0, 1, 2].map((n) => ({
    atUs: START_US + Math.floor(n / 2) * HOUR_US + step,
    id: `s${step}-${n}`,
    word: n === 0 ? null : `w${n}`,
  }));
}
