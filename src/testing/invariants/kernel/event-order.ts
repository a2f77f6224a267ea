/** The kernel runs what was scheduled, when it is due and in its order, and nothing else. The order
 * is held against a list of its own (`due-heap.ts`), not against the kernel's. Spec: T20–T22. */
import type { Invariant } from '../invariant.ts';
import type { KernelFault, KernelNotes } from '../notes/watched-simulation.ts';
import { towerOf } from '../view/watchtower.ts';

/** Time never goes back. */
export const TIME_NEVER_GOES_BACK = kernelInvariant(
  'time-never-goes-back',
  'no event runs at a time before that of the event before it',
  ['time-back'],
  ({ ran }) => ran,
);

/** Order of events. */
export const EVENTS_RUN_IN_ORDER = kernelInvariant(
  'events-run-in-order',
  'events run when they are due, by time, priority and order of scheduling, each once',
  ['out-of-order', 'unscheduled'],
  ({ ran }) => ran,
);

/** Cancelled events. */
export const CANCELLED_EVENTS_DO_NOT_RUN = kernelInvariant(
  'cancelled-events-do-not-run',
  'an event that was cancelled does not run',
  ['cancelled'],
  ({ cancelled }) => cancelled,
);

function kernelInvariant(
  name: string,
  claim: string,
  ...rest: readonly [readonly KernelFault[], (notes: KernelNotes) => number]
): Invariant {
  const [faults, exercised] = rest;
  return {
    name,
    modality: 'always',
    claim,
    watch(world) {
      const tower = towerOf(world);
      tower.viewOf(world);
      const { kernel } = tower;
      const look = () => {
        for (const fault of faults) {
          const found = kernel.found(fault);
          if (found !== undefined) return found;
        }
        return undefined;
      };
      const news = tower.changes.alarms;
      return { afterEvent: look, atEnd: look, news, exercised: () => exercised(kernel) };
    },
  };
}
