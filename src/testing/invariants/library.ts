/** The library: every invariant that holds in every world, whatever its faults.
 * Spec: T20–T22, T24–T49. */
import { EngineError, nearestName } from '../../kernel/errors.ts';
import type { Invariant } from './invariant.ts';
import {
  CANCELLED_EVENTS_DO_NOT_RUN,
  EVENTS_RUN_IN_ORDER,
  TIME_NEVER_GOES_BACK,
} from './kernel/event-order.ts';
import {
  BREAKERS_DO_NOT_STICK,
  EVERYBODY_HEARS_THE_END,
  LINES_GET_EMPTY,
  REPLICAS_COME_BACK,
  THE_PIPELINE_CATCHES_UP,
  THE_STREAM_REACHES_ITS_END,
} from './liveness/recovery.ts';
import { MARKS } from './marks.ts';
import { EVENTS_ARE_CONSERVED } from './pipeline/conservation.ts';
import { EVERY_RECORD_HAS_ONE_FATE, FACTS_ARE_THERE_ONCE } from './pipeline/fates.ts';
import { FACTS_ARE_FRESH } from './pipeline/freshness.ts';
import { KEYS_KEEP_THEIR_ORDER } from './pipeline/order.ts';
import { ONLY_LATE_EVENTS_ARE_LATE, PANES_ARE_THE_BATCH_RESULT } from './pipeline/panes.ts';
import { OFFSETS_ONLY_ADVANCE, WATERMARKS_NEVER_GO_BACK } from './pipeline/progress.ts';
import {
  BALANCERS_PICK_HEALTHY_REPLICAS,
  EJECTIONS_KEEP_THEIR_SHARE,
} from './policies/balancing.ts';
import { BREAKERS_CHANGE_LEGALLY, BREAKERS_FOLLOW_THEIR_WINDOW } from './policies/breakers.ts';
import {
  BULKHEADS_KEEP_THEIR_BOUND,
  CALLERS_COUNT_THEIR_TRIES,
  HEDGES_KEEP_THEIR_CAP,
  RETRIES_KEEP_THEIR_BUDGET,
} from './policies/extra-tries.ts';
import { LIMITS_DO_NOT_GROW_ON_DROPS, LIMITS_STAY_WITHIN_BOUNDS } from './policies/limits.ts';
import {
  AUTOSCALERS_STAY_WITHIN_BOUNDS,
  AUTOSCALERS_STEP_AS_KUBERNETES,
} from './policies/scaling.ts';
import {
  CALLS_ARE_CONSERVED,
  PAGES_ARE_CONSERVED,
  REPLICAS_HOLD_WHAT_IS_INSIDE,
  SERVERS_CONSERVE_CALLS,
} from './requests/conservation.ts';
import { NOTHING_FINISHES_TWICE, REPLIES_COME_AFTER_REQUESTS } from './requests/endings.ts';
import {
  LINES_AND_WORKERS_KEEP_BOUNDS,
  WORKERS_ARE_NOT_IDLE_BESIDE_A_LINE,
} from './requests/queues.ts';

/** All of them, by subject. */
export const INVARIANTS: readonly Invariant[] = [
  TIME_NEVER_GOES_BACK,
  EVENTS_RUN_IN_ORDER,
  CANCELLED_EVENTS_DO_NOT_RUN,
  PAGES_ARE_CONSERVED,
  CALLS_ARE_CONSERVED,
  SERVERS_CONSERVE_CALLS,
  REPLICAS_HOLD_WHAT_IS_INSIDE,
  NOTHING_FINISHES_TWICE,
  REPLIES_COME_AFTER_REQUESTS,
  LINES_AND_WORKERS_KEEP_BOUNDS,
  WORKERS_ARE_NOT_IDLE_BESIDE_A_LINE,
  BREAKERS_CHANGE_LEGALLY,
  BREAKERS_FOLLOW_THEIR_WINDOW,
  CALLERS_COUNT_THEIR_TRIES,
  RETRIES_KEEP_THEIR_BUDGET,
  HEDGES_KEEP_THEIR_CAP,
  BULKHEADS_KEEP_THEIR_BOUND,
  LIMITS_STAY_WITHIN_BOUNDS,
  LIMITS_DO_NOT_GROW_ON_DROPS,
  AUTOSCALERS_STEP_AS_KUBERNETES,
  AUTOSCALERS_STAY_WITHIN_BOUNDS,
  BALANCERS_PICK_HEALTHY_REPLICAS,
  EJECTIONS_KEEP_THEIR_SHARE,
  WATERMARKS_NEVER_GO_BACK,
  OFFSETS_ONLY_ADVANCE,
  EVERY_RECORD_HAS_ONE_FATE,
  FACTS_ARE_THERE_ONCE,
  PANES_ARE_THE_BATCH_RESULT,
  ONLY_LATE_EVENTS_ARE_LATE,
  KEYS_KEEP_THEIR_ORDER,
  FACTS_ARE_FRESH,
  EVENTS_ARE_CONSERVED,
  LINES_GET_EMPTY,
  REPLICAS_COME_BACK,
  BREAKERS_DO_NOT_STICK,
  EVERYBODY_HEARS_THE_END,
  THE_PIPELINE_CATCHES_UP,
  THE_STREAM_REACHES_ITS_END,
];

/** One of {@link INVARIANTS} or {@link MARKS}.
 * @throws EngineError `INVARIANT_UNKNOWN`, with the nearest name. */
export function invariantNamed(name: string): Invariant {
  const all = [...INVARIANTS, ...MARKS];
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const nearest = nearestName(
    name,
    all.map((one) => one.name),
  );
  throw new EngineError(
    'INVARIANT_UNKNOWN',
    `there is no invariant or mark "${name}"` +
      (nearest === undefined ? '; docs/SPEC.md lists them' : `; did you mean "${nearest}"?`),
    { name },
  );
}
