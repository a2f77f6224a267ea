/** What a server keeps account of. offered = answered + Σ failed(reason) + in flight. */
import type { ServerFailure } from '../calls/call.ts';

/** Counts of one server, over the run and by time bucket. */
export class ServerAccount {
  readonly name: string;
  readonly #bucketUs: number;
  offered = 0;
  answered = 0;
  readonly failures: Record<string, number> = {};
  /** Worker time given, in µs. */
  workUs = 0;
  jobs = 0;
  /** Jobs given to workers, and sums that tell how variable their gaps and demands are. */
  readonly given = { jobs: 0, gapSquaresUs: 0, demandUs: 0, demandSquaresUs: 0 };
  #lastGivenUs = 0;
  waitUs = 0;
  serviceUs = 0;
  /** Worker time given per bucket, in µs. */
  readonly workUsByBucket: number[] = [];

  constructor(name: string, bucketUs: number) {
    this.name = name;
    this.#bucketUs = bucketUs;
  }

  /** A job goes to a replica. */
  gave(nowUs: number, demandUs: number): void {
    const { given } = this;
    const gapUs = nowUs - this.#lastGivenUs;
    this.#lastGivenUs = nowUs;
    given.jobs += 1;
    given.gapSquaresUs += gapUs * gapUs;
    given.demandUs += demandUs;
    given.demandSquaresUs += demandUs * demandUs;
  }

  /** Workers gave `workUs` over the last `serviceUs`. */
  worked(nowUs: number, serviceUs: number, workUs: number): void {
    this.jobs += 1;
    this.workUs += workUs;
    this.serviceUs += serviceUs;
    const fromUs = nowUs - serviceUs;
    const first = Math.floor(fromUs / this.#bucketUs);
    const last = Math.floor(nowUs / this.#bucketUs);
    if (first === last) {
      this.workUsByBucket[last] = (this.workUsByBucket[last] ?? 0) + workUs;
      return;
    }
    for (let bucket = first; bucket <= last; bucket += 1) {
      const startUs = Math.max(fromUs, bucket * this.#bucketUs);
      const endUs = Math.min(nowUs, (bucket + 1) * this.#bucketUs);
      const share = ((endUs - startUs) / serviceUs) * workUs;
      this.workUsByBucket[bucket] = (this.workUsByBucket[bucket] ?? 0) + share;
    }
  }

  /** A job waited before that. */
  waited(waitUs: number): void {
    this.waitUs += waitUs;
  }

  /** A try was responded to. */
  responded(failure: ServerFailure | undefined): void {
    if (failure === undefined) this.answered += 1;
    else this.failures[failure] = (this.failures[failure] ?? 0) + 1;
  }
}
