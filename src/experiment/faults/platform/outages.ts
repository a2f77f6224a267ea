/** `platform.region-loss` and `platform.config-push`: all replicas of many servers, for a while or
 * for a restart. Spec: E424, E428. */
import type { ActiveFault } from '../board/fault-board.ts';
import {
  bringDown,
  bringUp,
  type FaultGround,
  onServers,
  restartServer,
  serversHit,
  strikeTimes,
} from '../servers/fault-ground.ts';

/** Where clients reach the platform: the region that is lost when no server is named. */
const ENTRY_REGION = 0;

/** `platform.region-loss`: all servers of the region in which the target stands. */
export function createRegionLosses(ground: FaultGround): void {
  const lost = (fault: ActiveFault) => {
    const regions =
      fault.target === undefined
        ? [ENTRY_REGION]
        : serversHit(ground, fault).map(({ region }) => region);
    return ground.servers.filter(({ region }) => regions.includes(region));
  };
  ground.board.listen('platform.region-loss', {
    begin(fault) {
      for (const server of lost(fault)) {
        const up = server.fleet.replicas.filter(({ state }) => state !== 'down');
        strikeTimes(ground, fault, up.length);
        bringDown(ground, server);
      }
    },
    end(fault) {
      for (const server of lost(fault)) bringUp(ground, server);
    },
  });
}

/** `platform.config-push`: all restart when the fault begins. */
export function createConfigPushes(ground: FaultGround): void {
  onServers(ground, 'platform.config-push', {
    begin: (server, fault) => strikeTimes(ground, fault, restartServer(ground, server)),
  });
}
