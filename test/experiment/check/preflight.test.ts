/** The pre-flight against simulated runs and against theory. */
import { describe, expect, it } from 'vitest';
import type { CheckDocument } from '../../../src/experiment/check/check-document.ts';
import { walkViewer } from '../../../src/experiment/check/demand/viewer-walk.ts';
import { closedThroughput } from '../../../src/experiment/check/stations/closed-loop.ts';
import { createViewerDecisions } from '../../../src/experiment/households/viewer-decisions.ts';
import { loadScenario } from '../../../src/experiment/io/load-scenario.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { readRunInputs } from '../../../src/experiment/run-inputs.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { minutes, ms, seconds, us } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';
import { checked, loadTest } from './checked.ts';

const LONG = process.env['BACKLOT_LONG'] === '1';

/** Stations above 10 % utilization: what was foreseen, and what was. */
async function compared(scenario: Scenario) {
  const [document, run] = await Promise.all([
    checked(scenario),
    runScenario(scenario, { threads: 1 }),
  ]);
  return document.subjects.flatMap(({ name, stations }) => {
    const result = run.architectures.find((one) => one.name === name);
    return stations.flatMap(({ station, meanUtilization }) => {
      const simulated = result?.utilization.find((one) => one.service === station)?.mean ?? 0;
      return simulated < 0.1 ? [] : [{ name, station, meanUtilization, simulated }];
    });
  });
}

describe('utilization beforehand', () => {
  it('E253: is within 10 % of a steady load test, on all four architectures', async () => {
    // 1,200 pages: a relative standard error of arrivals of 3 %; the questions' is below 3 %.
    const stations = await compared(loadTest());
    expect(new Set(stations.map(({ name }) => name)).size).toBe(4);
    expect(stations.length).toBeGreaterThanOrEqual(10);
    for (const { name, station, meanUtilization, simulated } of stations) {
      const error = Math.abs(meanUtilization / simulated - 1);
      expect(error, `${name} ${station}: ${meanUtilization} of ${simulated}`).toBeLessThan(0.1);
    }
  });

  it.skipIf(!LONG)(
    'E253: is within 10 % of evening-peak (BACKLOT_LONG: a run takes half a minute)',
    async () => {
      const stations = await compared(await loadScenario('scenarios/evening-peak.ts'));
      expect(stations.length).toBeGreaterThanOrEqual(10);
      for (const { name, station, meanUtilization, simulated } of stations) {
        const error = Math.abs(meanUtilization / simulated - 1);
        expect(error, `${name} ${station}`).toBeLessThan(0.1);
      }
    },
    300_000,
  );

  it('E250: counts the pages of the very viewers, visit by visit', async () => {
    // Nobody loses patience here, so that the run opens the pages of the walks and no others.
    const scenario = smallScenario({
      clock: { start: '2026-11-20T20:00:00Z', duration: minutes(5), drain: minutes(120) },
      audience: { viewers: 16 },
    });
    const { catalogue } = await readRunInputs(scenario, {});
    const chance = createChance({ seed: scenario.seed, replication: 0 });
    const decisions = createViewerDecisions(scenario, catalogue, chance);
    const run = await runScenario(scenario, { architectures: ['monolith'], threads: 1 });
    const viewers = run.architectures[0]?.viewers ?? 0;
    const walked = Array.from({ length: viewers }, (_, viewer) =>
      walkViewer(decisions, {
        viewer,
        genre: '',
        horizonUs: Number.POSITIVE_INFINITY,
        heartbeatUs: scenario.clickstream.heartbeat,
      }),
    );
    const pages = walked.reduce((sum, walk) => sum + walk.pages.length, 0);
    const { requests = 0, ledger } = run.architectures[0] ?? {};
    expect(pages).toBeGreaterThan(40);
    // Those still watching at the end have not asked for all of theirs.
    expect(Math.abs(requests / pages - 1)).toBeLessThan(0.05);
    const events = walked.reduce((sum, walk) => sum + walk.eventsAtUs.length, 0);
    expect(Math.abs((ledger?.events.in ?? 0) / events - 1)).toBeLessThan(0.1);
  });

  it('E250: sees the premiere where it is, and the drain after it', async () => {
    const scenario = smallScenario({
      clock: { start: '2026-11-20T20:00:00Z', duration: minutes(60), drain: minutes(5) },
      audience: {
        viewers: 1_000,
        arrivals: [
          { at: 0, relativeRate: 1 },
          { at: minutes(30), relativeRate: 1 },
          { at: minutes(31), relativeRate: 8 },
          { at: minutes(36), relativeRate: 8 },
          { at: minutes(37), relativeRate: 1 },
          { at: minutes(60), relativeRate: 1 },
        ],
      },
    });
    const [subject] = (await checked(scenario, { architectures: ['monolith'] })).subjects;
    const { peakAtUs = 0, peakPerSec = 0, meanPerSec = 0 } = subject?.pages ?? {};
    expect(peakAtUs).toBeGreaterThan(minutes(31));
    expect(peakAtUs).toBeLessThan(minutes(38));
    expect(peakPerSec / meanPerSec).toBeGreaterThan(2);
  });

  it('E262: hangs on the scenario alone', async () => {
    const scenario = loadTest();
    const texts = [await checked(scenario), await checked(scenario)].map((one) =>
      JSON.stringify(one),
    );
    expect(texts[0]).toBe(texts[1]);
  });
});

describe('waits beforehand', () => {
  it('E253: have no variance where times are fixed, and grow without a zone', async () => {
    const service = {
      replicas: 3,
      workersPerReplica: 1,
      baseTime: fixed(ms(60)),
      timePerEntity: 0,
    };
    const document = await checked(
      loadTest({
        services: { movie: service, production: service, talent: service },
        network: { zones: 3 },
      }),
      { architectures: ['aggregation'] },
    );
    const stations = document.subjects[0]?.stations.filter(({ kind }) => kind === 'service') ?? [];
    expect(stations.length).toBe(3);
    for (const { zoneLost, peak, serviceScv, meanServiceMs, offeredLoad } of stations) {
      expect(serviceScv).toBeCloseTo(0, 9);
      expect(meanServiceMs).toBeCloseTo(60, 6);
      expect(peak.utilization).toBeCloseTo(offeredLoad / 3, 9);
      expect(zoneLost?.workers).toBe(2);
      expect(zoneLost?.utilization).toBeCloseTo(offeredLoad / 2, 9);
      expect(zoneLost?.waitProbability ?? 0).toBeGreaterThan(peak.waitProbability);
    }
  });

  it('E252: of closed users are bounded by the think time and by the busiest station', () => {
    const throughput = closedThroughput({
      thinkUs: seconds(1),
      unhinderedUs: ms(100),
      stations: [
        { workers: 2, workUs: ms(40) },
        { workers: 1, workUs: ms(30) },
      ],
    });
    expect(throughput(0)).toBe(0);
    expect(throughput(1)).toBeCloseTo(1 / 1.1, 6);
    const rates = [1, 5, 20, 50, 100, 200, 400].map(throughput);
    for (const [i, rate] of rates.entries()) {
      expect(rate).toBeGreaterThanOrEqual((rates[i - 1] ?? 0) * 0.999);
      expect(rate).toBeLessThanOrEqual(1 / 0.03 + 1e-6);
    }
    expect(rates.at(-1)).toBeCloseTo(1 / 0.03, 3);
  });

  it('E252: of a closed load test come to the simulated throughput within 5 %', async () => {
    const scenario = loadTest({
      traffic: {
        kind: 'closed',
        users: [{ at: 0, users: 60 }],
        thinkTime: { kind: 'exponential', mean: seconds(2) },
        pages: { home: 1, play: 1 },
      },
    });
    const options = { architectures: ['aggregation'] as const };
    const [subject] = (await checked(scenario, options)).subjects;
    const run = await runScenario(scenario, { ...options, threads: 1 });
    const simulated = run.architectures[0]?.pagesPerSec ?? 0;
    expect(Math.abs((subject?.pages.meanPerSec ?? 0) / simulated - 1)).toBeLessThan(0.05);
  });

  it('E254: of the pipeline count events, batches and partitions', async () => {
    const scenario = smallScenario({
      audience: { viewers: 400 },
      clickstream: {
        partitions: 2,
        workers: { count: 8, timePerEvent: ms(1), timePerBatch: us(0) },
      },
    });
    const document: CheckDocument = await checked(scenario, { architectures: ['monolith'] });
    const pipeline = document.subjects[0]?.stations.find(({ kind }) => kind === 'pipeline');
    expect(pipeline?.peak.workers).toBe(2);
    expect(pipeline?.meanServiceMs).toBeCloseTo(1, 9);
    expect(pipeline?.offeredLoad).toBeCloseTo((pipeline?.arrivalRatePerSec ?? 0) / 1_000, 9);
    expect(document.findings.map(({ code }) => code)).toContain('L-PARTITIONS');
  });
});
