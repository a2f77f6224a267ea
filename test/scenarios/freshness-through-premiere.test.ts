/** The known answers of `scenarios/planning/freshness-through-premiere.ts`. */
import { beforeAll, describe, expect, it } from 'vitest';
import { scenario } from '../../scenarios/planning/freshness-through-premiere.ts';
import { fleetCostPerHour } from '../../src/experiment/costs/fleet-cost.ts';
import type { ArchitectureResult, RunDocument } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import { variantsOf } from '../../src/experiment/scenario/variants.ts';
import { resultOf } from './read-results.ts';

const SEED = 2;
const GOAL_SECONDS = 30;

describe('freshness through a premiere', () => {
  let document: RunDocument;
  const p99 = (name: string) => resultOf(document, name).pipeline.freshnessSeconds.p99;
  const workers = (name: string) => resultOf(document, name).pipeline.workers;
  beforeAll(async () => {
    document = await runScenario(scenario, { seed: SEED, threads: 1 });
  });

  it('E312: one worker falls behind by λ − μ while the premiere lasts', () => {
    const { series } = resultOf(document, 'one-worker');
    const lag = (series.consumerLag[0]?.values ?? []).map(Number);
    const atMinute = (minute: number) =>
      lag[series.minutes.findIndex((middle) => middle >= minute)] ?? 0;
    expect(atMinute(4)).toBeLessThan(30);
    expect(Math.max(...lag)).toBeGreaterThan(400);
    expect(p99('one-worker')).toBeGreaterThan(120);
    // Busy without a pause from the premiere until the lag is gone.
    const busy = series.workerUtilization[0]?.values ?? [];
    const during = busy.filter((_, i) => {
      const minute = series.minutes[i] ?? 0;
      return minute > 6.5 && minute < 8.5;
    });
    for (const share of during) expect(share).toBeGreaterThan(0.99);
  });

  it('E312: four keep p99 below 30 s, and eight do the same, for more', () => {
    expect(p99('four-workers')).toBeLessThan(GOAL_SECONDS);
    expect(p99('four-workers')).toBeLessThan(p99('two-workers'));
    expect(p99('two-workers')).toBeLessThan(p99('one-worker'));
    expect(resultOf(document, 'eight-workers').pipeline.freshnessSeconds).toEqual(
      resultOf(document, 'four-workers').pipeline.freshnessSeconds,
    );
    expect(workers('eight-workers')?.utilizationByWorker.slice(4)).toEqual([0, 0, 0, 0]);
    const usd = (name: string) => resultOf(document, name).cost?.usdBy.pipeline ?? 0;
    expect(usd('eight-workers')).toBeGreaterThan(1.9 * usd('four-workers'));
  });

  it('E315: every ledger closes, and all variants store the same events', () => {
    const stored = document.architectures.map(({ ledger }: ArchitectureResult) => {
      expect(ledger.events.residual).toBe(0);
      return ledger.events.out;
    });
    expect(new Set(stored).size).toBe(1);
    expect(stored[0]).toBeGreaterThan(2_500);
  });

  it('E312: the objective is measured as the pipeline tells it', () => {
    for (const { name, objectives, pipeline } of document.architectures) {
      const [freshness] = objectives;
      expect({ name, seconds: (freshness?.value ?? Number.NaN) / 1e6 }).toEqual({
        name,
        seconds: expect.closeTo(pipeline.freshnessSeconds.p99, 0),
      });
    }
  });

  it('E302: the planner knows what each would cost without running it', () => {
    const costs = variantsOf(scenario).map((one) =>
      fleetCostPerHour(one.scenario, one.architecture),
    );
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
    expect(new Set(costs).size).toBe(4);
  });
});
