/** What is noted of workers and of the events in front of them: lag, utilization, waits. It holds
 * ∫ lag dt = Σ sojourns of those processed + Σ ages of those inside, which is Little's law with
 * its boundary term. It changes nothing. Spec: E314. */

/** Statistics of the workers and of the events between the log and their being processed. */
export interface WorkerStatistics {
  /** Up to when, µs. */
  readonly atUs: number;
  readonly appended: number;
  readonly processed: number;
  readonly batches: number;
  /** Appended and not processed: consumer lag. */
  readonly lag: number;
  readonly maxLag: number;
  /** Of the fullest partition at any moment. */
  readonly maxPartitionLag: number;
  /** ∫ lag dt, event µs: divided by the time, L of Little's law. */
  readonly eventUs: number;
  /** Σ over processed events, µs: in the log until a worker took them, and in its batch. */
  readonly waitUs: number;
  readonly serviceUs: number;
  /** Σ of the ages of events inside, µs. */
  readonly insideUs: number;
  /** Of each worker, idle ones included, µs. */
  readonly busyUs: readonly number[];
  readonly byBucket: {
    /** Highest in the bucket. */
    readonly lag: readonly number[];
    readonly partitionLag: readonly number[];
    /** Σ over workers, µs. */
    readonly busyUs: readonly number[];
  };
}

/** A batch of one worker. */
export interface WorkerBatch {
  readonly worker: number;
  readonly count: number;
  /** Σ over its events, µs. */
  readonly waitUs: number;
  readonly startUs: number;
}

/** What a meter watches. */
export interface WorkerMeterOptions {
  readonly workers: number;
  readonly bucketUs: number;
  readonly endUs: number;
  /** Lag of the fullest partition now. */
  readonly partitionLag: () => number;
}

/** A meter. Told of a change after it was made, and of its time before. */
export class WorkerMeter {
  readonly #o: WorkerMeterOptions;
  readonly #busyUs: number[];
  readonly #lags: number[] = [0];
  readonly #partitionLags: number[] = [0];
  readonly #busyByBucket: number[];
  #bookedUs = 0;
  #lag = 0;
  #eventUs = 0;
  #appended = 0;
  #processed = 0;
  #batches = 0;
  #waitUs = 0;
  #serviceUs = 0;

  constructor(options: WorkerMeterOptions) {
    const bucketCount = Math.max(1, Math.ceil(options.endUs / options.bucketUs));
    this.#o = options;
    this.#busyUs = new Array<number>(options.workers).fill(0);
    this.#busyByBucket = new Array<number>(bucketCount).fill(0);
  }

  /** Time has come to `nowUs`, and nothing changed since it was last told. */
  passTo(nowUs: number): void {
    this.#eventUs += this.#lag * (nowUs - this.#bookedUs);
    this.#bookedUs = nowUs;
    const bucket = Math.min(this.#busyByBucket.length - 1, Math.floor(nowUs / this.#o.bucketUs));
    if (bucket < this.#lags.length) return;
    const partitionLag = this.#o.partitionLag();
    while (this.#lags.length <= bucket) {
      this.#lags.push(this.#lag);
      this.#partitionLags.push(partitionLag);
    }
  }

  /** Lag is highest where events come: looked at here alone. */
  appended(count: number): void {
    this.#appended += count;
    this.#lag += count;
    const last = this.#lags.length - 1;
    const partitionLag = this.#o.partitionLag();
    this.#lags[last] = Math.max(this.#lags[last] as number, this.#lag);
    this.#partitionLags[last] = Math.max(this.#partitionLags[last] as number, partitionLag);
  }

  /** A worker is done with a batch now. */
  finished({ worker, count, waitUs, startUs }: WorkerBatch): void {
    const nowUs = this.#bookedUs;
    this.#processed += count;
    this.#lag -= count;
    this.#batches += 1;
    this.#waitUs += waitUs;
    this.#serviceUs += count * (nowUs - startUs);
    this.#busyUs[worker] = (this.#busyUs[worker] ?? 0) + nowUs - startUs;
    addSpan(this.#busyByBucket, this.#o.bucketUs, { startUs, endUs: nowUs });
  }

  /** A worker gives a batch up now: its time is gone, its events wait on. */
  gaveUp({ worker, startUs }: WorkerBatch): void {
    const nowUs = this.#bookedUs;
    this.#busyUs[worker] = (this.#busyUs[worker] ?? 0) + nowUs - startUs;
    addSpan(this.#busyByBucket, this.#o.bucketUs, { startUs, endUs: nowUs });
  }

  /** @param underWay - Batches that are not done.
   * @param waitingAgeUs - Σ ages of those waiting. */
  statistics(underWay: readonly WorkerBatch[], waitingAgeUs: number): WorkerStatistics {
    const atUs = this.#bookedUs;
    const busyUs = [...this.#busyUs];
    const busyByBucket = [...this.#busyByBucket];
    let insideUs = waitingAgeUs;
    for (const { worker, count, waitUs, startUs } of underWay) {
      insideUs += waitUs + count * (atUs - startUs);
      busyUs[worker] = (busyUs[worker] ?? 0) + atUs - startUs;
      addSpan(busyByBucket, this.#o.bucketUs, { startUs, endUs: atUs });
    }
    return {
      atUs,
      appended: this.#appended,
      processed: this.#processed,
      batches: this.#batches,
      lag: this.#lag,
      maxLag: Math.max(...this.#lags),
      maxPartitionLag: Math.max(...this.#partitionLags),
      eventUs: this.#eventUs,
      waitUs: this.#waitUs,
      serviceUs: this.#serviceUs,
      insideUs,
      busyUs,
      byBucket: {
        lag: [...this.#lags],
        partitionLag: [...this.#partitionLags],
        busyUs: busyByBucket,
      },
    };
  }
}

/** Spreads a span over the buckets that it touches; what is past the last one is left out. */
function addSpan(
  buckets: number[],
  bucketUs: number,
  { startUs, endUs }: { readonly startUs: number; readonly endUs: number },
): void {
  const last = Math.min(buckets.length - 1, Math.floor(endUs / bucketUs));
  for (let bucket = Math.floor(startUs / bucketUs); bucket <= last; bucket += 1) {
    const from = Math.max(startUs, bucket * bucketUs);
    const to = Math.min(endUs, (bucket + 1) * bucketUs);
    buckets[bucket] = (buckets[bucket] as number) + Math.max(0, to - from);
  }
}
