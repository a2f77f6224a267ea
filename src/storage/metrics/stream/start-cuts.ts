/** Sums over clicks on "play" and first frames by device, country and title, and the rows of the
 * metrics that come of them: those of the SQL. State: a number a play and cut, for the order
 * statistics. Spec: S124. */
import { byName, type MetricRow, ratio, statisticOf } from '../metric.ts';
import type { Attempt, Place, Start } from './attempts.ts';

const CUTS: readonly ((place: Place) => string | undefined)[] = [
  ({ deviceKind }) => deviceKind,
  ({ country }) => country,
  ({ titleId }) => titleId,
];

interface StartCount {
  attempts: number;
  exits: number;
  failures: number;
  /** Shortest start of each play. */
  readonly startUs: Map<string, number>;
}

/** Sums by cut. */
export class StartCuts {
  readonly #counts = CUTS.map(() => new Map<string, StartCount>());

  addAttempt(attempt: Attempt): void {
    for (const count of this.#at(attempt)) {
      count.attempts += 1;
      count.exits += Number(attempt.outcome === 'exit');
      count.failures += Number(attempt.outcome === 'failure');
    }
  }

  addStart(start: Start): void {
    for (const { startUs } of this.#at(start)) noteShortest(startUs, start.playId, start.us);
  }

  addAll(others: StartCuts): void {
    for (const [i, counts] of others.#counts.entries()) {
      for (const [name, added] of counts) {
        const count = countFor(this.#counts[i], name);
        count.attempts += added.attempts;
        count.exits += added.exits;
        count.failures += added.failures;
        for (const [playId, us] of added.startUs) noteShortest(count.startUs, playId, us);
      }
    }
  }

  rows() {
    return {
      start_quality_by_device: this.#quality(0).map(([device, row]) => ({ device, ...row })),
      start_quality_by_country: this.#quality(1).map(([country, row]) => ({ country, ...row })),
      start_quality_by_title: this.#quality(2).map(([title_id, row]) => ({ title_id, ...row })),
    } satisfies Readonly<Record<string, readonly MetricRow[]>>;
  }

  *#at(place: Place): Iterable<StartCount> {
    for (const [i, nameOf] of CUTS.entries()) {
      const name = nameOf(place);
      if (name !== undefined) yield countFor(this.#counts[i], name);
    }
  }

  #quality(cut: number) {
    const counts = this.#counts[cut] ?? new Map<string, StartCount>();
    return byName(counts).map(([name, count]) => [name, qualityOf(count)] as const);
  }
}

function qualityOf({ attempts, exits, failures, startUs }: StartCount) {
  const sorted = [...startUs.values()].sort((a, b) => a - b);
  const scores = sorted.reduce((sum, us) => sum + (100 * 8e6) / (8e6 + us), 0);
  return {
    attempts,
    exit_share: ratio(exits, attempts),
    failure_share: ratio(failures, attempts),
    starts: sorted.length,
    p50_s: secondsAt(sorted, 50),
    p95_s: secondsAt(sorted, 95),
    score: ratio(scores, sorted.length),
  };
}

function secondsAt(sortedUs: readonly number[], percent: number): number | null {
  const us = statisticOf(sortedUs, percent);
  return us === null ? null : us / 1e6;
}

function noteShortest(startUs: Map<string, number>, playId: string, us: number): void {
  startUs.set(playId, Math.min(us, startUs.get(playId) ?? us));
}

function countFor(counts: Map<string, StartCount> | undefined, name: string): StartCount {
  const known = counts?.get(name);
  if (known !== undefined) return known;
  const made: StartCount = { attempts: 0, exits: 0, failures: 0, startUs: new Map() };
  counts?.set(name, made);
  return made;
}
