/** Fleets beside a walk over all jobs at every change: slower by far, and plain to see through. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Discipline } from '../../../src/queueing/stations/fleet-config.ts';
import { createDesk, job } from './fleet-desk.ts';

/** Something that happens: a job comes, or the speed changes. */
interface Change {
  readonly atUs: number;
  readonly demandUs?: number;
  readonly speed?: number;
}

interface Walker {
  readonly number: number;
  leftUs: number;
}

/** Rates at which the jobs inside get on, in the order in which they came. */
type Rates = (jobs: number, workers: number) => (place: number) => number;

const RATES: Readonly<Record<'fifo' | 'processor-sharing', Rates>> = {
  fifo: (_jobs, workers) => (place) => (place < workers ? 1 : 0),
  'processor-sharing': (jobs, workers) => () => Math.min(1, workers / jobs),
};

/** What is left of a µs when sums of doubles are done. */
const TOLERANCE = { fifo: 1e-4, 'processor-sharing': 1e-3 };

/** When each job ends, by its number. */
class Walk {
  readonly ends: number[] = [];
  readonly #discipline: 'fifo' | 'processor-sharing';
  readonly #workers: number;
  #inside: Walker[] = [];
  #nowUs = 0;
  #speed = 1;
  #arrivals = 0;

  constructor(discipline: 'fifo' | 'processor-sharing', workers: number) {
    this.#discipline = discipline;
    this.#workers = workers;
  }

  change({ atUs, demandUs, speed }: Change): void {
    this.runUntil(atUs);
    if (speed !== undefined) this.#speed = speed;
    if (demandUs === undefined) return;
    this.#inside.push({ number: this.#arrivals, leftUs: demandUs });
    this.#arrivals += 1;
  }

  runUntil(untilUs: number): void {
    while (this.#inside.length > 0) {
      const rates = this.#rates();
      const ends = this.#inside.map((one, place) =>
        rates(place) > 0 ? one.leftUs / rates(place) : Number.POSITIVE_INFINITY,
      );
      const endUs = this.#nowUs + Math.max(0, Math.ceil(Math.min(...ends) - 1e-4));
      if (endUs > untilUs) break;
      this.#getOn(endUs);
      const isDone = (one: Walker, place: number) => {
        const unit = this.#discipline === 'fifo' ? rates(place) : 1;
        return unit > 0 && one.leftUs / unit <= TOLERANCE[this.#discipline];
      };
      const left = this.#inside.filter((one, place) => !isDone(one, place));
      for (const one of this.#inside) if (!left.includes(one)) this.ends[one.number] = endUs;
      expect(left.length).toBeLessThan(this.#inside.length);
      this.#inside = left;
    }
    this.#getOn(untilUs);
  }

  #rates(): (place: number) => number {
    const rates = RATES[this.#discipline](this.#inside.length, this.#workers);
    return (place) => rates(place) * this.#speed;
  }

  #getOn(untilUs: number): void {
    const rates = this.#rates();
    for (const [place, one] of this.#inside.entries()) {
      one.leftUs -= (untilUs - this.#nowUs) * rates(place);
    }
    this.#nowUs = untilUs;
  }
}

/** When each job of a fleet of one replica ends. */
function endsOfFleet(options: {
  readonly discipline: Discipline;
  readonly workers: number;
  readonly changes: readonly Change[];
}): number[] {
  const { discipline, workers, changes } = options;
  const desk = createDesk({ discipline, workersPerReplica: workers, maxWaiting: 1_000 });
  let arrivals = 0;
  for (const { atUs, demandUs, speed } of changes) {
    desk.simulation.run(atUs);
    if (speed !== undefined) desk.fleet.setSpeed(speed);
    if (demandUs === undefined) continue;
    desk.fleet.offer(job(`${arrivals}`, demandUs), 0);
    arrivals += 1;
  }
  desk.simulation.run(1e7);
  const ends: number[] = [];
  for (const end of desk.ends) ends[Number(end.job.name)] = end.atUs;
  expect(desk.ends.length).toBe(arrivals);
  return ends;
}

const gaps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        gapUs: fc.nat(30),
        demandUs: fc.oneof(fc.nat(90), fc.double({ min: 0, max: 90, noNaN: true })),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ gapUs: fc.nat(30), speed: fc.constantFrom(0.25, 0.3, 1, 2.5) }),
    },
  ),
  { minLength: 1, maxLength: 60 },
);

describe('a fleet ends every job when a walk over all jobs does', () => {
  for (const discipline of ['fifo', 'processor-sharing'] as const) {
    test.prop([fc.integer({ min: 1, max: 4 }), gaps], { numRuns: 400, seed: 20261125 })(
      `Q61, Q65, Q67: ${discipline}, with speeds that change`,
      (workers, steps) => {
        const changes: Change[] = [];
        for (const { gapUs, ...rest } of steps) {
          changes.push({ atUs: (changes.at(-1)?.atUs ?? 0) + gapUs, ...rest });
        }
        const walk = new Walk(discipline, workers);
        for (const one of changes) walk.change(one);
        walk.runUntil(1e7);
        expect(endsOfFleet({ discipline, workers, changes })).toEqual(walk.ends);
      },
    );
  }
});
