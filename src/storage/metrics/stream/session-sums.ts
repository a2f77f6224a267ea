/** Sums over sessions, and the rows of the metrics that come of them: those of the SQL. Spec:
 * S70. */
import { FUNNEL_NAMES } from '../funnel-metrics.ts';
import { type MetricRow, ratio, statisticOf } from '../metric.ts';
import type { SessionFigures, Visit } from './session-reducer.ts';
import { SlotSums } from './slot-sums.ts';
import { StartCuts } from './start-cuts.ts';

/** Sums over sessions. State: a number a play and a session with one, two a visit: order statistics
 * need them all. */
export class SessionSums {
  readonly #count = { attempts: 0, exits: 0, failures: 0, sessions: 0, pairs: 0, inversions: 0 };
  readonly #taken = FUNNEL_NAMES.map(() => ({ byTime: 0, bySequence: 0 }));
  readonly #startupUs = new Map<string, number>();
  readonly #visits = new Map<string, Visit[]>();
  readonly #slots = new SlotSums();
  readonly #cuts = new StartCuts();
  readonly #stepsUs: readonly number[][] = FUNNEL_NAMES.map(() => []);
  readonly #firstPlaysUs: number[] = [];

  add(session: SessionFigures): void {
    const count = this.#count;
    for (const attempt of session.attempts) {
      count.attempts += 1;
      count.exits += Number(attempt.outcome === 'exit');
      count.failures += Number(attempt.outcome === 'failure');
      this.#cuts.addAttempt(attempt);
    }
    for (const start of session.starts) this.#cuts.addStart(start);
    count.pairs += session.pairs;
    count.inversions += session.inversions;
    for (const [i, taken] of this.#taken.entries()) {
      taken.byTime += Number(session.stepsUs.length > i);
      taken.bySequence += Number(session.stepsBySequence > i);
    }
    for (const [i, us] of session.stepsUs.entries()) {
      if (i > 0) this.#stepsUs[i]?.push(us - (session.stepsUs[i - 1] ?? us));
    }
    if (session.browsing !== undefined) {
      count.sessions += 1;
      const { firstPlayUs } = session.browsing;
      if (firstPlayUs !== null) this.#firstPlaysUs.push(firstPlayUs);
    }
    for (const [playId, us] of session.startupUs) {
      this.#startupUs.set(playId, Math.min(us, this.#startupUs.get(playId) ?? us));
    }
    for (const [subject, visit] of session.visits) {
      const visits = this.#visits.get(subject);
      if (visits === undefined) this.#visits.set(subject, [visit]);
      else visits.push(visit);
    }
    for (const shown of session.shown) this.#slots.add(shown);
  }

  copy(): SessionSums {
    const copy = new SessionSums();
    Object.assign(copy.#count, this.#count);
    for (const [i, taken] of this.#taken.entries()) Object.assign(copy.#taken[i] ?? {}, taken);
    for (const [playId, us] of this.#startupUs) copy.#startupUs.set(playId, us);
    for (const [subject, visits] of this.#visits) copy.#visits.set(subject, visits.slice());
    for (const us of this.#firstPlaysUs) copy.#firstPlaysUs.push(us);
    copy.#slots.addAll(this.#slots);
    copy.#cuts.addAll(this.#cuts);
    for (const [i, us] of this.#stepsUs.entries()) copy.#stepsUs[i]?.push(...us);
    return copy;
  }

  rows() {
    const count = this.#count;
    const startupsUs = [...this.#startupUs.values()].sort((a, b) => a - b);
    const firstPlaysUs = this.#firstPlaysUs.toSorted((a, b) => a - b);
    const returnsUs = this.#returnsUs();
    const abandoned = count.sessions - firstPlaysUs.length;
    return {
      video_start_time: [{ p50: secondsAt(startupsUs, 50), p95: secondsAt(startupsUs, 95) }],
      startup_score: [{ starts: startupsUs.length, score: meanScore(startupsUs) }],
      exits_before_video_start: [
        {
          attempts: count.attempts,
          unstarted: count.exits,
          share: ratio(count.exits, count.attempts),
        },
      ],
      start_failures: [
        {
          attempts: count.attempts,
          failures: count.failures,
          share: ratio(count.failures, count.attempts),
        },
      ],
      browsing: [
        {
          sessions: count.sessions,
          abandon_share: ratio(abandoned, count.sessions),
          first_play_p50_s: secondsAt(firstPlaysUs, 50),
          first_play_p95_s: secondsAt(firstPlaysUs, 95),
        },
      ],
      funnel: this.#funnel(),
      order_inversions: [{ pairs: count.pairs, inversions: count.inversions }],
      return_time: [
        {
          returns: returnsUs.length,
          p50_s: secondsAt(returnsUs, 50),
          p95_s: secondsAt(returnsUs, 95),
        },
      ],
      ...this.#slots.rows(),
      ...this.#cuts.rows(),
    } satisfies Readonly<Record<string, readonly MetricRow[]>>;
  }

  #funnel() {
    return this.#taken.map(({ byTime, bySequence }, step) => {
      const waitsUs = (this.#stepsUs[step] ?? []).toSorted((a, b) => a - b);
      return {
        step,
        name: FUNNEL_NAMES[step],
        by_time: byTime,
        by_sequence: bySequence,
        gap: bySequence - byTime,
        p50_s: secondsAt(waitsUs, 50),
        p95_s: secondsAt(waitsUs, 95),
      };
    });
  }

  /** Sorted. Sessions that overlap are one visit. */
  #returnsUs(): readonly number[] {
    const returnsUs: number[] = [];
    for (const visits of this.#visits.values()) {
      let awayUs = Number.POSITIVE_INFINITY;
      for (const { fromUs, toUs } of visits.toSorted((a, b) => a.fromUs - b.fromUs)) {
        if (fromUs > awayUs) returnsUs.push(fromUs - awayUs);
        awayUs = awayUs === Number.POSITIVE_INFINITY ? toUs : Math.max(awayUs, toUs);
      }
    }
    return returnsUs.sort((a, b) => a - b);
  }
}

function secondsAt(us: readonly number[], percent: number): number | null {
  const value = statisticOf(us, percent);
  return value === null ? null : value / 1e6;
}

function meanScore(startupsUs: readonly number[]): number | null {
  const sum = startupsUs.reduce((total, us) => total + (100 * 8e6) / (8e6 + us), 0);
  return ratio(sum, startupsUs.length);
}
