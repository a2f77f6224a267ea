/** Counts along what viewers do, from events in the order in which devices captured them. Changes
 * nothing. State: a row of titles and a click for each of the viewers seen last. Spec: L80–L82. */
import type { LiveAudience, LivePolicy } from '../../domain/live/live-audience.ts';
import type { TrackedEvent } from '../../domain/tracked-event.ts';

/** Viewers whose last row is remembered; whoever has shown nothing for longest is forgotten. */
const VIEWERS_MAX = 20_000;
const US_PER_SECOND = 1e6;

/** What is remembered of a viewer. */
interface Seen {
  /** Of titles in the last row: who put them there; absent once they were clicked or played. */
  readonly unclicked: Map<string, PolicyCount>;
  readonly unplayed: Map<string, PolicyCount>;
  clickedPlayAtUs: number | undefined;
}

interface PolicyCount {
  rows: number;
  impressions: number;
  clicks: number;
  plays: number;
}

/** The counts. */
export class AudienceCounts {
  readonly #funnel = { home: 0, title: 0, playClicked: 0, playing: 0 };
  readonly #policies = new Map<string, PolicyCount>();
  readonly #viewers = new Map<string, Seen>();
  #starts = 0;
  #startUs = 0;
  #startFailures = 0;
  #playFailures = 0;
  #playedSeconds = 0;
  #bufferedSeconds = 0;

  /** Notes an event. Cost O(1). */
  add(event: TrackedEvent): void {
    const { type, data } = event;
    if (type === 'page.view') this.#seePage(data.page);
    else if (type === 'ui.impression') this.#show(event);
    else if (type === 'ui.click') this.#click(event);
    else if (type === 'media.play') this.#play(event);
    else if (type === 'media.error') this.#fail(event);
    else if (type === 'media.end') {
      this.#playedSeconds += data.playedSeconds ?? 0;
      this.#bufferedSeconds += data.bufferedSeconds ?? 0;
    }
  }

  /** All so far; policies in the order of their names. */
  read(): LiveAudience {
    const spent = this.#playedSeconds + this.#bufferedSeconds;
    return {
      funnel: { ...this.#funnel },
      quality: {
        starts: this.#starts,
        meanStartSeconds: this.#starts === 0 ? null : this.#startUs / this.#starts / US_PER_SECOND,
        startFailures: this.#startFailures,
        playFailures: this.#playFailures,
        stalledShare: spent === 0 ? null : this.#bufferedSeconds / spent,
      },
      policies: [...this.#policies]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([policyId, count]): LivePolicy => ({ policyId, ...count })),
    };
  }

  #seePage(page: string | undefined): void {
    if (page === 'home') this.#funnel.home += 1;
    if (page === 'title') this.#funnel.title += 1;
  }

  #show({ subject, data: { titleId, policyId, slot = 0 } }: TrackedEvent): void {
    if (titleId === undefined || policyId === undefined) return;
    const count = this.#policies.get(policyId) ?? { rows: 0, impressions: 0, clicks: 0, plays: 0 };
    this.#policies.set(policyId, count);
    const seen = this.#seenBy(subject);
    if (slot === 0) {
      count.rows += 1;
      seen.unclicked.clear();
      seen.unplayed.clear();
    }
    count.impressions += 1;
    seen.unclicked.set(titleId, count);
    seen.unplayed.set(titleId, count);
  }

  #click({ subject, eventTimeUs, data: { target, titleId = '' } }: TrackedEvent): void {
    const seen = this.#seenBy(subject);
    if (target === 'play') {
      this.#funnel.playClicked += 1;
      seen.clickedPlayAtUs = eventTimeUs;
    }
    const policy = seen.unclicked.get(titleId);
    if (policy === undefined) return;
    policy.clicks += 1;
    seen.unclicked.delete(titleId);
  }

  #play({ subject, eventTimeUs, data: { titleId = '' } }: TrackedEvent): void {
    this.#funnel.playing += 1;
    const seen = this.#seenBy(subject);
    const policy = seen.unplayed.get(titleId);
    if (policy !== undefined) {
      policy.plays += 1;
      seen.unplayed.delete(titleId);
    }
    if (seen.clickedPlayAtUs === undefined) return;
    this.#starts += 1;
    this.#startUs += Math.max(0, eventTimeUs - seen.clickedPlayAtUs);
    seen.clickedPlayAtUs = undefined;
  }

  #fail({ subject }: TrackedEvent): void {
    const seen = this.#seenBy(subject);
    if (seen.clickedPlayAtUs === undefined) this.#playFailures += 1;
    else this.#startFailures += 1;
    seen.clickedPlayAtUs = undefined;
  }

  #seenBy(subject: string): Seen {
    const known = this.#viewers.get(subject);
    if (known !== undefined) return known;
    if (this.#viewers.size >= VIEWERS_MAX) {
      const [oldest = ''] = this.#viewers.keys();
      this.#viewers.delete(oldest);
    }
    const made: Seen = { unclicked: new Map(), unplayed: new Map(), clickedPlayAtUs: undefined };
    this.#viewers.set(subject, made);
    return made;
  }
}
