/** What can be otherwise in a world from a moment on: faults end, a fault begins, a breaker is held
 * open or closed. Plain data, so that it can be written down. Spec: E394. */
import { EngineError, nearestName } from '../../kernel/errors.ts';
import type { FaultBoard } from '../faults/board/fault-board.ts';
import type { CataloguedFault } from '../faults/plan/fault-schema.ts';

/** One change. */
export type WorldChange =
  /** All faults of the catalogue end, and none follows. */
  | { readonly kind: 'heal' }
  /** A fault begins; its `at` counts from the moment. */
  | { readonly kind: 'fault'; readonly fault: CataloguedFault }
  /** An edge's breaker is held open or closed from here on. */
  | { readonly kind: 'breaker'; readonly edge: string; readonly status: 'open' | 'closed' };

/** What changes are made to. */
export interface ChangeableWorld {
  readonly board: Pick<FaultBoard, 'heal' | 'inject'>;
  /** By the names of edges. */
  readonly guards: ReadonlyMap<string, { holdBreaker(status: 'open' | 'closed'): void }>;
}

/** Makes a change. @throws EngineError `CLI_USAGE` for an edge without a breaker; then nothing is
 * changed. */
export function makeChange({ board, guards }: ChangeableWorld, change: WorldChange): void {
  if (change.kind === 'heal') board.heal();
  else if (change.kind === 'fault') board.inject(change.fault);
  else guardOf(guards, change.edge).holdBreaker(change.status);
}

function guardOf(guards: ChangeableWorld['guards'], edge: string) {
  const guard = guards.get(edge);
  if (guard !== undefined) return guard;
  const known = [...guards.keys()];
  const nearest = nearestName(edge, known);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  const there = known.length === 0 ? 'no edge has one: see requests.calls' : known.join(', ');
  const message = `breaker:${edge}: no breaker there${hint}; breakers: ${there}`;
  throw new EngineError('CLI_USAGE', message, { argument: edge });
}
