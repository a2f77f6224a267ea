/** The known answers of `scenarios/planning/premiere-forecast.ts`: one evening here, the paired
 * interval over ten in the long run. */
import { beforeAll, describe, expect, it } from 'vitest';
import { scenario } from '../../../scenarios/planning/premiere-forecast.ts';
import { compareArchitectures } from '../../../src/experiment/compare/compare.ts';
import type { RunDocument } from '../../../src/experiment/result.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { resultOf } from '../read-results.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';

describe('premiere by forecast', () => {
  let document: RunDocument;
  const missed = (name: string) => resultOf(document, name).sloMinutes?.missed ?? Number.NaN;
  const talent = (name: string) =>
    resultOf(document, name).servers.find((server) => server.name === 'talent');
  beforeAll(async () => {
    document = await runScenario(scenario, { threads: 1 });
  });

  it('M102: the forecast has replicas before the premiere, the HPA after it', () => {
    expect(missed('forecast')).toBe(0);
    expect(missed('reactive')).toBeGreaterThanOrEqual(6);
    expect(missed('reactive-at-equal-cost')).toBeGreaterThanOrEqual(3);
    const readyAt = (name: string, minute: number) => {
      const { series } = resultOf(document, name);
      const ready = series.replicas.find((one) => one.name === 'talent')?.values ?? [];
      return Number(ready[series.minutes.findIndex((middle) => middle >= minute)]);
    };
    expect(readyAt('forecast', 16)).toBeGreaterThan(1.5 * readyAt('reactive', 16));
  });

  it('M96: all variants have the same evening', () => {
    const requests = document.architectures.map((one) => one.series.requestsPerMinute);
    expect(requests[1]).toEqual(requests[0]);
    expect(requests[2]).toEqual(requests[0]);
  });

  it('M100: minutes and replica hours stand in the document', () => {
    expect(resultOf(document, 'reactive').sloMinutes?.of).toBe(40);
    for (const name of ['forecast', 'reactive']) {
      const { replicaHours, replicas } = talent(name) ?? {};
      // Those on their way are paid for too.
      expect(replicaHours).toBeGreaterThan(((replicas?.mean ?? 0) * 40) / 60 / 1.1);
      expect(replicaHours).toBeLessThan(((replicas?.mean ?? 0) * 40) / 60 + 1);
    }
    expect(resultOf(document, 'forecast').servers[0]?.replicaHours).toBeUndefined();
  });

  it('M102: at equal cost, with the paired interval', async (context) => {
    if (!IS_LONG) context.skip('skipped: 30 runs; BACKLOT_LONG=1 makes them');
    const compared = await compareArchitectures(scenario, { replications: 10, threads: 2 });
    const between = (metric: string) =>
      compared.differences.find(
        (one) => one.metric === metric && one.b === 'forecast' && one.a.endsWith('equal-cost'),
      );
    const hours = compared.architectures.map(({ metrics }) => metrics['replica hours']?.value ?? 0);
    expect(Math.abs((hours[2] ?? 0) / (hours[1] ?? 1) - 1)).toBeLessThan(0.02);
    const minutes = between('SLO minutes missed');
    expect(minutes?.difference.high).toBeLessThan(-4);
    expect(minutes?.verdict).toBe('different');
  }, 120_000);
});
