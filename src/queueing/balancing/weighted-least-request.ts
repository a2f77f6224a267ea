/** Weighted least request: replicas take turns by weight, and busy ones less often. Source: Envoy,
 * least_request_lb with unequal weights: earliest deadline first, each turn moving a replica's
 * deadline by `(outstanding + 1)^bias / weight`; with equal weights it is power of two choices.
 * Spec: Q45. */
import { type Field, mayTake } from './field.ts';
import { type PickRule, POWER_OF_TWO } from './pick-rules.ts';

/** The schedule: a virtual clock, and when each replica's next turn is due by it. */
export interface DeadlineState {
  readonly clock: number;
  readonly deadlines: readonly number[];
}

/** Makes the rule. @param bias - ≥ 0; 0: weights alone, 1 (Envoy's default): weight over calls. */
export function weightedLeastRequest(bias: number): PickRule<DeadlineState> {
  return {
    initial: { clock: 0, deadlines: [] },
    pick(state, field) {
      if (areEqual(field)) return POWER_OF_TWO.pick(null, field);
      let best = -1;
      let earliest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < field.request.replicas.length; i += 1) {
        if (!mayTake(field, i)) continue;
        const due = dueOf(state, i, turn(field, i, bias));
        if (due < earliest) {
          best = i;
          earliest = due;
        }
      }
      return best;
    },
    sent(state, field, replica) {
      if (areEqual(field)) return state;
      const clock = dueOf(state, replica, turn(field, replica, bias));
      const deadlines = field.request.replicas.map((_, i) =>
        i === replica ? clock + turn(field, i, bias) : dueOf(state, i, turn(field, i, bias)),
      );
      return { clock, deadlines };
    },
  };
}

function areEqual(field: Field): boolean {
  const { replicas } = field.request;
  const first = replicas[0]?.weight;
  for (const replica of replicas) if (replica.weight !== first) return false;
  return true;
}

/** A newcomer starts one turn from now; who was away does not catch up. */
function dueOf(state: DeadlineState, index: number, turnLength: number): number {
  return Math.max(state.clock, state.deadlines[index] ?? state.clock + turnLength);
}

function turn(field: Field, index: number, bias: number): number {
  const replica = field.request.replicas[index];
  if (replica === undefined) return 0;
  const busy = replica.outstanding + 1;
  return (bias === 1 ? busy : busy ** bias) / replica.weight;
}
