/** Sums over plays by device, country and title, and the rows of the metrics that come of them:
 * those of the SQL. Spec: S124, S125. */
import { byName, type MetricRow, ratio } from '../metric.ts';
import type { PlayFigures } from './play-reducer.ts';

const CUTS = ['device', 'country', 'title'] as const;

interface PlayCount {
  plays: number;
  started: number;
  failures: number;
  playUs: number;
  rebufferUs: number;
  connectionUs: number;
  stalls: number;
  ratedUs: number;
  kbpsUs: number;
  played: number;
  valid: number;
  complete: number;
  shares: number;
  sharedPlays: number;
}

/** Sums by cut. */
export class PlayCuts {
  readonly #counts = CUTS.map(() => new Map<string, PlayCount>());

  add(play: PlayFigures): void {
    const count = countOf(play);
    const names = [play.deviceKind, play.country, play.titleId];
    for (const [i, name] of names.entries()) {
      if (name !== undefined) include(this.#counts[i], name, count);
    }
  }

  addAll(others: PlayCuts): void {
    for (const [i, counts] of others.#counts.entries()) {
      for (const [name, count] of counts) include(this.#counts[i], name, count);
    }
  }

  rows() {
    return {
      play_quality_by_device: this.#quality(0).map(([device, row]) => ({ device, ...row })),
      play_quality_by_country: this.#quality(1).map(([country, row]) => ({ country, ...row })),
      play_quality_by_title: this.#quality(2).map(([title_id, row]) => ({ title_id, ...row })),
      completion_by_title: byName(this.#counts[2] ?? new Map<string, PlayCount>()).map(
        ([title_id, count]) => ({
          title_id,
          plays: count.played,
          valid_plays: count.valid,
          complete_plays: count.complete,
          completion_rate: ratio(count.complete, count.played),
          avg_share_played: ratio(count.shares, count.sharedPlays),
        }),
      ),
    } satisfies Readonly<Record<string, readonly MetricRow[]>>;
  }

  #quality(cut: number) {
    return byName(this.#counts[cut] ?? new Map<string, PlayCount>()).map(
      ([name, count]) =>
        [
          name,
          {
            plays: count.plays,
            started: count.started,
            failure_share: ratio(count.failures, count.started),
            watch_s: count.playUs / 1e6,
            rebuffer_ratio: ratio(count.rebufferUs, count.playUs + count.rebufferUs),
            connection_rebuffer_ratio: ratio(count.connectionUs, count.playUs + count.connectionUs),
            stalls: count.stalls,
            kbps: ratio(count.kbpsUs, count.ratedUs),
          },
        ] as const,
    );
  }
}

function countOf(play: PlayFigures): PlayCount {
  const runtimeSeconds = play.title?.runtimeSeconds ?? 0;
  const isShared = play.isPlayed && runtimeSeconds > 0;
  return {
    plays: 1,
    started: Number(play.isStarted),
    failures: Number(play.isPlayFailure),
    playUs: play.playUs,
    rebufferUs: play.rebufferUs,
    connectionUs: play.connectionUs,
    stalls: play.stalls,
    ratedUs: play.ratedUs,
    kbpsUs: play.kbpsUs,
    played: Number(play.isPlayed),
    valid: Number(play.isValid),
    complete: Number(play.isComplete),
    shares: isShared ? Math.min(1, play.seenUs / (runtimeSeconds * 1e6)) : 0,
    sharedPlays: Number(isShared),
  };
}

function include(counts: Map<string, PlayCount> | undefined, name: string, added: PlayCount): void {
  const known = counts?.get(name);
  if (known === undefined) {
    counts?.set(name, { ...added });
    return;
  }
  for (const field of Object.keys(added) as (keyof PlayCount)[]) known[field] += added[field];
}
