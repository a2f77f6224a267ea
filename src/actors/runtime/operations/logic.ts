/** Which actor logic the runtime runs: machines and transition functions. What waits for promises,
 * callbacks or observables lives outside virtual time and is refused. */
import type { AnyActorLogic, AnyStateMachine } from 'xstate';
import { refused } from './refusal.ts';

/** Logic made by `fromTransition`. */
export interface TransitionLogic {
  readonly config: (state: unknown, event: unknown, scope: unknown) => unknown;
  getInitialSnapshot(scope: unknown, input: unknown): { readonly context: unknown };
}

/** Whether the logic is a machine, be it made by another copy of XState than ours. */
export function isMachine(logic: AnyActorLogic): logic is AnyStateMachine {
  return typeof logic === 'object' && 'root' in logic && 'implementations' in logic;
}

/** Refuses logic that is neither a machine nor a transition function.
 * @throws EngineError `ACTOR_UNSUPPORTED`. */
export function checkLogic(logic: AnyActorLogic, place: string): void {
  if (isMachine(logic) || isTransitionLogic(logic)) return;
  throw refused({
    feature: kindOf(logic),
    place,
    remedy:
      'virtual time has no promises, callbacks or streams: emit a message to the service that ' +
      'does the work and take its answer as an event, or use a machine or fromTransition()',
  });
}

/** Transition functions have nothing to start; all other logic that XState makes has. */
function isTransitionLogic(logic: unknown): boolean {
  if (typeof logic !== 'object' || logic === null) return false;
  return 'config' in logic && 'getInitialSnapshot' in logic && !('start' in logic);
}

function kindOf(logic: unknown): string {
  const start = (logic as { start?: unknown } | null | undefined)?.start;
  if (typeof start !== 'function') return 'this actor logic';
  const text = String(start);
  if (text.includes('subscribe')) return 'observable logic';
  return text.includes('Promise') ? 'promise logic' : 'callback logic';
}
