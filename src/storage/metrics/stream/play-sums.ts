/** Sums over plays, and the rows of the metrics that come of them: those of the SQL. Spec: S70. */
import { VIEWING } from '../../warehouse/playback-sql.ts';
import { type MetricRow, ratio } from '../metric.ts';
import { PlayCuts } from './play-cuts.ts';
import { hasSeen, type PlayFigures } from './play-reducer.ts';

/** Days from the release in which views count. */
const VIEWS_US = 91 * 86_400_000_000;

/** Sums over plays. Cost of a figure: the number of plays, for the concurrency. */
export class PlaySums {
  readonly #count = {
    impressions: 0,
    plays: 0,
    valid: 0,
    complete: 0,
    starters: 0,
    watchers: 0,
    completers: 0,
    stalls: 0,
    playUs: 0,
    contentSeconds: 0,
    rebufferUs: 0,
    connectionUs: 0,
    ratedUs: 0,
    kbpsUs: 0,
    started: 0,
    playFailures: 0,
    shares: 0,
    sharedPlays: 0,
    locatedPlays: 0,
  };
  /** Plays that came to each tenth of their title. */
  readonly #retained = new Array<number>(11).fill(0);
  /** Time played within the first days of a title. */
  readonly #viewed = new Map<string, { playUs: number; runtimeSeconds: number }>();
  readonly #cuts = new PlayCuts();
  #startsUs: number[] = [];
  #endsUs: number[] = [];

  add(play: PlayFigures): void {
    const count = this.#count;
    count.impressions += 1;
    count.plays += Number(play.isPlayed);
    count.valid += Number(play.isValid);
    count.complete += Number(play.isComplete);
    count.stalls += play.stalls;
    count.playUs += play.playUs;
    count.contentSeconds += play.contentSeconds;
    count.rebufferUs += play.rebufferUs;
    count.connectionUs += play.connectionUs;
    count.ratedUs += play.ratedUs;
    count.kbpsUs += play.kbpsUs;
    count.started += Number(play.isStarted);
    count.playFailures += Number(play.isPlayFailure);
    this.#cuts.add(play);
    this.#startsUs.push(play.startUs);
    this.#endsUs.push(play.endUs);
    const isStarter = play.playUs >= VIEWING.starterSeconds * 1_000_000;
    count.starters += Number(play.title?.kind === 'show' ? play.isComplete : isStarter);
    this.#addToTitle(play);
  }

  copy(): PlaySums {
    const copy = new PlaySums();
    Object.assign(copy.#count, this.#count);
    Object.assign(copy.#retained, this.#retained);
    for (const [titleId, viewed] of this.#viewed) copy.#viewed.set(titleId, { ...viewed });
    copy.#cuts.addAll(this.#cuts);
    copy.#startsUs = this.#startsUs.slice();
    copy.#endsUs = this.#endsUs.slice();
    return copy;
  }

  rows() {
    const count = this.#count;
    return {
      viewing_totals: [
        {
          impressions: count.impressions,
          plays: count.plays,
          valid_plays: count.valid,
          complete_plays: count.complete,
          play_rate: ratio(count.plays, count.impressions),
          completion_rate: ratio(count.complete, count.plays),
          avg_share_played: ratio(count.shares, count.sharedPlays),
          watch_s: count.playUs / 1e6,
          content_s: count.contentSeconds,
          starters: count.starters,
          watchers: count.watchers,
          completers: count.completers,
        },
      ],
      retention_curve: this.#retention(),
      max_concurrency: [{ plays: this.#maxOpen() }],
      rebuffer_ratio: [
        {
          rebuffer_ratio: ratio(count.rebufferUs, count.playUs + count.rebufferUs),
          connection_rebuffer_ratio: ratio(count.connectionUs, count.playUs + count.connectionUs),
          stalls: count.stalls,
        },
      ],
      play_failures: [
        {
          started: count.started,
          failures: count.playFailures,
          share: ratio(count.playFailures, count.started),
        },
      ],
      average_bitrate: [{ kbps: ratio(count.kbpsUs, count.ratedUs), rated_s: count.ratedUs / 1e6 }],
      title_views: this.#titleViews(),
      ...this.#cuts.rows(),
    } satisfies Readonly<Record<string, readonly MetricRow[]>>;
  }

  #addToTitle(play: PlayFigures): void {
    const { title, titleId } = play;
    if (title === undefined || titleId === undefined) return;
    const count = this.#count;
    count.watchers += Number(hasSeen(play.seenUs, title, VIEWING.watcherPercent));
    count.completers += Number(hasSeen(play.seenUs, title, VIEWING.completerPercent));
    const { runtimeSeconds, releaseUs } = title;
    if (runtimeSeconds <= 0) return;
    if (releaseUs !== undefined && play.startUs < releaseUs + VIEWS_US) {
      const viewed = this.#viewed.get(titleId) ?? { playUs: 0, runtimeSeconds };
      this.#viewed.set(titleId, viewed);
      viewed.playUs += play.playUs;
    }
    if (!play.isPlayed) return;
    count.sharedPlays += 1;
    count.shares += Math.min(1, play.seenUs / (runtimeSeconds * 1e6));
    if (play.hasPosition) this.#addRetained(play.firstRunSeconds, runtimeSeconds);
  }

  #addRetained(firstRunSeconds: number, runtimeSeconds: number): void {
    this.#count.locatedPlays += 1;
    for (let tenth = 0; tenth <= 10; tenth += 1) {
      if (firstRunSeconds * 10 < tenth * runtimeSeconds) return;
      this.#retained[tenth] = (this.#retained[tenth] ?? 0) + 1;
    }
  }

  #retention() {
    const plays = this.#count.locatedPlays;
    if (plays === 0) return [];
    return this.#retained.map((came, tenth) => ({ percent: tenth * 10, share: came / plays }));
  }

  #titleViews() {
    return [...this.#viewed]
      .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
      .map(([titleId, { playUs, runtimeSeconds }]) => ({
        title_id: titleId,
        hours_viewed: playUs / 36e8,
        views: playUs / (runtimeSeconds * 1e6),
      }));
  }

  #maxOpen(): number {
    const ends = this.#endsUs.toSorted((a, b) => a - b);
    let ended = 0;
    let most = 0;
    for (const [begun, startUs] of this.#startsUs.toSorted((a, b) => a - b).entries()) {
      while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= startUs) ended += 1;
      most = Math.max(most, begun + 1 - ended);
    }
    return most;
  }
}
