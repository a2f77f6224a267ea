/** What a fleet of one replica is meant to do: a walk over all of its jobs at every change. Under
 * lines each of c workers has a job; under processor sharing all n have min(1, c/n) of one. */
import type { Discipline, FleetConfig } from '../../../../src/queueing/stations/fleet-config.ts';

/** What of a fleet is drawn. */
export interface WalkConfig
  extends Pick<FleetConfig, 'maxWaiting' | 'whenFull' | 'expireWaiting' | 'lifoAfterWaitUs'> {
  readonly discipline: Discipline;
  readonly workers: number;
}

/** What happens, after a pause. */
export type FleetStep =
  | {
      readonly do: 'offer';
      readonly gapUs: number;
      readonly demandUs: number;
      readonly priority: number;
      readonly patienceUs: number;
    }
  | { readonly do: 'cancel'; readonly gapUs: number; readonly back: number }
  | { readonly do: 'speed'; readonly gapUs: number; readonly factor: number }
  /** Down and up again at once. */
  | { readonly do: 'crash'; readonly gapUs: number };

interface Walker {
  readonly number: number;
  readonly priority: number;
  readonly offeredUs: number;
  readonly deadlineUs: number;
  leftUs: number;
  waitedUs: number;
}

/** What is left of a µs when sums of doubles are done. */
const TOLERANCE_US = 1e-3;

/** The walk; `ends` by number of the job. */
export class Walk {
  readonly ends: string[] = [];
  readonly #config: WalkConfig;
  readonly #isShared: boolean;
  #serving: Walker[] = [];
  #waiting: Walker[] = [];
  #nowUs = 0;
  #speed = 1;
  #count = 0;

  constructor(config: WalkConfig) {
    this.#config = config;
    this.#isShared = config.discipline === 'processor-sharing';
  }

  take(step: FleetStep): void {
    this.#runUntil(this.#nowUs + step.gapUs);
    if (step.do === 'offer') this.#offer(step);
    else if (step.do === 'cancel') this.#cancel(this.#count - 1 - step.back);
    else if (step.do === 'speed') this.#speed = step.factor;
    else {
      for (const one of [...this.#serving, ...this.#waiting]) this.#tell(one, 'reset');
      this.#serving = [];
      this.#waiting = [];
    }
    this.#runUntil(this.#nowUs);
  }

  finish(): void {
    this.#runUntil(1e7);
  }

  #offer(step: FleetStep & { readonly do: 'offer' }): void {
    const { workers, maxWaiting, expireWaiting } = this.#config;
    const job: Walker = {
      number: this.#count,
      priority: step.priority,
      offeredUs: this.#nowUs,
      deadlineUs: this.#nowUs + step.patienceUs,
      leftUs: step.demandUs,
      waitedUs: 0,
    };
    this.#count += 1;
    if (this.#isShared) {
      if (this.#serving.length >= workers + maxWaiting) this.#tell(job, 'rejected');
      else if (expireWaiting && step.patienceUs <= 0) this.#tell(job, 'expired');
      else this.#serving.push(job);
      return;
    }
    this.#waiting.push(job);
    this.#fill();
    if (this.#waiting.length > maxWaiting) this.#turnAway(job);
  }

  /** Somebody has to go: the new one, or whom the line would take last. */
  #turnAway(job: Walker): void {
    const others = this.#waiting.filter((one) => one !== job);
    let last = job;
    if (this.#config.whenFull === 'shed' && others.length > 0) last = this.#takenLast(job, others);
    this.#waiting = this.#waiting.filter((one) => one !== last);
    this.#tell(last, last === job ? 'rejected' : 'shed');
  }

  #takenLast(job: Walker, others: readonly Walker[]): Walker {
    if (this.#config.discipline === 'priority') {
      const less = others.filter((one) => one.priority > job.priority);
      const least = Math.max(...less.map((one) => one.priority));
      return less.findLast((one) => one.priority === least) ?? job;
    }
    return this.#takesNewest(others) ? (others[0] as Walker) : job;
  }

  #takesNewest(line: readonly Walker[]): boolean {
    const { discipline, lifoAfterWaitUs } = this.#config;
    const oldestUs = this.#nowUs - (line[0]?.offeredUs ?? 0);
    return discipline === 'lifo' || (discipline === 'adaptive-lifo' && oldestUs > lifoAfterWaitUs);
  }

  #cancel(number: number): void {
    const job = this.#waiting.find((one) => one.number === number);
    if (job === undefined) return;
    this.#waiting = this.#waiting.filter((one) => one !== job);
    this.ends[number] = 'cancelled';
  }

  #fill(): void {
    while (this.#serving.length < this.#config.workers && this.#waiting.length > 0) {
      const job = this.#next();
      this.#waiting = this.#waiting.filter((one) => one !== job);
      if (this.#config.expireWaiting && job.deadlineUs <= this.#nowUs) this.#tell(job, 'expired');
      else {
        job.waitedUs = this.#nowUs - job.offeredUs;
        this.#serving.push(job);
      }
    }
  }

  #next(): Walker {
    const line = this.#waiting;
    if (this.#config.discipline === 'priority') {
      const urgent = Math.min(...line.map((one) => one.priority));
      return line.find((one) => one.priority === urgent) as Walker;
    }
    return (this.#takesNewest(line) ? line.at(-1) : line[0]) as Walker;
  }

  #runUntil(untilUs: number): void {
    while (this.#serving.length > 0) {
      const rate = this.#rate();
      const leastUs = Math.min(...this.#serving.map((one) => one.leftUs));
      const endUs = this.#nowUs + Math.max(0, Math.ceil(leastUs / rate - TOLERANCE_US));
      if (endUs > untilUs) break;
      this.#getOn(endUs);
      const done = this.#serving.filter((one) => one.leftUs <= TOLERANCE_US);
      this.#serving = this.#serving.filter((one) => !done.includes(one));
      for (const one of done) {
        this.#tell(one, this.#isShared ? 'done' : `done after ${one.waitedUs}`);
      }
      this.#fill();
    }
    this.#getOn(untilUs);
  }

  /** Work of each job in a µs. */
  #rate(): number {
    const share = this.#isShared ? Math.min(1, this.#config.workers / this.#serving.length) : 1;
    return share * this.#speed;
  }

  #getOn(untilUs: number): void {
    const doneUs = (untilUs - this.#nowUs) * this.#rate();
    for (const one of this.#serving) one.leftUs -= doneUs;
    this.#nowUs = untilUs;
  }

  #tell(job: Walker, what: string): void {
    this.ends[job.number] = `${what} at ${this.#nowUs}`;
  }
}
