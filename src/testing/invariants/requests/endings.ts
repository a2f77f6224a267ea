/** Every question ends once, and its answer comes after it. Spec: T25, T26. */
import type { Invariant } from '../invariant.ts';
import type { CallFault, CallNotes } from '../notes/call-notes.ts';
import { towerOf } from '../view/watchtower.ts';

/** No request is finished twice. */
export const NOTHING_FINISHES_TWICE = callInvariant(
  'nothing-finishes-twice',
  'no call and no try comes to its end twice',
  ['finished-twice', ({ endings }) => endings],
);

/** Replies come after requests. */
export const REPLIES_COME_AFTER_REQUESTS = callInvariant(
  'replies-come-after-requests',
  'an answer comes after its server responded, which comes after the question arrived',
  ['reply-before-request', ({ replies }) => replies],
);

function callInvariant(
  name: string,
  claim: string,
  [fault, exercised]: readonly [CallFault, (notes: CallNotes) => number],
): Invariant {
  return {
    name,
    modality: 'always',
    claim,
    watch(world) {
      const tower = towerOf(world);
      tower.viewOf(world);
      const look = () => tower.calls.found(fault);
      const news = tower.changes.alarms;
      return { afterEvent: look, atEnd: look, news, exercised: () => exercised(tower.calls) };
    },
  };
}
