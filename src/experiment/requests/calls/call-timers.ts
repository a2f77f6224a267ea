/** The timers that calls set, as handlers of the kernel: registered once a run. */
import type { HandlerId, Simulation } from '../../../kernel/simulation.ts';
import type { Attempt, Call } from './call.ts';
import { drawEntity, drawIndex } from './page-request.ts';

/** One handler a kind of timer. */
export interface CallTimers {
  readonly timeout: HandlerId;
  readonly retry: HandlerId;
  readonly hedge: HandlerId;
  /** A call never left: its owner hears of it at the end of the instant. */
  readonly refused: HandlerId;
  /** A try has waited long enough for a place in the bulkhead. */
  readonly bulkhead: HandlerId;
}

/** Registers the handlers. @param note - Notes each firing in the run digest. */
export function registerCallTimers(
  simulation: Simulation,
  note: (name: string) => void,
): CallTimers {
  const ofCall = (name: string, fire: (call: Call) => void) =>
    simulation.registerHandler(
      `call.${name}`,
      (_, call) => {
        note(`call.${name}`);
        fire(call as Call);
      },
      { laneOf: (_, call) => laneOf(call as Call) },
    );
  return {
    timeout: simulation.registerHandler(
      'call.timeout',
      (_, payload) => {
        note('call.timeout');
        const attempt = payload as Attempt;
        attempt.call.route.timedOut(attempt);
      },
      { laneOf: (_, attempt) => laneOf((attempt as Attempt).call) },
    ),
    retry: ofCall('retry', (call) => call.route.retryDue(call)),
    hedge: ofCall('hedge', (call) => call.route.hedgeDue(call)),
    refused: ofCall('refused', (call) => call.route.refused(call)),
    bulkhead: ofCall('bulkhead', (call) => call.route.bulkheadDue(call)),
  };
}

/** What one call hears keeps its order, what different calls hear does not. Spec: K12. */
export function laneOf({ request, slot }: Call): number {
  return drawEntity(request) * 2 ** 20 + drawIndex(request, slot, 0);
}
