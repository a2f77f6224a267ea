/** The conclusion of `barriers-vs-dataflow`: what dataflow saves is the difference between the
 * plan's critical paths, worked out here from the plan, to the microsecond. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../scenarios/architectures/barriers-vs-dataflow.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { withDataflow, withReads } from '../../../src/gateway/plan/schedule/dataflow.ts';
import { compileSteps } from '../../../src/gateway/plan/steps.ts';
import {
  type DistributionSpec,
  quantileOf,
} from '../../../src/kernel/distributions/distribution.ts';
import {
  legUs,
  type MeasuredPage,
  type MeasuredVariant,
  measureVariant,
  serviceUs,
} from '../measured-pages.ts';

const HEADERS = 250;
const CLIENT_HEADERS = { up: 900, down: 400 };
const PAGE_REQUEST = 250;

/** The page-load time that follows from the plan, without a run. */
function criticalPathUs({ scenario: varied, plan }: MeasuredVariant, page: MeasuredPage): number {
  const { datacentre } = varied.network;
  const steps = withReads(compileSteps(plan));
  const isDataflow = varied.architectures.schedule === 'dataflow';
  const calls = page.waves.flat();
  const overAtUs: number[] = [];
  for (const { index, after } of isDataflow ? withDataflow(steps) : steps) {
    const startUs = Math.max(0, ...after.map((before) => overAtUs[before] ?? 0));
    const call = calls.find(({ callId }) => callId === index);
    const takesUs =
      call === undefined
        ? 0
        : legUs(datacentre, call.requestBytes + HEADERS) +
          serviceUs(varied, call) +
          legUs(datacentre, call.responseBytes + HEADERS);
    overAtUs[index] = startUs + takesUs;
  }
  const { planTime, mergeTimePerFetch, mergeTimePerKib } = varied.architectures.federated;
  const mergeUs = mergeTimePerFetch * calls.length + (mergeTimePerKib * page.end.bytes) / 1_024;
  const aroundUs =
    legUs(datacentre, PAGE_REQUEST + CLIENT_HEADERS.up) +
    legUs(datacentre, page.end.bytes + CLIENT_HEADERS.down);
  return aroundUs + Number(planTime) + Math.max(...overAtUs) + Math.round(mergeUs);
}

describe('barriers-vs-dataflow', () => {
  it.each([
    { suffix: '', savedMs: 60 - 5 },
    { suffix: '-slow-production', savedMs: 0 },
  ])(
    'E21: "barriers$suffix": saves $savedMs ms, as the critical paths say',
    async ({ suffix, savedMs }) => {
      const barriers = await measureVariant(scenario, `barriers${suffix}`);
      const dataflow = await measureVariant(scenario, `dataflow${suffix}`);
      expect(barriers.pages.size).toBeGreaterThan(300);
      expect([...dataflow.pages.keys()]).toEqual([...barriers.pages.keys()]);
      for (const [key, slow] of barriers.pages) {
        const fast = dataflow.pages.get(key) as MeasuredPage;
        expect([slow.outcome, fast.outcome]).toEqual(['ok', 'ok']);
        expect(slow.end.callCount).toBe(5);
        expect(slow.pageLoadTimeUs).toBe(criticalPathUs(barriers, slow));
        expect(fast.pageLoadTimeUs).toBe(criticalPathUs(dataflow, fast));
        const savedUs = slow.pageLoadTimeUs - fast.pageLoadTimeUs;
        // Answers differ in size, which moves the path by a few microseconds.
        expect(Math.abs(savedUs - savedMs * 1_000)).toBeLessThan(20);
      }
    },
  );

  it('E21: saves the shorter one of two talent calls where these are drawn', async () => {
    const drawn = scenario.variants.find(({ name }) => name === 'barriers-wan');
    const talent = quantileOf(drawn?.set['services.talent.baseTime'] as DistributionSpec);
    // E[min(X, Y)] = ∫ q(u) · 2 (1 − u) du.
    const steps = 20_000;
    let shorterUs = 0;
    for (let i = 0; i < steps; i += 1) {
      const u = (i + 0.5) / steps;
      shorterUs += (talent(u) * 2 * (1 - u)) / steps;
    }
    const expectedMs = shorterUs / 1_000 - 5;
    expect(expectedMs).toBeCloseTo(45.5, 1);

    const overWan = scenario.variants.filter(({ name }) => name.endsWith('-wan'));
    const savedMs: number[] = [];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const run = await runScenario({ ...scenario, seed, variants: overWan }, { threads: 1 });
      const [barriers, dataflow] = run.architectures;
      expect([barriers?.errors, dataflow?.errors]).toEqual([0, 0]);
      expect(dataflow?.requests).toBe(barriers?.requests);
      savedMs.push(
        (barriers?.meanPageLoadTimeMs ?? 0) - (dataflow?.meanPageLoadTimeMs ?? Number.NaN),
      );
    }
    const mean = savedMs.reduce((sum, one) => sum + one, 0) / savedMs.length;
    // 2,400 pages, the shorter call's standard deviation being 17 ms: ±4 standard errors.
    expect(Math.abs(mean - expectedMs)).toBeLessThan(1.5);
    expect(Math.min(...savedMs)).toBeGreaterThan(expectedMs - 4);
  });
});
