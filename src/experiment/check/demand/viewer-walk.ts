/** A viewer's evening without a simulation: the decisions of `actors/viewer.ts`, followed on their
 * own draws with pages that load in no time. What comes out is when after arriving which page is
 * asked for, and how many events are tracked. Decisions never hang on how fast pages are, so the
 * pages are those of the run; only their times are earlier by the loads before them. */
import type { ChosenTitle, ViewerDecisions } from '../../../actors/viewer.ts';
import type { PageName, PageVariables } from '../../../domain/page.ts';

/** One page that a viewer asks for. */
export interface WalkedPage {
  readonly page: PageName;
  readonly variables: PageVariables;
  /** After the viewer's arrival. */
  readonly atUs: number;
}

/** A whole visit. */
export interface ViewerWalk {
  readonly pages: readonly WalkedPage[];
  /** Tracked events by when they happen, µs after arrival, ascending within a play. */
  readonly eventsAtUs: readonly number[];
}

/** Whose visit, and until when. */
export interface WalkOptions {
  readonly viewer: number;
  readonly genre: string;
  /** µs after arrival that are of interest. */
  readonly horizonUs: number;
  readonly heartbeatUs: number;
}

/** Follows one viewer. Cost O(decisions), some 30 an evening. */
export function walkViewer(decisions: ViewerDecisions, options: WalkOptions): ViewerWalk {
  return new Walk(decisions, options).run();
}

class Walk {
  readonly #d: ViewerDecisions;
  readonly #o: WalkOptions;
  readonly #pages: WalkedPage[] = [];
  readonly #events: number[] = [];
  #nowUs = 0;
  #step = 0;
  #title: ChosenTitle = { titleId: '', durationUs: 0 };

  constructor(decisions: ViewerDecisions, options: WalkOptions) {
    this.#d = decisions;
    this.#o = options;
  }

  run(): ViewerWalk {
    const { genre, horizonUs } = this.#o;
    let page: PageName | undefined = 'home';
    this.#open('home', { genre });
    while (page !== undefined && this.#nowUs <= horizonUs) {
      page = page === 'play' ? this.#watch() : this.#look(page);
    }
    return { pages: this.#pages, eventsAtUs: this.#events };
  }

  /** Looks at a page until another one is asked for; undefined: the viewer has left. */
  #look(page: PageName): PageName | undefined {
    const { viewer, horizonUs } = this.#o;
    while (this.#nowUs <= horizonUs) {
      this.#nowUs += this.#d.thinkTimeUs(viewer, this.#step);
      const action =
        page === 'title' ? this.#d.onTitle(viewer, this.#step) : this.#d.browse(viewer, this.#step);
      if (action === 'leave') return undefined;
      if (action !== 'back') this.#tell();
      const next = this.#follow(action);
      this.#step += 1;
      if (next !== undefined) return next;
    }
    return undefined;
  }

  #follow(action: string): PageName | undefined {
    const { viewer, genre } = this.#o;
    switch (action) {
      case 'search':
        return this.#open('search', { text: this.#d.searchText(viewer, this.#step) });
      case 'open':
        this.#title = this.#d.title(viewer, this.#step);
        return this.#open('title', { id: this.#title.titleId });
      case 'play':
        return this.#open('play', { id: this.#title.titleId });
      case 'back':
        return this.#open('home', { genre });
      default:
        return undefined;
    }
  }

  #watch(): PageName | undefined {
    const { viewer, genre, heartbeatUs, horizonUs } = this.#o;
    const { durationUs } = this.#title;
    let remainingUs = this.#d.watchTimeUs(viewer, this.#step, this.#title);
    let positionUs = 0;
    this.#step += 1;
    this.#tell();
    while (this.#nowUs <= horizonUs) {
      const gapUs = this.#d.interruptionGapUs(viewer, this.#step);
      const stretchUs = Math.max(1, Math.min(gapUs, remainingUs));
      remainingUs -= stretchUs;
      this.#step += 1;
      const playedUs = Math.min(stretchUs, durationUs - positionUs);
      this.#beat(playedUs, heartbeatUs);
      this.#nowUs += playedUs;
      positionUs += playedUs;
      this.#tell();
      if (positionUs >= durationUs || remainingUs <= 0) break;
      if (this.#d.pauses(viewer, this.#step)) {
        this.#nowUs += this.#d.pauseTimeUs(viewer, this.#step);
        this.#step += 1;
        this.#tell();
        this.#tell();
      } else {
        positionUs = this.#d.seekShare(viewer, this.#step) * durationUs;
      }
    }
    const goesOn = this.#d.goesOn(viewer, this.#step);
    this.#step += 1;
    return goesOn && this.#nowUs <= horizonUs ? this.#open('home', { genre }) : undefined;
  }

  #open(page: PageName, variables: PageVariables): PageName {
    this.#pages.push({ page, variables, atUs: this.#nowUs });
    // The page's view.
    this.#tell();
    return page;
  }

  #tell(): void {
    this.#events.push(this.#nowUs);
  }

  #beat(playedUs: number, heartbeatUs: number): void {
    for (let us = heartbeatUs; us < playedUs; us += heartbeatUs)
      this.#events.push(this.#nowUs + us);
  }
}
