/** The pages that took longest, by names that `replay --explain` takes. */
import type { World } from '../assemble.ts';
import type { SlowRequest } from '../result.ts';
import type { PageLoadRecord } from '../world/recorder.ts';
import { requestName } from './traces/request-name.ts';

const KEPT = 5;

/** The longest page loads, the longest first; of equal ones the one asked first. Cost O(loads). */
export function slowestLoads(
  { scenario }: World,
  loads: readonly PageLoadRecord[],
): readonly SlowRequest[] {
  const slowest: PageLoadRecord[] = [];
  for (const load of loads) {
    const last = slowest[KEPT - 1];
    if (last !== undefined && !isBefore(load, last)) continue;
    let at = slowest.length;
    while (at > 0 && isBefore(load, slowest[at - 1] as PageLoadRecord)) at -= 1;
    slowest.splice(at, 0, load);
    slowest.length = Math.min(slowest.length, KEPT);
  }
  const startMs = Date.parse(scenario.clock.start);
  return slowest.map(({ viewer, pageSequence, page, pageLoadTimeUs, outcome, askedAtUs }) => ({
    request: requestName(viewer, pageSequence),
    page,
    viewer,
    pageLoadTimeMs: pageLoadTimeUs / 1_000,
    outcome,
    askedAt: new Date(startMs + askedAtUs / 1_000).toISOString(),
    askedAtUs,
  }));
}

function isBefore(a: PageLoadRecord, b: PageLoadRecord): boolean {
  if (a.pageLoadTimeUs !== b.pageLoadTimeUs) return a.pageLoadTimeUs > b.pageLoadTimeUs;
  return a.askedAtUs !== b.askedAtUs ? a.askedAtUs < b.askedAtUs : a.viewer < b.viewer;
}
