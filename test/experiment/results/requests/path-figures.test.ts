/** What runs say of their request path, held against their own books. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ArchitectureResult, RunDocument } from '../../../../src/experiment/result.ts';
import { percentileCurve } from '../../../../src/experiment/results/requests/percentile-curve.ts';
import { waterfallsOf } from '../../../../src/experiment/results/requests/waterfall.ts';
import type { PageShares } from '../../../../src/experiment/world/traces/page-tracer.ts';
import { requestRun } from '../../../report/requests/request-run.ts';

let document: RunDocument;
beforeAll(async () => {
  document = await requestRun;
});

function named(name: string): ArchitectureResult {
  const found = document.architectures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function total(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

describe('figures of the request path', () => {
  it('E502: traces are the slowest, failed ones and a sample, each page once', () => {
    for (const { traces, slowest, requests, errors } of document.architectures) {
      const pages = traces?.pages ?? [];
      const names = pages.map(({ request }) => request);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toEqual(expect.arrayContaining(slowest.map(({ request }) => request)));
      expect(traces?.ended).toBe(requests);
      expect(traces?.failed).toBe(errors);
      const failed = pages.filter(({ reasons }) => reasons.includes('failed'));
      expect(failed.length).toBe(traces?.failedKept);
      expect(pages.filter(({ reasons }) => reasons.includes('sampled')).length).toBe(16);
      for (const { spans, pageLoadTimeUs, sharesUs } of pages) {
        expect(spans[0]?.durationUs).toBe(pageLoadTimeUs);
        expect(total(Object.values(sharesUs))).toBe(pageLoadTimeUs);
      }
    }
  });

  it('E503: the same pages are sampled in every architecture', () => {
    const [direct, federated] = document.architectures.map(({ traces }) =>
      traces?.pages
        .filter(({ reasons }) => reasons.includes('sampled'))
        .map(({ request }) => request),
    );
    expect(direct).toEqual(federated);
  });

  it('E504: waterfalls are means of the pages nearest to a percentile', () => {
    const pages = Array.from({ length: 1_000 }, (_, i): PageShares => {
      const kinds = { client: 0, waiting: 0, service: 0, database: 0, plan: 0, retry: 0 };
      const timeUs = (i + 1) * 1_000;
      const sharesUs = { ...kinds, network: timeUs / 2, service: timeUs / 2 };
      return { viewer: i, askedAtUs: i, pageLoadTimeUs: timeUs, sharesUs: () => sharesUs };
    });
    const [median, tail] = waterfallsOf(pages.toReversed());
    expect(median).toMatchObject({ percentile: 50, pages: 10, fromMs: 495, toMs: 504 });
    expect(median?.meanMs).toBeCloseTo(499.5, 9);
    expect(median?.partsMs).toMatchObject({ network: 249.75, service: 249.75, retry: 0 });
    expect(tail).toMatchObject({ percentile: 99, pages: 10, fromMs: 985, toMs: 994 });
    expect(tail?.residualMs).toBeCloseTo(0, 9);
    expect(waterfallsOf(pages.slice(0, 9))).toEqual([]);
  });

  it('E505: a percentile curve ends where no page lies beyond', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => (i + 1) * 1_000);
    const curve = percentileCurve({ values, counts: values.map(() => 1) });
    expect(curve.at(-1)).toEqual({ percentile: 99.9, ms: 999 });
    expect(curve.find(({ percentile }) => percentile === 50)).toEqual({ percentile: 50, ms: 500 });
    expect(percentileCurve({ values: [], counts: [] })).toEqual([]);
    const { path, pageLoadTimeMs } = named('direct');
    const p99 = path?.percentileCurve.find(({ percentile }) => percentile === 99)?.ms ?? 0;
    expect(Math.abs(p99 / pageLoadTimeMs.p99 - 1)).toBeLessThan(0.01);
  });

  it('E506: the mean line is what Little says of the waits', () => {
    const { path, servers, series } = named('federated');
    const bucketMs = ((series.minutes[1] ?? 0) - (series.minutes[0] ?? 0)) * 60_000;
    for (const { name, answered, failures, inFlight, meanWaitMs } of servers) {
      // Where all jobs are done, ∫ waiting dt is the sum of the waits.
      if (inFlight > 0 || name !== 'movie') continue;
      const line = path?.queues.find((one) => one.name === name)?.values ?? [];
      expect(Object.keys(failures)).toEqual([]);
      const waits = (meanWaitMs ?? 0) * answered;
      expect(Math.abs((total(line) * bucketMs) / waits - 1)).toBeLessThan(0.01);
      expect(total(line)).toBeGreaterThan(0);
    }
  });

  it('E507: breakers are open while they refuse, budgets refuse what they are asked', () => {
    const { path, calls, faults } = { ...named('federated'), faults: document.faults };
    const [breaker] = path?.breakers ?? [];
    const [budget] = path?.budgets ?? [];
    expect(breaker?.edge).toBe('router→talent');
    expect(breaker?.openings).toBeGreaterThan(0);
    const refused = calls.find(({ edge }) => edge === 'router→talent')?.failures['breaker-open'];
    expect(refused).toBeGreaterThan(0);
    const { minutes } = named('federated').series;
    const open = breaker?.open ?? [];
    const firstOpen = minutes[open.findIndex((share) => (share ?? 0) > 0)] ?? 0;
    expect(firstOpen).toBeGreaterThan((faults[0]?.fromMinute ?? 0) - 0.05);
    for (const share of open) expect(share).toBeLessThanOrEqual(1);
    const { retries } = calls.find(({ edge }) => edge === 'router→talent') ?? { retries: 0 };
    expect(total(budget?.asked ?? []) - total(budget?.refused ?? [])).toBeGreaterThanOrEqual(
      retries,
    );
    const [scaler] = path?.autoscalers ?? [];
    expect(scaler?.server).toBe('movie');
    expect(Math.max(...(scaler?.desired ?? []).map(Number))).toBeGreaterThan(1);
    expect(scaler?.ready.at(-1)).toBe(scaler?.members.at(-1));
  });

  it('E508: the load that came is the load that was asked for, within chance', () => {
    const { path, requests } = named('direct');
    const load = path?.offeredLoad;
    expect(load).toMatchObject({ kind: 'open', askedTotal: 12 * 90, offeredTotal: requests });
    expect(Math.abs((load?.offeredTotal ?? 0) / (load?.askedTotal ?? 1) - 1)).toBeLessThan(0.15);
    expect(load?.asked[0]).toBe(12);
    expect(load?.asked.at(-1)).toBe(0);
  });
});
