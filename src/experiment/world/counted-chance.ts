/** Chance that counts its draws: the count is an ingredient of the run digest. */
import type { Chance, Draws } from '../../kernel/chance.ts';

/** A chance and how many draws were made of it. */
export interface CountedChance {
  readonly chance: Chance;
  drawCount(): number;
}

/** Wraps a chance; the values drawn are the same. */
export function countDraws(chance: Chance): CountedChance {
  let drawCount = 0;
  const counted = (draws: Draws): Draws => ({
    uniform(entity, index) {
      drawCount += 1;
      return draws.uniform(entity, index);
    },
    bits(entity, index) {
      drawCount += 1;
      return draws.bits(entity, index);
    },
  });
  return {
    chance: {
      seed: chance.seed,
      replication: chance.replication,
      draws: (purpose) => counted(chance.draws(purpose)),
    },
    drawCount: () => drawCount,
  };
}
