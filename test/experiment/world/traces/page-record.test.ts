/** Two sources say the same of a page: the records that calls and tries leave behind, and a watcher
 * that stands beside every method of the path. */
import { describe, expect, it } from 'vitest';
import { watchCalls } from '../../../../src/experiment/reproduce/replay/call-watch.ts';
import { criticalPath, shares } from '../../../../src/experiment/reproduce/replay/critical-path.ts';
import { intercept } from '../../../../src/experiment/reproduce/replay/intercept.ts';
import { watchPages } from '../../../../src/experiment/reproduce/replay/open-pages.ts';
import type { WatchedPage } from '../../../../src/experiment/reproduce/replay/page-records.ts';
import { pageSpans } from '../../../../src/experiment/results/traces/page-spans.ts';
import type { TraceSpan } from '../../../../src/experiment/results/traces/page-trace.ts';
import type { Scenario } from '../../../../src/experiment/scenario/schema.ts';
import { lognormal } from '../../../../src/experiment/scenario/values.ts';
import { pageRecord } from '../../../../src/experiment/world/traces/page-record.ts';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../../../src/gateway/architecture.ts';
import { minutes, ms, us } from '../../../../src/kernel/time.ts';
import { runWorld, smallScenario } from '../../small-world.ts';

/** Slow services with one worker each, an outage, impatient callers who try again. */
function troubled(): Scenario {
  const service = {
    replicas: 1,
    workersPerReplica: 1,
    baseTime: lognormal(ms(90), 0.8),
    timePerEntity: us(500),
  };
  return smallScenario({
    clock: { start: '2026-11-20T20:00:00-05:00', duration: ms(150_000), drain: minutes(1) },
    audience: { viewers: 40 },
    services: { movie: service, production: service, talent: service },
    requests: { callTimeout: ms(700) },
    faults: [{ kind: 'service.outage', target: 'talent', at: minutes(1), for: minutes(1) }],
  });
}

const VIEWERS = [14, 17, 20, 21, 22, 23, 24, 25];
const PAGES = 4;

/** The pages of some viewers that are over, from both sources. */
async function bothSources(architecture: ArchitectureName) {
  const watched = new Map<string, WatchedPage>();
  const recorded = new Map<string, WatchedPage>();
  const seen = new Map<string, WatchedPage | undefined>();
  const { world, warehouse } = await runWorld(troubled(), {
    architecture,
    look(fresh) {
      watchPages(fresh, { asked: (page) => watched.set(page.request, page) });
      for (const viewer of VIEWERS) {
        for (let n = 0; n < PAGES; n += 1) {
          const request = `r-${viewer}-${n}`;
          watchCalls(fresh, request, () => watched.get(request));
        }
      }
      intercept(fresh.tracer, 'ended', {
        before(load, ending) {
          const page = pageRecord(load, ending);
          recorded.set(page.request, page);
          // Servers may go on for tries that nobody waits for: what was known at the end counts.
          seen.set(page.request, structuredClone(watched.get(page.request)));
        },
      });
    },
  });
  warehouse.close();
  const isChosen = ({ viewer, pageSequence }: WatchedPage) =>
    VIEWERS.includes(viewer) && pageSequence < PAGES;
  return { world, seen, chosen: [...recorded.values()].filter(isChosen), recorded };
}

describe('the record of a page', () => {
  for (const architecture of ARCHITECTURE_NAMES) {
    it(`E500, E501: is what a watcher saw, as spans that nest (${architecture})`, async () => {
      const { world, seen, chosen, recorded } = await bothSources(architecture);
      expect(chosen.length).toBeGreaterThan(15);
      for (const page of chosen) {
        const { calls, begunAtUs } = seen.get(page.request) ?? {};
        expect(page).toMatchObject({ begunAtUs, calls });
        expect(page.calls).toEqual(calls);
        checkSpans(page, pageSpans(page));
      }
      expect(recorded.size).toBe(world.recorder.loads.length);
      const kept = world.tracer.kept();
      expect(kept.ended).toBe(recorded.size);
      expect(kept.shares.length).toBe(recorded.size);
      for (const { pageLoadTimeUs, sharesUs } of kept.shares)
        expect(sum(sharesUs())).toBe(pageLoadTimeUs);
      const longest = [...recorded.values()].map(timeOf).sort((a, b) => b - a);
      expect(kept.slowest.map(timeOf)).toEqual(longest.slice(0, kept.slowest.length));
      const outcomes = new Set(chosen.flatMap(pageSpans).map(({ outcome }) => outcome));
      expect([...outcomes]).toEqual(expect.arrayContaining(['answered', 'failed: refused']));
    });
  }
});

/** Each span lies within its parent, which comes before it, and ends when the page says. */
function checkSpans(page: WatchedPage, spans: readonly TraceSpan[]): void {
  const [root] = spans;
  expect(root).toMatchObject({ id: 0, parent: null, kind: 'page', startUs: page.askedAtUs });
  expect(root?.durationUs).toBe(timeOf(page));
  expect(sum(shares(criticalPath(page)))).toBe(timeOf(page));
  spans.slice(1).forEach((span, i) => {
    expect(span.id).toBe(i + 1);
    const parent = spans[span.parent ?? -1];
    expect(parent?.id).toBeLessThan(span.id);
    expect(span.startUs).toBeGreaterThanOrEqual(parent?.startUs ?? Number.NaN);
    const endUs = (parent?.startUs ?? Number.NaN) + (parent?.durationUs ?? 0);
    expect(span.startUs + span.durationUs).toBeLessThanOrEqual(endUs);
    expect(span.durationUs).toBeGreaterThanOrEqual(0);
  });
}

function timeOf({ askedAtUs, shownAtUs }: WatchedPage): number {
  return (shownAtUs ?? Number.NaN) - askedAtUs;
}

function sum(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((total, part) => total + part, 0);
}
