/** Balancers pick replicas that are up and not ejected while there are any, and eject no more than
 * their share. Spec: T37, T38. */
import type { EjectionConfig } from '../../../queueing/balancing/outlier-ejection.ts';
import type { Invariant } from '../invariant.ts';
import type { Pick } from '../notes/server-notes.ts';
import { watching } from '../watching.ts';

/** Picks. */
export const BALANCERS_PICK_HEALTHY_REPLICAS: Invariant = watching(
  'balancers-pick-healthy-replicas',
  'nobody picks a replica that is down or ejected while there is a healthy one, nor none at all',
  ({ tower, view, checked, broken }) => {
    tower.servers.picks.on((pick) => {
      const { server, replica } = pick;
      // Clients that do not know who is there call whom they knew.
      if (view.isFaultActive('network.stale-discovery', server.name)) return;
      checked();
      const wrong = wrongWith(pick);
      if (wrong === undefined) return;
      const replicas = server.fleet.replicas.map(({ index, state, isReady }) => ({
        index,
        state,
        isReady,
        isEjected: server.isEjected(index),
      }));
      broken(`a call to ${server.name} ${wrong}`, { server: server.name, replica, replicas });
    });
    return undefined;
  },
);

function wrongWith({ server, replica }: Pick): string | undefined {
  const { replicas } = server.fleet;
  let isAnyReady = false;
  let isAnyHealthy = false;
  for (const { isReady, index } of replicas) {
    isAnyReady ||= isReady;
    isAnyHealthy ||= isReady && !server.isEjected(index);
  }
  const picked = replicas[replica];
  if (picked === undefined) return isAnyReady ? 'found no replica, though one is ready' : undefined;
  if (!picked.isReady) return 'went to a replica that is not ready';
  if (isAnyHealthy && server.isEjected(replica)) return 'went to an ejected replica';
  return undefined;
}

/** Shares. */
export const EJECTIONS_KEEP_THEIR_SHARE: Invariant = watching(
  'ejections-keep-their-share',
  'no more replicas are ejected than the share that may be, or the one that always may',
  ({ tower, checked, broken }) => {
    tower.servers.picks.on(({ server, settings }) => {
      const { ejection } = settings.balancer;
      if (ejection === undefined) return;
      checked();
      const { length } = server.fleet.replicas;
      let ejected = 0;
      for (let i = 0; i < length; i += 1) if (server.isEjected(i)) ejected += 1;
      if (ejected <= mostEjected(ejection, length)) return;
      const message = `${ejected} of ${length} replicas of ${server.name} are ejected`;
      broken(message, { server: server.name, ejected, length, ejection });
    });
    return undefined;
  },
);

function mostEjected(config: EjectionConfig, count: number): number {
  const share = Math.floor((config.maxEjectedPercent * count) / 100);
  return Math.max(share, config.alwaysEjectOne ? 1 : 0);
}
