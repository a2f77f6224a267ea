/** The retry storm through the whole engine: collapse without a budget, none with one, over eight
 * seeds, twenty in the long run. The storm of the reducers alone is in
 * `test/queueing/calls/storm/`. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../scenarios/retry-storm.ts';
import type { ArchitectureResult } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';

const SEED_COUNT = process.env['BACKLOT_LONG'] === '1' ? 20 : 8;
/** The storm is over when nearly all pages of half a minute are shown. */
const CALM = { bucketCount: 3, goodShare: 0.95 };
const SPIKE_END_S = 125;
const LOAD_END_S = 400;

const runs: Record<string, ArchitectureResult[]> = {};
for (let seed = 1; seed <= SEED_COUNT; seed += 1) {
  const document = await runScenario(scenario, { threads: 1, seed });
  for (const run of document.architectures) {
    runs[run.name] ??= [];
    runs[run.name]?.push(run);
  }
}

function runsOf(variant: string): readonly ArchitectureResult[] {
  return runs[variant] ?? [];
}

/** Buckets of the series that lie within an interval of the run. */
function bucketsIn({ series }: ArchitectureResult, fromS: number, toS: number): readonly number[] {
  return series.minutes.flatMap((minute, i) =>
    fromS <= minute * 60 && minute * 60 <= toS ? [i] : [],
  );
}

function sum(values: readonly (number | null)[], buckets: readonly number[]): number {
  return buckets.reduce((total, i) => total + (values[i] ?? 0), 0);
}

/** Pages shown per page asked for. */
function goodShare({ series }: ArchitectureResult, buckets: readonly number[]): number {
  return sum(series.goodPerMinute, buckets) / sum(series.requestsPerMinute, buckets);
}

/** When the storm was over, in seconds; Infinity: never. */
function calmAtS(run: ArchitectureResult): number {
  const buckets = bucketsIn(run, SPIKE_END_S, LOAD_END_S);
  const first = buckets.find((_, i) => {
    const some = buckets.slice(i, i + CALM.bucketCount);
    return some.length === CALM.bucketCount && goodShare(run, some) >= CALM.goodShare;
  });
  return first === undefined
    ? Number.POSITIVE_INFINITY
    : (run.series.minutes[first] ?? Number.NaN) * 60;
}

function lastGoodShare(run: ArchitectureResult): number {
  return goodShare(run, bucketsIn(run, LOAD_END_S - 100, LOAD_END_S));
}

function calmCount(variant: string): number {
  return runsOf(variant).filter((run) => Number.isFinite(calmAtS(run))).length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

describe('retry-storm', () => {
  it('E30: before the spike nearly every page is shown, whatever the policy', () => {
    for (const variant of Object.keys(runs)) {
      expect(runsOf(variant).length).toBe(SEED_COUNT);
      const before = runsOf(variant).map((run) => goodShare(run, bucketsIn(run, 0, 120)));
      expect(median(before)).toBeGreaterThan(0.95);
    }
  });

  it('E30: without a budget the storm outlives its cause, whatever the seed', () => {
    const storms = runsOf('no-budget');
    expect(calmCount('no-budget')).toBe(0);
    expect(Math.max(...storms.map(lastGoodShare))).toBeLessThan(0.2);
    // Of the whole run, whose first 120 s of 400 s were calm: after them, all work is waste.
    expect(Math.min(...storms.map((run) => run.wastedWorkShare))).toBeGreaterThan(0.7);
    // One try a page is the client's own, of the router; the others' fixed point is 18.5 / 9.3.
    const triesPerPage = storms.map((run) => {
      const buckets = bucketsIn(run, LOAD_END_S - 100, LOAD_END_S);
      const { triesPerMinute, requestsPerMinute } = run.series;
      return sum(triesPerMinute, buckets) / sum(requestsPerMinute, buckets) - 1;
    });
    expect(Math.abs(mean(triesPerPage) / (18.5 / 9.3) - 1)).toBeLessThan(0.03);
  });

  it('E30: with the gRPC throttle it is over in as many runs as without retries', () => {
    const without = calmCount('no-retries');
    expect(without).toBeGreaterThanOrEqual(Math.floor(0.9 * SEED_COUNT));
    expect(calmCount('grpc-throttle')).toBeGreaterThanOrEqual(without - 1);
    expect(median(runsOf('grpc-throttle').map(lastGoodShare))).toBeGreaterThan(0.95);
    const late = median(runsOf('grpc-throttle').map(calmAtS));
    expect(late - median(runsOf('no-retries').map(calmAtS))).toBeLessThanOrEqual(20);
  });

  it('E30: a circuit breaker ends it in every run, soonest, and wastes least', () => {
    expect(calmCount('breaker')).toBe(SEED_COUNT);
    expect(median(runsOf('breaker').map(calmAtS))).toBeLessThanOrEqual(155);
    expect(Math.min(...runsOf('breaker').map(lastGoodShare))).toBeGreaterThan(0.7);
    const wasted = (variant: string) => mean(runsOf(variant).map((run) => run.wastedWorkShare));
    expect(wasted('breaker')).toBeLessThan(0.1);
    expect(wasted('breaker')).toBeLessThan(wasted('no-retries'));
  });

  it('E30: a budget helps only where it leaves the service some room', () => {
    // 9.3 · 1.05 < 10.
    expect(calmCount('ratio-bucket')).toBeGreaterThanOrEqual(Math.floor(0.7 * SEED_COUNT));
    for (const { calls } of runsOf('ratio-bucket')) {
      const edge = calls.find((one) => one.edge.endsWith('→movie'));
      expect(edge?.calls).toBeGreaterThan(3_000);
      expect(edge?.attempts).toBeLessThanOrEqual(1.05 * (edge?.calls ?? 0));
    }
    // 9.3 · 1.2 > 10, and ten more a second whatever happens: as good as no budget at all.
    expect(calmCount('finagle-default')).toBe(0);
    expect(Math.max(...runsOf('finagle-default').map(lastGoodShare))).toBeLessThan(0.2);
  });
});
