/** A chance that is watched: a hash over every draw (purpose, entity, index, value), and the draws
 * themselves while somebody records. The values drawn are the same. Spec: E364. */
import type { Chance, Draws } from '../../kernel/chance.ts';
import { hashText, hashWord } from '../../kernel/hash.ts';

/** One draw: its key, and what came of it. */
export interface DrawRecord {
  readonly purpose: string;
  readonly entity: number;
  readonly index: number;
  /** In (0, 1), or 32 bits as an integer. */
  readonly value: number;
}

/** What is known of a run's draws. */
export interface DrawLog {
  /** For the assembly to look through. */
  readonly watch: (chance: Chance) => Chance;
  /** Draws made so far, and a hash over all of them. */
  readonly count: number;
  readonly hash: number;
  /** Draws made while recording, in their order. */
  readonly recorded: readonly DrawRecord[];
  isRecording: boolean;
}

/** Makes a log. */
export function createDrawLog(isRecording: boolean): DrawLog {
  const recorded: DrawRecord[] = [];
  const words = new Float64Array(1);
  const halves = new Uint32Array(words.buffer);
  const log = { count: 0, hash: 0, recorded, isRecording, watch };
  const note = (draw: DrawRecord & { readonly purposeHash: number }): number => {
    const { purpose, purposeHash, entity, index, value } = draw;
    words[0] = value;
    let hash = hashWord(log.hash, purposeHash);
    hash = hashWord(hashWord(hash, entity), index);
    log.hash = hashWord(hashWord(hash, halves[0] ?? 0), halves[1] ?? 0);
    log.count += 1;
    if (log.isRecording) recorded.push({ purpose, entity, index, value });
    return value;
  };
  function watch(chance: Chance): Chance {
    return {
      seed: chance.seed,
      replication: chance.replication,
      draws: (purpose) => watched(chance.draws(purpose), purpose),
    };
  }
  function watched(draws: Draws, purpose: string): Draws {
    const of = { purpose, purposeHash: hashText(purpose, 0) };
    return {
      uniform: (entity, index) =>
        note({ ...of, entity, index, value: draws.uniform(entity, index) }),
      bits: (entity, index) => note({ ...of, entity, index, value: draws.bits(entity, index) }),
    };
  }
  return log;
}
