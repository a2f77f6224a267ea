/** `load` through whole scenarios. */
import { describe, expect, it } from 'vitest';
import { createCampaign } from '../../../src/experiment/campaign/campaign.ts';
import { type LoadOptions, loadCapacity } from '../../../src/experiment/capacity/load.ts';
import { queueScenario, serversByTheory } from './queue-scenario.ts';

const CASE = { offeredErlangs: 2, meanServiceMs: 50, limitMs: 200, pages: 250, drainSeconds: 0 };

async function loaded(options: Partial<LoadOptions> = {}, limitMs = CASE.limitMs) {
  const campaign = createCampaign({ threads: 1 });
  try {
    const scenario = queueScenario({ ...CASE, limitMs });
    const replications = 3;
    return await loadCapacity(scenario, {
      architectures: ['monolith'],
      replications,
      ...options,
      campaign,
    });
  } finally {
    await campaign.close();
  }
}

describe('load', () => {
  it('E221: finds the most traffic at the objective, as theory does', async () => {
    const document = await loaded();
    expect(document.verdict).toBe('found');
    const [load] = document.loads;
    const { value = 0, low = 0, high = 0 } = load?.factor ?? {};
    // Four servers: the factor at which theory begins to ask for a fifth.
    let theory = 1;
    const serversAt = (factor: number) =>
      serversByTheory({ ...CASE, offeredErlangs: factor * CASE.offeredErlangs });
    while (serversAt(theory) <= 4) theory += 0.01;
    expect(low ?? 0).toBeLessThan(value);
    expect(Math.abs(value - theory)).toBeLessThan(2.5 * ((high ?? 0) - value));
    const perSecond = (CASE.offeredErlangs / CASE.meanServiceMs) * 1_000;
    expect((load?.pagesPerSec?.value ?? 0) / (value * perSecond)).toBeCloseTo(1, 0);
    expect(load?.binding).toMatchObject({ objective: 'p95(page.load) < 200ms' });
    expect(load?.binding?.station).toBe('monolith');
    expect(load?.maxima).toHaveLength(3);
    // E224: the curve goes on to beyond the knee. Four servers at 50 ms bear 80 a second at most.
    const p95 = load?.curve.map((point) => point.p95Ms ?? 0) ?? [];
    expect(p95.at(-1)).toBeGreaterThan(5 * (p95[0] ?? 0));
    expect(load?.knee?.method).toMatch(/^Kneedle/);
    expect(load?.knee?.pagesPerSec).toBeGreaterThan(50);
    expect(load?.knee?.pagesPerSec).toBeLessThan(95);
  });

  it('E222: says where the range lies on one side', async () => {
    expect(await loaded({ replications: 2 }, 60)).toMatchObject({ verdict: 'saturated' });
    const never = await loaded({ to: 0.7, replications: 2 });
    expect(never.verdict).toBe('never-saturated');
    expect(never.loads[0]?.factor).toBeNull();
    await expect(loaded({ from: 2, to: 1 })).rejects.toThrow(/^CLI_USAGE: --from 2 --to 1/);
  });
});
