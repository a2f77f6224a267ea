/** Keeps pages of a run as traces while it goes on: a sample, failed ones and slow ones, and of a
 * larger sample where the time went. Only pages that are kept cost anything; it draws nothing,
 * schedules nothing and feeds no digest. Spec: E500–E503. */
import { criticalPath, type PathKind, shares } from '../../reproduce/replay/critical-path.ts';
import type { WatchedPage } from '../../reproduce/replay/page-records.ts';
import type { PageLoad } from '../../requests/request-path.ts';
import { createHashSample, hashOfPair } from './hash-sample.ts';
import { type PageEnding, pageRecord } from './page-record.ts';

/** Where the time of one page went. */
export interface PageShares {
  readonly viewer: number;
  readonly askedAtUs: number;
  readonly pageLoadTimeUs: number;
  /** µs by kind, summing up to the page-load time: found when it is asked for, as few of them are.
   * Cost some 20 µs. */
  sharesUs(): Readonly<Record<PathKind, number>>;
}

/** What was kept of a run. */
export interface KeptPages {
  readonly ended: number;
  readonly failed: number;
  /** By hash: at most {@link SHARES_KEPT}. */
  readonly shares: readonly PageShares[];
  readonly sampled: readonly WatchedPage[];
  /** Failed or timed out: all, or those of the smallest hashes. */
  readonly failures: readonly WatchedPage[];
  /** The longest of all, the warm-up's among them, the longest first. */
  readonly slowest: readonly WatchedPage[];
}

/** The keeper. */
export interface PageTracer {
  /** A page is over. */
  ended(load: PageLoad, ending: PageEnding): void;
  kept(): KeptPages;
}

/** Pages whose time is taken apart: enough for ten of them near a p99. Only
 * those are taken apart in the end; of the others the notes are kept, some kB each. */
const SHARES_KEPT = 1_024;
const SAMPLES_KEPT = 16;
const FAILURES_KEPT = 32;
/** More than a report shows: pages of the warm-up do not count in the end. */
const SLOWEST_KEPT = 12;

/** Makes a keeper. */
export function createPageTracer(): PageTracer {
  const count = { ended: 0, failed: 0 };
  const shared = createHashSample<PageShares>(SHARES_KEPT);
  const sampled = createHashSample<WatchedPage>(SAMPLES_KEPT);
  const failures = createHashSample<WatchedPage>(FAILURES_KEPT);
  const slowest = createSlowest(SLOWEST_KEPT);
  return {
    ended(load, ending) {
      const timeUs = ending.shownAtUs - ending.askedAtUs;
      const hash = hashOfPair(load.client.profile.viewer, load.pageSequence);
      const isFailed = ending.outcome === 'failed' || ending.outcome === 'timeout';
      count.ended += 1;
      if (isFailed) count.failed += 1;
      const isFailure = isFailed && failures.wants(hash);
      const isSlow = slowest.wants(timeUs);
      const isShared = shared.wants(hash);
      if (!isFailure && !isSlow && !isShared) return;
      const page = pageRecord(load, ending);
      if (isShared) shared.take(hash, sharesOf(page, timeUs));
      if (sampled.wants(hash)) sampled.take(hash, page);
      if (isFailure) failures.take(hash, page);
      if (isSlow) slowest.take(timeUs, page);
    },
    kept: () => ({
      ...count,
      shares: shared.items(),
      sampled: sampled.items(),
      failures: failures.items(),
      slowest: slowest.items(),
    }),
  };
}

function sharesOf(page: WatchedPage, pageLoadTimeUs: number): PageShares {
  const { viewer, askedAtUs } = page;
  const sharesUs = () => shares(criticalPath(page));
  return { viewer, askedAtUs, pageLoadTimeUs, sharesUs };
}

/** The longest pages; of equal ones the one that ended first. */
function createSlowest(bound: number) {
  const kept: { readonly timeUs: number; readonly page: WatchedPage }[] = [];
  return {
    wants: (timeUs: number) => kept.length < bound || timeUs > (kept.at(-1)?.timeUs ?? 0),
    take(timeUs: number, page: WatchedPage) {
      const at = kept.findIndex((one) => one.timeUs < timeUs);
      kept.splice(at < 0 ? kept.length : at, 0, { timeUs, page });
      kept.length = Math.min(kept.length, bound);
    },
    items: () => kept.map(({ page }) => page),
  };
}
