/** `platform.quota` and `platform.bad-deploy`: calls that a platform turns away, and those that a
 * bad version fails at once. Spec: E427, E429. */
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { Attempt } from '../../requests/calls/call.ts';
import type { ActiveFault } from '../board/fault-board.ts';
import type { FaultGround } from '../servers/fault-ground.ts';
import { opportunityOf } from '../servers/opportunity.ts';

/** The quota of a server. */
export interface Quota {
  /** A call comes. @returns whether the second's calls were used up. */
  isUsedUp(): boolean;
}

/** Makes a quota: seconds count from the beginning of the fault. */
export function createQuota(ground: FaultGround, server: string): Quota {
  const { simulation } = ground;
  const board = ground.boardOf(server);
  const used = new WeakMap<ActiveFault, { second: number; calls: number }>();
  const takes = (fault: ActiveFault): boolean => {
    const second = Math.floor((simulation.nowUs - fault.beganAtUs) / US_PER_SECOND);
    const known = used.get(fault);
    const calls = known?.second === second ? known.calls : 0;
    if (calls >= fault.intensity) return false;
    used.set(fault, { second, calls: calls + 1 });
    return true;
  };
  return {
    isUsedUp() {
      for (const fault of board.active('platform.quota')) {
        if (takes(fault)) continue;
        board.struck(fault);
        return true;
      }
      return false;
    },
  };
}

/** A version of a server. */
export interface Version {
  /** Whether it fails a call. */
  fails(attempt: Attempt): boolean;
}

/** Makes the version that is out. */
export function createVersion(ground: FaultGround, server: string): Version {
  const board = ground.boardOf(server);
  return {
    fails: (attempt) => board.strike('platform.bad-deploy', opportunityOf(attempt)) !== undefined,
  };
}
