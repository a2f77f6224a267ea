/** Documents of `check` and `sweep` to lay out. */
import type {
  CheckDocument,
  StationPreflight,
} from '../../../src/experiment/check/check-document.ts';
import type { SweepDocument, SweepEffect } from '../../../src/experiment/sweep/sweep-document.ts';

/** A check of one subject with three stations and three findings. */
export function checkDocument(): CheckDocument {
  const zone = {
    severity: 'warning' as const,
    code: 'L-ZONE',
    path: 'talent',
    found: "3 workers' worth for the 2 left",
    rule: 'without one zone it cannot keep up: it needs at least 4 workers in the other zones',
  };
  return {
    schema: 'backlot.check/1',
    file: 'peak.ts',
    scenario: 'peak',
    seed: 7,
    counts: { services: 2, subjects: 1, faults: 0, objectives: 1 },
    subjects: [
      {
        name: 'federated',
        architecture: 'federated',
        pages: {
          expected: 12_345,
          measured: 11_000,
          peakPerSec: 21.3,
          peakAtUs: 600e6,
          meanPerSec: 10,
        },
        byPage: [
          {
            page: 'home',
            from: 'viewers',
            expected: 12_345,
            callsPerPage: 3.4,
            entitiesPerPage: 20,
            unhinderedMs: 120,
            networkMs: 40,
            parallelCalls: 2,
          },
        ],
        stations: [station('movie', 0.62), station('talent', 1.4), station('router', 0.002)],
        bottleneck: { station: 'talent', maxPagesPerSec: 15.2 },
      },
    ],
    findings: [
      { ...zone, severity: 'error', code: 'L-STABLE', subject: 'federated' },
      { ...zone, subject: 'federated' },
      { ...zone, subject: 'aggregation' },
    ],
    errors: 1,
    warnings: 2,
  };
}

function station(name: string, utilization: number): StationPreflight {
  const isStable = utilization < 1;
  const load = {
    workers: 3,
    utilization,
    waitProbability: Math.min(1, utilization),
    meanWaitMs: isStable ? 4 : null,
    p99WaitMs: isStable ? 44 : null,
  };
  return {
    station: name,
    kind: name === 'router' ? 'gateway' : 'service',
    replicas: 3,
    workersPerReplica: 1,
    maxReplicas: 3,
    jobsPerPage: 1,
    meanServiceMs: 20,
    serviceScv: 0.5,
    arrivalRatePerSec: 100,
    offeredLoad: 3 * utilization,
    peakAtUs: 600e6,
    peak: load,
    zoneLost: { ...load, workers: 2, utilization: 1.5 * utilization },
    meanUtilization: utilization / 2,
    workersNeeded: Math.floor(3 * utilization) + 1,
    overloadedUs: isStable ? 0 : 90e6,
    backlogWaitUs: 0,
    shedsOverload: false,
    connections: null,
  };
}

const LONG_PATH = 'architectures.aggregation.autoscaler.hpa.scaleUp.stabilizationWindow';

/** A sweep of two points, one clear effect and one that is none. */
export function sweepDocument(): SweepDocument {
  const nothing = { in: 0, out: 0, inFlight: 0, dropped: 0, droppedByReason: {}, residual: 0 };
  const clear = effect('services.movie.replicas', -20);
  const unclear = { ...effect(LONG_PATH, 5), low: -3, high: 13, isClear: false };
  const at = (value: number) => ({ value, low: value - 2, high: value + 2 });
  const point = (index: number, value: number) => ({
    name: `federated/${index}`,
    index,
    settings: { 'services.movie.replicas': index === 0 ? 2 : 4 },
    coordinates: { 'services.movie.replicas': index },
    replications: 5,
    metrics: { 'page load p95': { ...at(value), values: [value] } },
    verdicts: [],
    digest: 'd1',
  });
  return {
    schema: 'backlot.sweep/1',
    backlot: '0.1.0',
    node: 'v24.0.0',
    scenario: 'peak',
    question: 'What matters?',
    seed: 7,
    startUtc: '2026-11-20T20:00:00.000Z',
    virtualHours: 1,
    catalogue: 'built in',
    arrivals: 'built in',
    replayCommand: 'npx backlot sweep peak.ts',
    design: { kind: 'grid', points: 2, replications: 5, confidence: 0.95 },
    factors: [
      {
        path: 'services.movie.replicas',
        how: 'set',
        levels: [2, 4],
        low: 2,
        high: 4,
        isWhole: false,
      },
    ],
    metrics: [{ name: 'page load p95', unit: 'ms', better: 'lower' }],
    subjects: [
      {
        name: 'federated',
        architecture: 'federated',
        points: [point(0, 100), point(1, 80)],
        effects: [
          {
            metric: 'page load p95',
            unit: 'ms',
            method: 'contrast',
            explained: null,
            mainEffects: [clear, unclear],
            interactions: [{ ...effect(`a × ${LONG_PATH}`, 3), paths: ['a', LONG_PATH] }],
            tornado: [clear, unclear].map((one) => ({
              ...one,
              lowLevel: 2,
              highLevel: 4,
              atLow: at(100),
              atHigh: at(80),
            })),
            levelMeans: [],
            notes: [],
          },
        ],
        best: {
          metric: 'page load p95',
          point: 'federated/1',
          value: 80,
          indistinguishable: ['federated/0'],
          meetsObjectives: true,
        },
      },
    ],
    isComplete: true,
    stopped: null,
    digest: 'd0',
    ledger: { requests: nothing, events: nothing },
  };
}

function effect(path: string, value: number): SweepEffect {
  return {
    name: path,
    paths: [path],
    effect: value,
    low: value - 2,
    high: value + 2,
    standardised: 1,
    isClear: true,
    aliases: [],
    reason: null,
  };
}
