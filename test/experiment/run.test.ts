/** `run` and `compare`, whole: documents, ledgers, intervals, pairing, threads. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareArchitectures } from '../../src/experiment/compare/compare.ts';
import { runScenario } from '../../src/experiment/run.ts';
import { PACKAGE_VERSION } from '../../src/experiment/version.ts';
import { smallScenario } from './small-world.ts';

const PRICED = { prices: {}, objectives: ['mean(page.load) < 30s'] };

describe('runScenario', () => {
  it('E4: gives one document for all architectures, whose ledgers add up', async () => {
    const document = await runScenario(smallScenario(), { threads: 1 });
    expect(document.architectures.map(({ name }) => name)).toEqual([
      'monolith',
      'direct',
      'aggregation',
      'federated',
    ]);
    const sum = (of: (a: (typeof document.architectures)[number]) => number) =>
      document.architectures.map(of).reduce((total, value) => total + value, 0);
    expect(document.ledger.requests.in).toBe(sum(({ requests }) => requests));
    expect(document.ledger.events.out).toBe(sum(({ ledger }) => ledger.events.out));
    expect([document.ledger.requests.residual, document.ledger.events.residual]).toEqual([0, 0]);
    expect(document.differences.length).toBe(6 * 3);
    expect(document.seed).toBe(1);
  });

  it('E1: is the same by one thread and by two', async () => {
    const scenario = smallScenario({ seed: 5 });
    const architectures = ['direct', 'federated'] as const;
    const one = await runScenario(scenario, { architectures, threads: 1, replayCommand: 'x' });
    const two = await runScenario(scenario, { architectures, threads: 2, replayCommand: 'x' });
    expect(two).toEqual(one);
  });

  it('E4: counts and percentiles agree with one another', async () => {
    const { architectures } = await runScenario(smallScenario(), {
      threads: 1,
      architectures: ['federated'],
    });
    const [federated] = architectures;
    expect(federated?.requests).toBe(
      federated?.byPage.reduce((sum, page) => sum + page.requests, 0),
    );
    const { p50 = 0, p95 = 0, p99 = 0 } = federated?.pageLoadTimeMs ?? {};
    expect(0 < p50 && p50 <= p95 && p95 <= p99).toBe(true);
    expect(federated?.wanCallsPerPage).toBe(1);
    expect(federated?.pipeline.stages.map(({ stage }) => stage)).toEqual([
      'validate',
      'dedupe',
      'enrich',
    ]);
  });
});

describe('compareArchitectures', () => {
  it('E5: pairs replications, with intervals and the variance that pairing saved', async () => {
    const document = await compareArchitectures(smallScenario(PRICED), {
      replications: 8,
      threads: 1,
      architectures: ['direct', 'federated'],
    });
    const [direct, federated] = document.architectures;
    const p50 = 'page load p50';
    expect(direct?.metrics[p50]?.values.length).toBe(8);
    const difference = document.differences.find(({ metric }) => metric === p50);
    expect(difference?.difference.value).toBeCloseTo(
      (federated?.metrics[p50]?.value ?? 0) - (direct?.metrics[p50]?.value ?? 0),
      9,
    );
    // Canary: architectures that draw from chance of their own are told as lost or unknown.
    const ofMeans = document.differences.find(({ metric }) => metric === 'page load mean');
    expect(ofMeans?.pairing).toBe('paired');
    expect(ofMeans?.varianceReduction).toBeGreaterThan(2);
    expect(difference?.difference.high ?? 0).toBeLessThan(0);
    // E304: what a million pages cost where the objectives hold.
    for (const { metrics, usdPerMillionPagesAtSlo: usd } of document.architectures) {
      const pagesPerHour = (metrics['pages per second']?.value ?? 0) * 3_600;
      const expected = ((metrics['cost per hour']?.value ?? 0) / pagesPerHour) * 1e6;
      expect(expected).toBeGreaterThan(0);
      expect(usd).toBeCloseTo(expected, 9);
    }
  });

  it('E5: refuses fewer than two replications', async () => {
    await expect(compareArchitectures(smallScenario(), { replications: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'STATS_BAD_ARGUMENT' }),
    );
  });
});

it('states the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(PACKAGE_VERSION).toBe(version);
});
