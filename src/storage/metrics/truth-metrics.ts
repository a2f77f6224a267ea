/** Metrics that only the truth can tell: what was lost before the log, and when a thing really
 * happened. A warehouse holds neither; whoever captured the events, or simulated them, does.
 * Spec: S88. */
import { type MetricRow, ratio, statisticOf } from './metric.ts';

/** Metrics of the truth by name: words, unit, and why no other place knows them. */
export const TRUTH_METRICS = {
  clock_error: {
    words: '|Corrected − true time| of events: order statistics, and the share within a second.',
    unit: 'events, s, share 0–1',
    why: 'the true time is on no clock that events are stamped by',
  },
  event_loss: {
    words: 'Of the events captured on devices: those that are not stored.',
    unit: 'events, share 0–1',
    why: 'what never came is in no table; a run’s ledger says where each was lost',
  },
} as const;

/** When an event happened, and when it is taken to have happened; µs since the Unix epoch. */
export interface TimedTruth {
  readonly trueTimeUs: number;
  readonly correctedTimeUs: number;
}

/** The row of `clock_error`. */
export function clockError(times: readonly TimedTruth[]): MetricRow & {
  readonly events: number;
  readonly p50_s: number | null;
  readonly p95_s: number | null;
  readonly share_within_1s: number | null;
} {
  const errorsUs = times
    .map(({ trueTimeUs, correctedTimeUs }) => Math.abs(correctedTimeUs - trueTimeUs))
    .sort((a, b) => a - b);
  return {
    events: times.length,
    p50_s: inSeconds(statisticOf(errorsUs, 50)),
    p95_s: inSeconds(statisticOf(errorsUs, 95)),
    share_within_1s: ratio(errorsUs.filter((us) => us <= 1e6).length, times.length),
  };
}

/** The row of `event_loss`. @param captured - Ids of all events, once each. */
export function eventLoss(
  captured: Iterable<string>,
  stored: ReadonlySet<string>,
): MetricRow & {
  readonly captured: number;
  readonly lost: number;
  readonly share: number | null;
} {
  const count = { captured: 0, lost: 0 };
  for (const id of captured) {
    count.captured += 1;
    count.lost += Number(!stored.has(id));
  }
  return { ...count, share: ratio(count.lost, count.captured) };
}

function inSeconds(us: number | null): number | null {
  return us === null ? null : us / 1e6;
}
