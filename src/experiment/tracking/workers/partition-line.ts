/** Events that wait in one partition, as runs that came together: enough to know how long each of
 * them waited. First in, first out. */

interface Run {
  count: number;
  readonly atUs: number;
}

/** Events that came together, in a line or out of it. */
export type LineRun = Readonly<Run>;

/** One partition's line. */
export class PartitionLine {
  /** Not taken by a worker yet. */
  waiting = 0;
  /** Waiting, or taken and not processed yet. */
  lag = 0;
  readonly #runs: Run[] = [];
  /** Index of the oldest run; those before it are gone, and cut off now and then. */
  #first = 0;

  append(count: number, nowUs: number): void {
    if (count === 0) return;
    this.waiting += count;
    this.lag += count;
    this.#runs.push({ count, atUs: nowUs });
  }

  /** Takes the oldest, `max` at most. @returns how many, Σ of how long they had waited, and the
   * runs that they were. */
  take(max: number, nowUs: number) {
    const count = Math.min(max, this.waiting);
    const runs: LineRun[] = [];
    let waitUs = 0;
    for (let left = count; left > 0; ) {
      const run = this.#runs[this.#first] as Run;
      const taken = Math.min(left, run.count);
      waitUs += taken * (nowUs - run.atUs);
      runs.push({ count: taken, atUs: run.atUs });
      run.count -= taken;
      left -= taken;
      if (run.count === 0) this.#first += 1;
    }
    this.waiting -= count;
    this.#forget();
    return { count, waitUs, runs };
  }

  /** Puts runs that were taken, and not processed, back in front: oldest first. */
  putBack(runs: readonly LineRun[]): void {
    const waiting = this.#runs.slice(this.#first);
    this.#runs.length = 0;
    this.#first = 0;
    for (const run of [...runs, ...waiting]) this.#runs.push({ ...run });
    for (const { count } of runs) this.waiting += count;
  }

  /** Events that were processed come again, before all that wait. */
  comeAgain(count: number, nowUs: number): void {
    if (count === 0) return;
    this.lag += count;
    this.putBack([{ count, atUs: nowUs }]);
  }

  /** Some of those that were taken are done with. */
  processed(count: number): void {
    this.lag -= count;
  }

  /** Σ of the ages of those that wait. Cost O(runs waiting). */
  waitingAgeUs(nowUs: number): number {
    let ageUs = 0;
    for (let i = this.#first; i < this.#runs.length; i += 1) {
      const { count, atUs } = this.#runs[i] as Run;
      ageUs += count * (nowUs - atUs);
    }
    return ageUs;
  }

  #forget(): void {
    if (this.#first < RUNS_KEPT || this.#first * 2 < this.#runs.length) return;
    this.#runs.splice(0, this.#first);
    this.#first = 0;
  }
}

/** So few gone runs are not worth moving the others for. */
const RUNS_KEPT = 256;
