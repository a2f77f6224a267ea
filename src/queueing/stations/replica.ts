/** One replica of a fleet: what balancers see of it, and its books. */
import { Pace } from './pace.ts';

/** `starting` and `down` replicas refuse jobs; a `draining` one ends what it has, then is down. */
export type ReplicaState = 'starting' | 'ready' | 'draining' | 'down';

/** What a balancer sees of a replica. A live view: read it, do not keep its numbers. */
export interface ReplicaSight {
  readonly index: number;
  readonly zone: number;
  /** Its share under weighted balancing: 1. */
  readonly weight: number;
  /** Jobs waiting and in service. */
  readonly outstanding: number;
  /** Whether it takes jobs. */
  readonly isReady: boolean;
  readonly state: ReplicaState;
  /** Whether it counts as one of the fleet: it runs, or would if its zone were up. */
  readonly isMember: boolean;
  readonly workers: number;
  /** Jobs that a worker has, standing still in a pause or not; under processor sharing all. */
  readonly inService: number;
  /** Visits that may bring more jobs. */
  readonly held: number;
}

/** A replica with its books. */
export class Replica implements ReplicaSight {
  readonly index: number;
  readonly workers: number;
  readonly pace = new Pace();
  readonly weight = 1;
  zone: number;
  state: ReplicaState = 'down';
  isReady = false;
  outstanding = 0;
  inService = 0;
  /** Visits that may bring more jobs. */
  held = 0;
  isMember = false;
  /** The higher the later it was added. */
  birth = 0;
  /** Start-ups so far: the index of the next one's draw. */
  startups = 0;
  /** Pauses so far: the index of the next one's draws. */
  pauses = 0;
  /** When its next pause begins, or this one ends. */
  nextPauseTurnUs = Number.POSITIVE_INFINITY;
  /** Faults that hold it down, and those that make it stand still. */
  blocks = 0;
  readonly stalls = new Set<object>();
  /** Whether no event stands for that turn, because there is no job that it could touch. */
  isPauseDormant = false;
  /** The event that ends its start-up, and the one of the turn. */
  startupEvent = -1;
  pauseEvent = -1;
  #busyWorkerUs = 0;
  #jobUs = 0;
  #memberUs = 0;
  #bookedUs: number;
  #upUs = 0;
  /** Since when it runs; Infinity while it is down or starting. */
  #upSinceUs = Number.POSITIVE_INFINITY;

  constructor(options: { index: number; zone: number; workers: number; nowUs: number }) {
    this.index = options.index;
    this.zone = options.zone;
    this.workers = options.workers;
    this.#bookedUs = options.nowUs;
  }

  /** Books occupied workers, jobs and membership until now; called before any of them changes. */
  book(nowUs: number): void {
    const elapsedUs = nowUs - this.#bookedUs;
    if (elapsedUs === 0) return;
    this.#bookedUs = nowUs;
    this.#busyWorkerUs += this.busyWorkers * elapsedUs;
    this.#jobUs += this.outstanding * elapsedUs;
    if (this.isMember || this.state === 'draining') this.#memberUs += elapsedUs;
  }

  /** It is ready: its workers count as there. */
  opened(nowUs: number): void {
    this.#upSinceUs = nowUs;
  }

  /** It is down. */
  closed(nowUs: number): void {
    this.#upUs += Math.max(0, nowUs - this.#upSinceUs);
    this.#upSinceUs = Number.POSITIVE_INFINITY;
  }

  /** Worker µs from ready until down, worked or not. */
  upWorkerUs(nowUs: number): number {
    return this.workers * (this.#upUs + Math.max(0, nowUs - this.#upSinceUs));
  }

  get busyWorkers(): number {
    return Math.min(this.inService, this.workers);
  }

  /** Worker µs spent on jobs (standing still in a pause counts). */
  busyWorkerUs(nowUs: number): number {
    this.book(nowUs);
    return this.#busyWorkerUs;
  }

  /** Time that it was one of the fleet or drained: what one pays for, whether or not it ran. */
  memberUs(nowUs: number): number {
    this.book(nowUs);
    return this.#memberUs;
  }

  /** Jobs in the system, integrated over time. */
  jobUs(nowUs: number): number {
    this.book(nowUs);
    return this.#jobUs;
  }
}
