/** The balancing policies that look at nothing but the replicas of the moment: round robin, random,
 * least outstanding, power of two choices. Spec: Q45. */
import { type Field, mayTake, uniformOf } from './field.ts';

/** How a policy picks from a field, and what it remembers. */
export interface PickRule<S> {
  readonly initial: S;
  /** One of the field, or −1 if it is empty. */
  pick(state: S, field: Field): number;
  /** The state after a call went to `replica`. Absent where nothing is remembered of it. */
  sent?(state: S, field: Field, replica: number): S;
  /** The state after an answer. Absent where nothing is learnt from it. */
  observe?(state: S, answer: RuleAnswer): S;
}

/** What a rule learns from: an answer of a replica. */
export interface RuleAnswer {
  readonly replica: number;
  readonly durationUs: number;
  readonly nowUs: number;
}

/** In turn; the state is the replica that had the last turn. */
export const ROUND_ROBIN: PickRule<number> = {
  initial: -1,
  pick(last, field) {
    const { length } = field.request.replicas;
    for (let step = 1; step <= length; step += 1) {
      const index = (last + step) % length;
      if (mayTake(field, index)) return index;
    }
    return -1;
  },
  sent: (_last, _field, replica) => replica,
};

/** Any, each as likely. */
export const RANDOM: PickRule<null> = {
  initial: null,
  pick: (_state, field) => uniformOf(field, field.u1),
};

/** Two at random with replacement, the one with fewer calls outstanding; the first at a tie.
 * Source: Envoy, least request with two choices; Mitzenmacher 2001: the longest line grows with
 * log log n instead of log n / log log n. */
export const POWER_OF_TWO: PickRule<null> = {
  initial: null,
  pick(_state, field) {
    const first = uniformOf(field, field.u1);
    if (first < 0) return -1;
    const second = uniformOf(field, field.request.u2);
    return outstanding(field, second) < outstanding(field, first) ? second : first;
  },
};

/** The fewest outstanding of all: join the shortest queue. Ties to the lowest index, as a plain
 * station has it, or drawn. */
export function leastOutstanding(ties: 'lowest-index' | 'random'): PickRule<null> {
  return {
    initial: null,
    pick(_state, field) {
      let best = -1;
      let fewest = Number.POSITIVE_INFINITY;
      let tied = 0;
      const { length } = field.request.replicas;
      for (let i = 0; i < length; i += 1) {
        if (!mayTake(field, i)) continue;
        const found = outstanding(field, i);
        if (found === fewest) tied += 1;
        if (found >= fewest) continue;
        best = i;
        fewest = found;
        tied = 1;
      }
      if (ties === 'lowest-index' || tied < 2) return best;
      return nthTied(field, fewest, Math.floor(field.u1 * tied));
    },
  };
}

/** Two different ones of a field, each pair as likely; −1 for who is not there. */
export function distinctPair(field: Field): readonly [number, number] {
  const first = uniformOf(field, field.u1);
  return first < 0 ? [-1, -1] : [first, uniformOf(field, field.request.u2, first)];
}

function nthTied(field: Field, fewest: number, n: number): number {
  let left = n;
  for (let i = 0; i < field.request.replicas.length; i += 1) {
    if (!mayTake(field, i) || outstanding(field, i) !== fewest) continue;
    if (left === 0) return i;
    left -= 1;
  }
  return -1;
}

function outstanding(field: Field, index: number): number {
  return field.request.replicas[index]?.outstanding ?? Number.POSITIVE_INFINITY;
}
