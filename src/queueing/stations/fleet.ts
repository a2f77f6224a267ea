/** A fleet: the replicas of a service, each with c workers and a bounded line, on the kernel's
 * clock. The caller chooses the replica; the fleet starts jobs, lets them wait, ends them and
 * tells a listener. Made for the hot path: a job costs no allocation. Spec: Q60–Q72. */
import type { Chance } from '../../kernel/chance.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { badArgument, isCount } from '../bad-argument.ts';
import type { FleetBooks } from './fleet-books.ts';
import { checkFleetConfig, type FleetConfig } from './fleet-config.ts';
import type { DropReason, FleetListener, Job, OfferVerdict } from './job.ts';
import { JobLedger } from './job-ledger.ts';
import type { Replica, ReplicaSight } from './replica.ts';
import { ReplicaLifecycle } from './replica-lifecycle.ts';
import type { ReplicaService } from './service/replica-service.ts';
import { SharedService } from './service/shared-service.ts';
import { WorkerService } from './service/worker-service.ts';

/** Counts and integrals since the fleet was made, up to now. */
export interface FleetStatistics {
  readonly offered: number;
  /** Jobs that a worker took on. */
  readonly started: number;
  readonly finished: number;
  /** Waiting jobs that were cancelled. */
  readonly cancelled: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly inSystem: number;
  readonly inService: number;
  /** Worker µs occupied by jobs, over all replicas. */
  readonly busyWorkerUs: number;
  /** Worker µs of replicas that ran, busy or not: from ready until down, over all replicas. */
  readonly upWorkerUs: number;
  /** Jobs in the system, integrated over time in µs: divided by the time, L of Little's law. */
  readonly jobUs: number;
  /** Replica µs paid for: members, up or not, and those that drain. */
  readonly memberUs: number;
}

/** The replicas of a service. */
export interface Fleet<J extends Job> {
  /** All that ever were; an index names a place, which is used again when its replica is gone.
   * Live views, for balancers. */
  readonly replicas: readonly ReplicaSight[];
  /** A job comes to a replica. `dropped` was told to the listener before this returns.
   * @throws EngineError `QUEUEING_BAD_ARGUMENT` for a replica that there is not, and for a job
   * without a sane demand or class. Cost O(1), processor sharing O(log n). */
  offer(job: J, replica: number): OfferVerdict;
  /** A job of a visit that is held comes: like `offer`, but a draining replica takes it. */
  offerMore(job: J, replica: number): OfferVerdict;
  /** A visit begins that may bring several jobs: until as many `release`s, a replica that drains
   * stays. */
  hold(replica: number): void;
  release(replica: number): void;
  /** The client of a waiting job is gone: the job leaves the line, and the listener hears nothing.
   * @param replica - Where it waits; all are searched without. @returns false where it does not
   * wait. Cost O(waiting), the oldest are looked at first. */
  cancel(job: J, replica?: number): boolean;
  /** Wants this many replicas: new ones start (start-up time drawn), or else some drain, those not
   * ready first, then the newest. */
  scaleTo(count: number): void;
  /** The replicas of a zone crash: their jobs are reset, they refuse. */
  failZone(zone: number): void;
  /** The replicas of a zone start again. */
  restoreZone(zone: number): void;
  /** All replicas crash. */
  failAll(): void;
  /** All start again, save those of failed zones. */
  restoreAll(): void;
  /** Speed of all workers from now on: 1 at first, > 0. What is in service goes on at it. */
  setSpeed(factor: number): void;
  /** One replica crashes: its jobs are reset, it refuses, until it was restored as often as it
   * failed. Its place stays its own; a fleet that is to grow meanwhile grows beside it. */
  failReplica(replica: number): void;
  /** It starts, if it is a member and nothing else holds it down. */
  restoreReplica(replica: number): void;
  /** Work takes `factor` times longer for this cause, at replicas to come too; 1 ends it. The
   * factors of several causes multiply. @param factor - ≥ 1. */
  slowDown(cause: object, factor: number): void;
  /** The replicas that run now stand still with all that they have, until `goOn` for this cause and
   * every other; they take jobs meanwhile. A crash ends it for a replica. */
  pause(cause: object): void;
  goOn(cause: object): void;
  /** Nothing is left to do for a job that a worker is at: it ends now, done, or as soon as its
   * replica goes on. @returns false where none is at it. Cost O(jobs in service). */
  cutShort(job: J, replica: number): boolean;
  /** Worker µs occupied by jobs at one replica up to now: what an autoscaler calls CPU time. */
  busyWorkerUs(replica: number): number;
  /** Cost O(replicas). */
  statistics(): FleetStatistics;
  /** The jobs' own times, to hold the statistics against. Cost O(jobs at once at most). */
  books(): FleetBooks;
}

/** What a fleet is made of. */
export interface FleetOptions<J extends Job> {
  readonly simulation: Simulation;
  /** Unique in the simulation: names handlers and draws. */
  readonly name: string;
  readonly config: FleetConfig;
  readonly listener: FleetListener<J>;
  /** For pauses and start-up times, keyed by (replica, how many before). */
  readonly chance: Chance;
}

/** Makes a fleet with its replicas ready.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`, `CHANCE_BAD_PARAMETER`. */
export function createFleet<J extends Job>(options: FleetOptions<J>): Fleet<J> {
  checkFleetConfig(options.config);
  return new KernelFleet(options);
}

class KernelFleet<J extends Job> implements Fleet<J> {
  readonly replicas: Replica[] = [];
  readonly #zones: number;
  readonly #ledger: JobLedger<J>;
  readonly #service: ReplicaService<J>;
  readonly #lifecycle: ReplicaLifecycle<J>;

  constructor({ simulation, name, config, listener, chance }: FleetOptions<J>) {
    const { replicas } = this;
    const ledger: JobLedger<J> = new JobLedger({
      simulation,
      listener,
      left: (replica) => this.#lifecycle.retireIfDone(replica),
    });
    const serviceOptions = { name, config, ledger, replicas };
    this.#zones = config.zones;
    this.#ledger = ledger;
    this.#service =
      config.discipline === 'processor-sharing'
        ? new SharedService(serviceOptions)
        : new WorkerService(serviceOptions);
    const service = this.#service;
    const parts = { name, config, simulation, chance, service, listener, replicas };
    this.#lifecycle = new ReplicaLifecycle(parts);
  }

  offer(job: J, replica: number): OfferVerdict {
    const chosen = this.#replicaAt(replica);
    return this.#offer(job, chosen, chosen.isReady);
  }

  offerMore(job: J, replica: number): OfferVerdict {
    const chosen = this.#replicaAt(replica);
    const isHeld = chosen.held > 0 && chosen.state === 'draining';
    return this.#offer(job, chosen, chosen.isReady || isHeld);
  }

  hold(replica: number): void {
    this.#replicaAt(replica).held += 1;
  }

  release(replica: number): void {
    const chosen = this.#replicaAt(replica);
    chosen.held -= 1;
    if (chosen.state === 'draining') this.#lifecycle.retireIfDone(chosen);
  }

  #offer(job: J, chosen: Replica, isOpen: boolean): OfferVerdict {
    const isDemand = job.demandUs >= 0 && job.demandUs < Number.POSITIVE_INFINITY;
    if (!isDemand) throw badArgument('job.demandUs', job.demandUs, 'give µs ≥ 0');
    this.#ledger.offered += 1;
    if (!isOpen) return this.#ledger.turnAway(job, chosen, 'refused');
    if (chosen.isPauseDormant) this.#lifecycle.wake(chosen);
    return this.#service.offer(job, chosen);
  }

  cancel(job: J, replica?: number): boolean {
    if (replica === undefined) return this.replicas.some((one) => this.#service.cancel(job, one));
    return this.#service.cancel(job, this.#replicaAt(replica));
  }

  scaleTo(count: number): void {
    if (!isCount(count, 0)) throw badArgument('replica count', count, 'give a whole number ≥ 0');
    this.#lifecycle.scaleTo(count);
  }

  failZone(zone: number): void {
    this.#checkZone(zone);
    this.#lifecycle.failZone(zone);
  }

  restoreZone(zone: number): void {
    this.#checkZone(zone);
    this.#lifecycle.restoreZone(zone);
  }

  failAll(): void {
    this.#lifecycle.failAll();
  }

  restoreAll(): void {
    this.#lifecycle.restoreAll();
  }

  setSpeed(factor: number): void {
    const isSpeed = factor > 0 && Number.isFinite(factor);
    if (!isSpeed) throw badArgument('speed', factor, 'give a number > 0; failAll() stops all');
    this.#lifecycle.setFactor(factor);
  }

  failReplica(replica: number): void {
    this.#lifecycle.failReplica(this.#replicaAt(replica));
  }

  restoreReplica(replica: number): void {
    this.#lifecycle.restoreReplica(this.#replicaAt(replica));
  }

  slowDown(cause: object, factor: number): void {
    const isFactor = factor >= 1 && Number.isFinite(factor);
    if (!isFactor) throw badArgument('slowness', factor, 'give a number ≥ 1; pause() stops all');
    this.#lifecycle.slowDown(cause, factor);
  }

  pause(cause: object): void {
    this.#lifecycle.pause(cause);
  }

  goOn(cause: object): void {
    this.#lifecycle.goOn(cause);
  }

  cutShort(job: J, replica: number): boolean {
    return this.#service.cutShort(job, this.#replicaAt(replica));
  }

  busyWorkerUs(replica: number): number {
    const chosen = this.#replicaAt(replica);
    return chosen.busyWorkerUs(this.#ledger.simulation.nowUs);
  }

  statistics(): FleetStatistics {
    const { offered, started, finished, cancelled, dropped, simulation } = this.#ledger;
    const sums = {
      inSystem: 0,
      inService: 0,
      busyWorkerUs: 0,
      upWorkerUs: 0,
      jobUs: 0,
      memberUs: 0,
    };
    for (const replica of this.replicas) {
      sums.inSystem += replica.outstanding;
      sums.inService += replica.inService;
      sums.busyWorkerUs += replica.busyWorkerUs(simulation.nowUs);
      sums.upWorkerUs += replica.upWorkerUs(simulation.nowUs);
      sums.jobUs += replica.jobUs(simulation.nowUs);
      sums.memberUs += replica.memberUs(simulation.nowUs);
    }
    return { offered, started, finished, cancelled, dropped: { ...dropped }, ...sums };
  }

  books(): FleetBooks {
    const { table, simulation, finishedSojournUs, undoneSojournUs, givenUs } = this.#ledger;
    const { nowUs } = simulation;
    const { count: inside, sojournUs: insideSojournUs } = table.inside(nowUs);
    let givenInsideUs = 0;
    for (const replica of this.replicas) givenInsideUs += this.#service.givenInsideUs(replica);
    const sojourns = { finishedSojournUs, undoneSojournUs, insideSojournUs, inside };
    return { ...sojourns, givenUs, givenInsideUs };
  }

  #checkZone(zone: number): void {
    const isZone = isCount(zone, 0) && zone < this.#zones;
    if (!isZone) throw badArgument('zone', zone, `give 0 … ${this.#zones - 1}`);
  }

  #replicaAt(replica: number): Replica {
    const chosen = this.replicas[replica];
    if (chosen !== undefined) return chosen;
    throw badArgument('replica', replica, `there are ${this.replicas.length}, numbered from 0`);
  }
}
