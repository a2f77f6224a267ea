/** The traces of a run for its document: what the tracer kept, each page once. Spec: E501, E502. */
import { criticalPath, shares } from '../../reproduce/replay/critical-path.ts';
import type { WatchedPage } from '../../reproduce/replay/page-records.ts';
import type { SlowRequest } from '../../result.ts';
import type { KeptPages } from '../../world/traces/page-tracer.ts';
import { pageSpans } from './page-spans.ts';
import type { PageTrace, RunTraces, TraceReason } from './page-trace.ts';

/** The traces. @param slowest - The slowest measured pages: kept ones of other names are left. */
export function runTraces(kept: KeptPages, slowest: readonly SlowRequest[]): RunTraces {
  const { ended, failed, sampled, failures } = kept;
  const shown = new Set(slowest.map(({ request }) => request));
  const slow = kept.slowest.filter(({ request }) => shown.has(request));
  const byRequest = new Map<string, { readonly page: WatchedPage; reasons: TraceReason[] }>();
  const note = (reason: TraceReason, pages: readonly WatchedPage[]) => {
    for (const page of pages) {
      const known = byRequest.get(page.request) ?? { page, reasons: [] };
      known.reasons.push(reason);
      byRequest.set(page.request, known);
    }
  };
  note('slow', slow);
  note('failed', failures);
  note('sampled', sampled);
  const pages = [...byRequest.values()].map(traceOf);
  pages.sort((a, b) => a.askedAtUs - b.askedAtUs || (a.request < b.request ? -1 : 1));
  return { ended, sampled: sampled.length, failed, failedKept: failures.length, pages };
}

function traceOf({
  page,
  reasons,
}: {
  readonly page: WatchedPage;
  readonly reasons: readonly TraceReason[];
}): PageTrace {
  const { request, viewer, askedAtUs, outcome } = page;
  return {
    request,
    page: page.page,
    viewer,
    outcome: outcome ?? 'unknown',
    askedAtUs,
    pageLoadTimeUs: (page.shownAtUs ?? askedAtUs) - askedAtUs,
    reasons,
    sharesUs: shares(criticalPath(page)),
    spans: pageSpans(page),
  };
}
