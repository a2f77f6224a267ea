/** Laws that hold for every station of every run, whatever its model, over the whole run: both
 * sides are counted apart from each other, so that a job lost from one of them shows. All times
 * are whole µs and their sums stay below 2⁵³, so that the sides agree exactly; only what processor
 * sharing gives to a job is a fraction. Spec: N61–N63. */
import type { Fleet } from '../../queueing/stations/fleet.ts';
import type { FleetBooks } from '../../queueing/stations/fleet-books.ts';
import type { Job } from '../../queueing/stations/job.ts';

/** A law that holds for every station, whatever its model: both sides, and whether they agree. */
export interface LawCheck {
  readonly left: number;
  readonly right: number;
  readonly holds: boolean;
}

/** What a law is checked on. */
export interface StationBooks {
  readonly statistics: ReturnType<Fleet<Job>['statistics']>;
  readonly books: FleetBooks;
  /** Of jobs done, as their owner was told: how many, and their waits and service times. */
  readonly told: { readonly jobs: number; readonly sojournUs: number };
  /** Jobs that the owner gave. */
  readonly given: number;
  /** Over how long, µs. */
  readonly spanUs: number;
}

/** The sums of one-µs parts stay whole; those of shares of a worker are doubles. */
const RELATIVE_TOLERANCE = 1e-9;

/** L = λW: the jobs in the system, integrated over time, are the times that jobs spent in it:
 * those done (as their owner was told), dropped and cancelled, and those still inside. */
export function littlesLaw({ statistics, books, told, spanUs }: StationBooks): LawCheck {
  const right = told.sojournUs + books.undoneSojournUs + books.insideSojournUs;
  return law(statistics.jobUs, right, { per: spanUs, toleranceUs: 0 });
}

/** ρ = λE[S]/c: busy worker time is what jobs had of it, done or not. Both are over the worker time
 * of replicas that ran. */
export function utilizationLaw({ statistics, books }: StationBooks): LawCheck {
  const { busyWorkerUs, upWorkerUs } = statistics;
  const right = books.givenUs + books.givenInsideUs;
  const isWhole = Number.isInteger(right) && Number.isInteger(busyWorkerUs);
  const toleranceUs = isWhole ? 0 : 1 + RELATIVE_TOLERANCE * busyWorkerUs;
  return law(busyWorkerUs, right, { per: upWorkerUs, toleranceUs });
}

/** What came in went out, with a reason, or is still inside. */
export function flowLaw({ statistics, books, told, given }: StationBooks): LawCheck {
  const dropped = Object.values(statistics.dropped).reduce((sum, count) => sum + count, 0);
  const right = told.jobs + dropped + statistics.cancelled + books.inside;
  return law(given, right, { per: 1, toleranceUs: 0 });
}

/** Both sides in words of means; whether they agree is decided on the sums. Past 2⁵³ a sum of
 * whole numbers is rounded too. */
function law(
  left: number,
  right: number,
  { per, toleranceUs }: { readonly per: number; readonly toleranceUs: number },
): LawCheck {
  const isExact = Number.isSafeInteger(left) && Number.isSafeInteger(right);
  const tolerance = isExact ? toleranceUs : Math.max(toleranceUs, RELATIVE_TOLERANCE * left);
  const holds = Math.abs(left - right) <= tolerance;
  return per === 0 ? { left, right, holds } : { left: left / per, right: right / per, holds };
}
