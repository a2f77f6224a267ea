/** How the workers of a replica serve its jobs: one interface for one job a worker
 * (`worker-service.ts`) and for processor sharing (`shared-service.ts`). */
import type { Job, OfferVerdict } from '../job.ts';
import type { Replica } from '../replica.ts';

/** The service of all replicas of a fleet. */
export interface ReplicaService<J extends Job> {
  /** Makes room for the next replica. */
  addReplica(): void;
  /** A job comes to a replica that takes jobs. */
  offer(job: J, replica: Replica): OfferVerdict;
  /** Takes a waiting job out. @returns false where it does not wait here. */
  cancel(job: J, replica: Replica): boolean;
  /** Nothing is left to do for a job in service: it ends now, or as soon as its replica goes on.
   * @returns false where it is not in service here. Cost O(jobs in service). */
  cutShort(job: J, replica: Replica): boolean;
  /** Books the work done so far: before the pace changes. */
  settle(replica: Replica): void;
  /** Plans the ends anew: after the pace changed. */
  resume(replica: Replica): void;
  /** Worker µs that the jobs in service have had so far. */
  givenInsideUs(replica: Replica): number;
  /** The replica crashed: all its jobs are reset, those in service first, then those who wait. */
  reset(replica: Replica): void;
}
