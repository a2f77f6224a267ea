/** Deadlock: nothing is pending any more, and actors still wait for an answer. */
import { EngineError } from '../../kernel/errors.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { ActorSystem } from './actor-system.ts';

/** The tag of states in which a machine waits for a message from another actor. */
export const AWAITING = 'awaiting';

const NAMED_ACTORS = 10;

/** Call it when a run has come to its end. Cost O(actors), and nothing while events are pending.
 * @throws EngineError `ACTOR_DEADLOCK` when no event is pending and actors stand in states tagged
 * `awaiting`: it names them and their states. Spec: A22. */
export function checkForDeadlock(simulation: Simulation, actors: ActorSystem): void {
  if (simulation.pendingCount > 0) return;
  const waiting = actors.tagged(AWAITING).map((actor) => {
    const { value } = actors.snapshot(actor);
    const state = typeof value === 'string' ? value : JSON.stringify(value);
    return `${actors.nameOf(actor)} in ${state}`;
  });
  if (waiting.length === 0) return;
  const more = waiting.length - NAMED_ACTORS;
  const rest = more > 0 ? ` and ${more} more` : '';
  throw new EngineError(
    'ACTOR_DEADLOCK',
    `nothing is pending at ${simulation.nowUs} µs, and ${waiting.length} actors wait for a ` +
      `message: ${waiting.slice(0, NAMED_ACTORS).join(', ')}${rest}; look for a message that ` +
      'nobody sends, or give the state a time limit (after)',
    { waiting },
  );
}
