/** Which replica gets the next job: pure functions of what is seen of the replicas. */

/** `round-robin`, or `least-outstanding` (fewest busy and waiting; ties to the lowest index). */
export type LoadBalancing = 'round-robin' | 'least-outstanding';

/** What a balancer sees. */
export interface BalancedReplicas {
  readonly replicas: readonly { readonly busy: number; readonly waiting: readonly unknown[] }[];
  readonly offered: number;
}

/** The index of the replica that gets the next job. Cost O(replicas). */
export function chooseReplica(policy: LoadBalancing, seen: BalancedReplicas): number {
  if (policy === 'round-robin') return seen.offered % seen.replicas.length;
  let best = 0;
  let bestOutstanding = Number.POSITIVE_INFINITY;
  for (let i = 0; i < seen.replicas.length; i += 1) {
    const replica = seen.replicas[i];
    if (replica === undefined) continue;
    const outstanding = replica.busy + replica.waiting.length;
    if (outstanding < bestOutstanding) {
      best = i;
      bestOutstanding = outstanding;
    }
  }
  return best;
}
