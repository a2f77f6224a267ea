/** The page loads of a run, kept as columns: a run may have millions, and as objects they would
 * keep the garbage collector busy. Bench `gateway`, `request_path_pages_per_s`. */
import type { ViewerId } from '../../domain/ids.ts';
import type { ApiOutcome } from '../../domain/page.ts';

/** One page load as the viewer saw it. */
export interface PageLoadRecord {
  readonly viewer: ViewerId;
  /** Which of the viewer's pages it is. */
  readonly pageSequence: number;
  readonly page: string;
  /** When the viewer asked: loads are timed from intent, so that nothing is omitted. */
  readonly askedAtUs: number;
  readonly pageLoadTimeUs: number;
  readonly outcome: ApiOutcome;
  /** False for viewers that arrived during the warm-up; of steady states, for pages asked then. */
  readonly isMeasured: boolean;
}

/** Whether a page load counts as an error: a failure or a time-out. */
export function isError({ outcome }: Pick<PageLoadRecord, 'outcome'>): boolean {
  return outcome === 'failed' || outcome === 'timeout';
}

/** A page load when it is asked for. */
export interface AskedLoad {
  readonly viewer: ViewerId;
  /** Which of the viewer's pages it is. */
  readonly pageSequence: number;
  readonly page: string;
  readonly askedAtUs: number;
}

/** Shown page loads that have ended. */
export type LoadVisitor = (page: string, outcome: ApiOutcome, pageLoadTimeUs: number) => void;

const OUTCOMES: readonly ApiOutcome[] = ['ok', 'degraded', 'partial', 'failed', 'timeout'];
const FIRST_CAPACITY = 1_024;

/** Page loads that have ended. */
export class LoadColumns {
  length = 0;
  readonly #isMeasured: (viewer: ViewerId, askedAtUs: number) => boolean;
  readonly #pages: string[] = [];
  #viewers = new Float64Array(FIRST_CAPACITY);
  #pageSequences = new Float64Array(FIRST_CAPACITY);
  #askedAtUs = new Float64Array(FIRST_CAPACITY);
  #timesUs = new Float64Array(FIRST_CAPACITY);
  /** Page and outcome of each: page · outcomes + outcome. */
  #kinds = new Uint16Array(FIRST_CAPACITY);
  #records: PageLoadRecord[] = [];

  constructor(isMeasured: (viewer: ViewerId, askedAtUs: number) => boolean) {
    this.#isMeasured = isMeasured;
  }

  push(
    { viewer, pageSequence, page, askedAtUs }: AskedLoad,
    outcome: ApiOutcome,
    atUs: number,
  ): void {
    const at = this.length;
    if (at === this.#viewers.length) this.#grow(2 * at);
    this.#viewers[at] = viewer;
    this.#pageSequences[at] = pageSequence;
    this.#askedAtUs[at] = askedAtUs;
    this.#timesUs[at] = atUs - askedAtUs;
    this.#kinds[at] = this.#pageNumber(page) * OUTCOMES.length + OUTCOMES.indexOf(outcome);
    this.length = at + 1;
  }

  /** Shows those from a place on, without making objects of them.
   * @returns the place after the last. Cost O(shown). */
  visit(from: number, visitor: LoadVisitor): number {
    for (let i = from; i < this.length; i += 1) {
      const kind = this.#kinds[i] as number;
      const page = this.#pages[Math.floor(kind / OUTCOMES.length)] as string;
      visitor(page, OUTCOMES[kind % OUTCOMES.length] as ApiOutcome, this.#timesUs[i] as number);
    }
    return this.length;
  }

  /** All of them as objects, made once. */
  records(): readonly PageLoadRecord[] {
    for (let i = this.#records.length; i < this.length; i += 1) {
      const viewer = this.#viewers[i] as number;
      const askedAtUs = this.#askedAtUs[i] as number;
      const kind = this.#kinds[i] as number;
      this.#records.push({
        viewer,
        pageSequence: this.#pageSequences[i] as number,
        page: this.#pages[Math.floor(kind / OUTCOMES.length)] as string,
        askedAtUs,
        pageLoadTimeUs: this.#timesUs[i] as number,
        outcome: OUTCOMES[kind % OUTCOMES.length] as ApiOutcome,
        isMeasured: this.#isMeasured(viewer, askedAtUs),
      });
    }
    return this.#records;
  }

  /** The next reading makes them anew. */
  forgetRecords(): void {
    this.#records = [];
  }

  #pageNumber(page: string): number {
    const known = this.#pages.indexOf(page);
    return known >= 0 ? known : this.#pages.push(page) - 1;
  }

  #grow(capacity: number): void {
    this.#viewers = grown(this.#viewers, new Float64Array(capacity));
    this.#pageSequences = grown(this.#pageSequences, new Float64Array(capacity));
    this.#askedAtUs = grown(this.#askedAtUs, new Float64Array(capacity));
    this.#timesUs = grown(this.#timesUs, new Float64Array(capacity));
    this.#kinds = grown(this.#kinds, new Uint16Array(capacity));
  }
}

function grown<T extends Float64Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
