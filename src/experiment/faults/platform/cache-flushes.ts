/** `platform.cache-flush`: caches are emptied when the fault begins, and each second while it
 * lasts. Fetches under way go on. Spec: E430. */
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { ActiveFault } from '../board/fault-board.ts';
import { type FaultGround, serversHit } from '../servers/fault-ground.ts';

/** Makes them. A strike is a cache that was emptied. */
export function createCacheFlushes(ground: FaultGround): void {
  const { board, simulation } = ground;
  const flush = (fault: ActiveFault) => {
    for (const server of serversHit(ground, fault)) if (server.flushCache()) board.struck(fault);
    const nextUs = simulation.nowUs + US_PER_SECOND;
    if (nextUs < fault.endsAtUs) simulation.schedule(US_PER_SECOND, flushAgain, 0, fault);
  };
  const flushAgain = simulation.registerHandler('fault.cache-flush', (_, fault) =>
    flush(fault as ActiveFault),
  );
  board.listen('platform.cache-flush', { begin: flush, end: () => {} });
}
