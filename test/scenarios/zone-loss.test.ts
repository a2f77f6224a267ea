/** The known answers of `scenarios/zone-loss.ts`, on several seeds in the long run. */
import { beforeAll, describe, expect, it } from 'vitest';
import { scenario } from '../../scenarios/zone-loss.ts';
import type { ArchitectureResult, RunDocument } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import { resultOf, seriesBetween } from './read-results.ts';

const SEEDS = process.env['BACKLOT_LONG'] === '1' ? [51, 52, 53] : [51];
const PER_SECOND = 102;
/** Work of a page; on average a page in the system stays a little longer. */
const WORK_SECONDS = 0.4;
const LOST = { from: 60, to: 120 };
const STARTUP_SECONDS = 5;
const TIMEOUT_SECONDS = 4;
/** λ·W/3: what is in flight in one of three zones. */
const IN_FLIGHT = (PER_SECOND * WORK_SECONDS) / 3;

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

const serverOf = ({ servers }: ArchitectureResult, name: string) =>
  servers.find((server) => server.name === name) as ArchitectureResult['servers'][number];

/** Share of the pages asked in each bucket that failed. */
function errorShares({ series }: ArchitectureResult, from: number, to: number): readonly number[] {
  const errors = seriesBetween(series.minutes, series.errorsPerMinute, { from, to });
  const asked = seriesBetween(series.minutes, series.requestsPerMinute, { from, to });
  return errors.map((value, i) => value / (asked[i] ?? 0));
}

const documents = new Map<number, RunDocument>();

beforeAll(async () => {
  for (const seed of SEEDS) {
    documents.set(seed, await runScenario(scenario, { threads: 1, seed }));
  }
}, 180_000);

function variant(seed: number, name: string): ArchitectureResult {
  return resultOf(documents.get(seed) as RunDocument, name);
}

describe.each(SEEDS)('zone-loss with seed %i', (seed) => {
  const p99 = (name: string, from: number, to: number) => {
    const { minutes, pageLoadTimeMs } = variant(seed, name).series;
    const values = pageLoadTimeMs.find((one) => one.name === 'p99')?.values;
    return seriesBetween(minutes, values, { from, to });
  };

  it('E28: what was in flight in the zone fails, and nothing else; one retry saves it', () => {
    const once = variant(seed, 'headroom');
    expect(once.errors).toBe(serverOf(once, 'monolith').failures['reset']);
    expect(sum(serverOf(once, 'monolith').failures)).toBe(once.errors);
    // A Poisson number, four standard deviations to either side.
    expect(Math.abs(once.errors - IN_FLIGHT)).toBeLessThan(4 * Math.sqrt(IN_FLIGHT));
    const twice = variant(seed, 'headroom-and-retry');
    expect(twice.errors).toBe(0);
    const [edge] = twice.calls;
    expect(edge?.retries).toBe(once.errors);
    expect(edge?.attempts).toBe((edge?.calls ?? 0) + once.errors);
  });

  it('E28: with headroom nobody notices after seconds', () => {
    const before = Math.max(...p99('headroom', 5, LOST.from));
    for (const value of p99('headroom', LOST.from + 5, 220)) {
      // The 99th percentile of a bucket is the fifth largest of 510 pages: it scatters.
      expect(value).toBeLessThan(1.5 * before);
    }
    expect(Math.max(...errorShares(variant(seed, 'headroom'), LOST.from + 5, 220))).toBe(0);
  });

  it('E28: a tight fleet has ρ > 1: its line grows by λ − μ until nobody waits so long', () => {
    const tight = variant(seed, 'tight');
    const growth = PER_SECOND - 32 / WORK_SECONDS;
    expect(growth).toBeCloseTo(22, 9);
    // Who comes after x s waits for x·22 pages at 80 a second: too long after some 13 s.
    const tooLongAfter = ((TIMEOUT_SECONDS - WORK_SECONDS) * (32 / WORK_SECONDS)) / growth;
    const collapsesBy = LOST.from + tooLongAfter + 7;
    expect(Math.max(...errorShares(tight, LOST.from + 5, LOST.from + 10))).toBeLessThan(0.2);
    expect(Math.min(...errorShares(tight, collapsesBy, LOST.to))).toBeGreaterThan(0.85);
    // Then the line is worked off at μ − λ, until it is short enough again.
    const drain = 48 / WORK_SECONDS - PER_SECOND;
    const line = growth * (LOST.to - LOST.from + STARTUP_SECONDS);
    const bearable = (TIMEOUT_SECONDS - WORK_SECONDS) * (48 / WORK_SECONDS);
    const wellAgain = LOST.to + STARTUP_SECONDS + (line - bearable) / drain;
    expect(Math.max(...errorShares(tight, wellAgain - 25, wellAgain - 10))).toBeGreaterThan(0.2);
    expect(Math.max(...errorShares(tight, wellAgain + 25, 220))).toBeLessThan(0.05);
    expect(tight.wastedWorkShare).toBeGreaterThan(0.3);
  });

  it('E28: retries make it worse, and keep it so when the zone is back', () => {
    const retried = variant(seed, 'tight-and-retry');
    expect(retried.errors).toBeGreaterThan(1.3 * variant(seed, 'tight').errors);
    expect(Math.min(...errorShares(retried, 200, 220))).toBeGreaterThan(0.7);
  });

  it('E28: an autoscaler does not see the loss, only the line afterwards', () => {
    const { series, errors } = variant(seed, 'tight-and-autoscaler');
    const [ready] = series.replicas;
    expect(seriesBetween(series.minutes, ready?.values, { from: 65, to: 115 })).toEqual(
      new Array(10).fill(4),
    );
    const after = seriesBetween(series.minutes, ready?.values, { from: 175, to: 215 });
    // 6 replicas at 100 % of CPU for a target of 85 %.
    expect(Math.min(...after)).toBeGreaterThanOrEqual(Math.ceil(6 / 0.85));
    expect(errors).toBeLessThan(variant(seed, 'tight').errors);
    expect(errors).toBeGreaterThan(0.8 * variant(seed, 'tight').errors);
  });

  it('E28: calls that stay in their zone keep the loss in it', () => {
    const spread = variant(seed, 'gateway');
    const byZone = variant(seed, 'gateway-by-zone');
    const retried = variant(seed, 'gateway-and-retry');
    for (const one of [spread, byZone]) {
      expect(one.errors).toBe(serverOf(one, 'router').failures['reset']);
      expect(Math.abs(one.errors - IN_FLIGHT)).toBeLessThan(4 * Math.sqrt(IN_FLIGHT));
    }
    expect(spread.partial).toBeGreaterThan(0);
    expect(byZone.partial).toBe(0);
    expect(retried).toMatchObject({ errors: 0, partial: 0 });
  });

  it('E25: the books close through the fault', () => {
    for (const { ledger, servers, calls } of documents.get(seed)?.architectures ?? []) {
      expect(ledger.requests).toMatchObject({ residual: 0, inFlight: 0 });
      expect(ledger.requests.in).toBeGreaterThan(21_000);
      for (const one of servers) {
        expect(one.offered).toBe(one.answered + sum(one.failures) + one.inFlight);
      }
      for (const one of calls) {
        expect(one.calls).toBe(sum(one.settled) + one.abandoned);
        expect(one.open).toBe(0);
      }
    }
  });
});

describe('zone-loss over all seeds', () => {
  it('E28: the pages hit are those of Little’s law', () => {
    const total = (of: (seed: number) => number) => SEEDS.reduce((all, seed) => all + of(seed), 0);
    const hosted = total((seed) => variant(seed, 'gateway').errors);
    const expected = SEEDS.length * IN_FLIGHT;
    expect(Math.abs(hosted - expected)).toBeLessThan(3 * Math.sqrt(expected));
    // Of pages hosted elsewhere, 2/3, a third has its call in the lost zone.
    const inPart = total((seed) => variant(seed, 'gateway').partial);
    expect(Math.abs(inPart - (2 / 3) * expected)).toBeLessThan(3 * Math.sqrt(expected));
  });

  it('E1: the same run has the same digest', async () => {
    const only = { ...scenario, variants: scenario.variants.slice(-2) };
    const { architectures } = await runScenario(only, { threads: 1, seed: 51 });
    expect(architectures.map(({ digest }) => digest)).toEqual([
      variant(51, 'gateway-by-zone').digest,
      variant(51, 'gateway-and-retry').digest,
    ]);
  }, 180_000);
});
