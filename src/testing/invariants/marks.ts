/** Coverage marks: what a campaign has to have seen at least once, so that what was checked was
 * also reached. Spec: T16. */
import type { Invariant } from './invariant.ts';
import type { HappeningName } from './notes/happenings.ts';
import { viewOf } from './view/watchtower.ts';

/** Marks by what they look at. */
const CLAIMS: readonly (readonly [HappeningName, string])[] = [
  ['breaker-opened', 'a breaker opened'],
  ['breaker-half-opened', 'a half-open breaker was reached'],
  ['breaker-closed-again', 'a breaker that had opened closed again'],
  ['breaker-turned-away', 'an open breaker turned a try away'],
  ['retry-granted', 'a call was tried again'],
  ['retry-refused', 'a retry was refused, by the policy or by an exhausted budget'],
  ['retry-budget-exhausted', 'a retry that the policy wanted was refused by its budget'],
  ['hedge-sent', 'a hedge was sent'],
  ['hedge-won', 'a hedge answered before the try beside it'],
  ['bulkhead-full', 'a full bulkhead turned a try away'],
  ['bulkhead-waited', 'a try waited for a place in a bulkhead'],
  ['call-throttled', 'a client throttled itself'],
  ['try-timed-out', 'a try timed out'],
  ['call-failed', 'a call failed for good'],
  ['call-fell-back', 'a fallback stood in for an answer'],
  ['call-shed', 'a server shed a call, or its limit did'],
  ['call-rejected', 'a full waiting line turned a call away'],
  ['call-reset', 'a replica crashed with work in it'],
  ['page-abandoned', 'somebody gave a page up'],
  ['limit-shrank', 'an adaptive limit shrank'],
  ['limit-grew', 'an adaptive limit grew'],
  ['replica-ejected', 'a balancer ejected a replica'],
  ['replica-returned', 'an ejected replica was let back in'],
  ['scaled-out', 'an autoscaler scaled out'],
  ['scaled-in', 'an autoscaler scaled in'],
  ['cache-miss-coalesced', 'a cache miss waited for one that was under way'],
  ['sdk-dropped', 'an SDK gave an event up'],
  ['duplicate-dropped', 'a duplicate was dropped'],
  ['bad-row-written', 'a record became a bad row'],
  ['late-event-seen', 'an event came too late for its window'],
  ['window-fired-again', 'a window fired again for an event within the lateness'],
  ['pipeline-recovered', 'another pipeline took over from the last commit'],
  ['records-read-again', 'records were read again after a restart'],
];

/** All marks: named after what happens, they hold as soon as it has happened. */
export const MARKS: readonly Invariant[] = CLAIMS.map(([name, claim]) => ({
  name,
  modality: 'sometimes' as const,
  claim,
  watch(world) {
    const view = viewOf(world);
    return { exercised: () => view.happened(name) };
  },
}));
