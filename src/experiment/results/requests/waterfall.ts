/** Where the time of typical and of slow pages went: the parts of the critical path, averaged over
 * the sampled pages whose page-load times rank nearest to a percentile. Spec: E504. */
import type { World } from '../../assemble.ts';
import type { PathKind } from '../../reproduce/replay/critical-path.ts';
import type { PageShares } from '../../world/traces/page-tracer.ts';

/** The mean page near a percentile. */
export interface Waterfall {
  /** 50 or 99. */
  readonly percentile: number;
  /** Measured pages in the sample, and how many of them the means are over. */
  readonly sampled: number;
  readonly pages: number;
  /** The shortest and the longest of those, ms. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly meanMs: number;
  /** Means by kind, ms. */
  readonly partsMs: Readonly<Record<PathKind, number>>;
  /** `meanMs` − Σ `partsMs`: 0 but for rounding. */
  readonly residualMs: number;
}

const PERCENTILES = [50, 99] as const;
const KINDS = ['client', 'network', 'waiting', 'service', 'database', 'plan', 'retry'] as const;
/** Pages near a percentile: one in a hundred of the sample, and at least so many. */
const SHARE_NEAR = 0.01;
const PAGES_MIN = 5;
const US_PER_MS = 1_000;

/** One a percentile; none where fewer pages than two windows were measured. */
export function waterfalls({ tracer, warmUp }: World): readonly Waterfall[] {
  const { shares } = tracer.kept();
  return waterfallsOf(
    shares.filter(({ viewer, askedAtUs }) => warmUp.isMeasured(viewer, askedAtUs)),
  );
}

/** The same, of any pages. */
export function waterfallsOf(pages: readonly PageShares[]): readonly Waterfall[] {
  const sorted = [...pages].sort((a, b) => a.pageLoadTimeUs - b.pageLoadTimeUs);
  const width = Math.max(PAGES_MIN, Math.round(SHARE_NEAR * sorted.length));
  if (sorted.length < 2 * width) return [];
  return PERCENTILES.map((percentile) => {
    const rank = Math.ceil((percentile / 100) * sorted.length) - 1;
    const first = Math.min(sorted.length - width, Math.max(0, rank - Math.floor(width / 2)));
    return meanPage(percentile, sorted.length, sorted.slice(first, first + width));
  });
}

function meanPage(percentile: number, sampled: number, pages: readonly PageShares[]): Waterfall {
  const meanOf = (value: (page: PageShares) => number) =>
    pages.reduce((sum, page) => sum + value(page), 0) / pages.length / US_PER_MS;
  const shares = new Map(pages.map((page) => [page, page.sharesUs()]));
  const parts = KINDS.map(
    (kind) => [kind, meanOf((page) => shares.get(page)?.[kind] ?? 0)] as const,
  );
  const meanMs = meanOf(({ pageLoadTimeUs }) => pageLoadTimeUs);
  return {
    percentile,
    sampled,
    pages: pages.length,
    fromMs: (pages[0]?.pageLoadTimeUs ?? 0) / US_PER_MS,
    toMs: (pages.at(-1)?.pageLoadTimeUs ?? 0) / US_PER_MS,
    meanMs,
    partsMs: Object.fromEntries(parts) as Waterfall['partsMs'],
    residualMs: meanMs - parts.reduce((sum, [, ms]) => sum + ms, 0),
  };
}
