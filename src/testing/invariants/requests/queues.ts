/** Waiting lines and workers of every replica: none of either less than none or more than there
 * are, and no worker idle beside somebody who waits. Spec: T27, T28. */
import type { Invariant } from '../invariant.ts';
import { alwaysOfRequests } from '../modalities.ts';
import type { ReplicaView, ServerView } from '../view/world-view.ts';

/** Bounds of lines and workers. */
export const LINES_AND_WORKERS_KEEP_BOUNDS: Invariant = alwaysOfRequests(
  'lines-and-workers-keep-bounds',
  'at every replica 0 ≤ waiting ≤ its line, 0 ≤ in service ≤ its workers; none where it is down',
  ({ servers }) => {
    for (const server of servers) {
      for (const replica of server.replicas) {
        if (isWithin(server, replica)) continue;
        const { index, state, waiting, inService, workers, held } = replica;
        const found = { index, state, waiting, inService, workers, held };
        const details = { server: server.name, ...found, maxWaiting: server.maxWaiting };
        return { message: `a replica of ${server.name} has jobs beyond its bounds`, details };
      }
    }
    return true;
  },
);

/** Under processor sharing everybody is in service, up to the workers and the line together. */
function isWithin(server: ServerView, replica: ReplicaView): boolean {
  const { waiting, inService, workers, state } = replica;
  if (waiting < 0 || inService < 0) return false;
  if (state === 'down' || state === 'starting') return waiting === 0 && inService === 0;
  const most = server.isShared ? workers + server.maxWaiting : workers;
  return inService <= most && waiting <= (server.isShared ? 0 : server.maxWaiting);
}

/** Work conservation. */
export const WORKERS_ARE_NOT_IDLE_BESIDE_A_LINE: Invariant = alwaysOfRequests(
  'workers-are-not-idle-beside-a-line',
  'no replica has an idle worker while a job waits there',
  ({ servers }) => {
    let isAnyWaiting = false;
    for (const { name, replicas } of servers) {
      for (const { index, waiting, inService, workers } of replicas) {
        if (waiting <= 0) continue;
        isAnyWaiting = true;
        if (inService >= workers) continue;
        const details = { server: name, index, waiting, inService, workers };
        return { message: `a worker of ${name} is idle while somebody waits`, details };
      }
    }
    return isAnyWaiting ? true : undefined;
  },
);
