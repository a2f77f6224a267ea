/** Plans, load tests and sweeps as documents: small, with everything that can be shown. */
import type { LoadDocument } from '../../../src/experiment/capacity/documents/load-document.ts';
import type {
  BindingConstraint,
  PlanDocument,
} from '../../../src/experiment/capacity/documents/plan-document.ts';
import type { ObjectiveVerdict } from '../../../src/experiment/objectives/objective.ts';
import type { SweepDocument } from '../../../src/experiment/sweep/sweep-document.ts';
import { runDocument } from '../fixture-documents.ts';

const { backlot, node, seed, startUtc, virtualHours, catalogue, arrivals, ledger } = runDocument();
const PROVENANCE = {
  backlot,
  node,
  seed,
  startUtc,
  virtualHours,
  catalogue,
  arrivals,
  scenario: 'premiere',
  question: 'How many replicas carry the premiere?',
  replayCommand: 'npx backlot plan premiere.ts',
};
const OBJECTIVE = 'p99(page.load) < 450ms';
const DEMAND = { viewers: 2_400, test: null } as const;

/** An objective that is missed. */
export const MISSED: ObjectiveVerdict = {
  objective: OBJECTIVE,
  subject: 'direct',
  severity: 'fail',
  verdict: 'fail',
  value: 521_000,
  low: 498_000,
  high: null,
  limit: 450_000,
  unit: 'ms',
  margin: -0.158,
  confidence: 0.95,
  replications: 10,
  samples: 18_000,
  moreReplications: null,
  worst: { fromUs: 600e6, toUs: 660e6, value: 940_000, replication: 7 },
  reason: 'The whole interval lies above the limit.',
  replayCommand: 'npx backlot run x.ts --replication 7',
};

const BINDING: BindingConstraint = {
  objective: OBJECTIVE,
  situation: 'zone 1 of region 0 lost',
  margin: 0.04,
  value: 432_000,
  limit: 450_000,
  unit: 'ms',
  atUs: 1_230e6,
  station: 'talent',
  stationUtilization: 0.87,
  stationWaitMs: 41,
};
const MISSED_BINDING = { ...BINDING, margin: -0.12, value: 504_000 };

/** A plan of one architecture, with all that a plan can say. */
export function planDocument(): PlanDocument {
  const fleet = { 'services.talent.replicas': 5, 'services.movie.replicas': 3 };
  return {
    ...PROVENANCE,
    schema: 'backlot.plan/1',
    digest: 'ab'.repeat(16),
    confidence: 0.95,
    survive: 'zone',
    situations: ['all zones', 'zone 0 of region 0 lost', 'zone 1 of region 0 lost'],
    peak: { fromUs: 1_200e6, toUs: 1_500e6 },
    objectives: [OBJECTIVE],
    objectivesLeftOut: [],
    verdict: 'met',
    reason: 'federated meets every objective at 1.25 USD an hour.',
    recommended: 'federated',
    plans: [
      {
        name: 'federated',
        architecture: 'federated',
        demand: DEMAND,
        verdict: 'met',
        reason: 'Every fleet that is one step cheaper was simulated and rejected.',
        numbers: Object.entries(fleet).map(([path, chosen], i) => ({
          path,
          station: ['talent', 'movie'][i] ?? '',
          min: 1,
          max: 20,
          step: 1,
          start: chosen + 1,
          chosen,
          leastRegret: chosen + 1,
          usdPerHourPerStep: 0.1,
        })),
        inactive: [],
        fleet,
        usdPerHour: 1.25,
        bestFound: null,
        bestFoundUsdPerHour: null,
        squareRootUsdPerHour: 1.4,
        verdicts: [
          { ...MISSED, subject: 'federated', verdict: 'pass', value: 432_000, margin: 0.04 },
        ],
        confirmedReplications: 12,
        binding: BINDING,
        excuses: [
          {
            fleet: { ...fleet, 'services.talent.replicas': 4 },
            usdPerHour: 1.15,
            rejectedBy: 'failed',
            replications: 6,
            missedReplications: 4,
            missed: MISSED_BINDING,
            isNeighbour: true,
          },
        ],
        isMinimumVerified: true,
        regret: {
          demand: [
            { factor: 1, probability: 0.7 },
            { factor: 1.25, probability: 0.3 },
          ],
          formula: 'spend over 1, under 1.25, exponent 1.2',
          rows: [
            { factor: 1, fleet, usdPerHour: 1.25, regret: 3, spendRegret: 2.5, memoryRegret: 0.5 },
            {
              factor: 1.25,
              fleet,
              usdPerHour: 1.5,
              regret: 2,
              spendRegret: 1.5,
              memoryRegret: 0.5,
            },
          ],
          least: 1,
          unmet: [],
        },
        headroom: {
          factor: { value: 1.19, low: 1.15, high: 1.22 },
          pagesPerSec: { value: 9.1, low: 8.8, high: 9.4 },
          replications: 5,
          factorMax: 4,
          isAtLeast: false,
          toleranceShare: 0.02,
          binding: MISSED_BINDING,
        },
        staffing: [
          {
            station: 'talent',
            offeredErlangs: 3.1,
            plannedServers: 5,
            scenarioServers: 1,
            byTier: [
              { tier: 0, q: 2.375, servers: 8, waitProbability: 0.01 },
              { tier: 3, q: 1, servers: 5, waitProbability: 0.223 },
            ],
            headroomShare: 0.35,
            idleShareAtPeak: 0.38,
          },
        ],
        counts: {
          fleets: 14,
          inferred: 9,
          rejected: { screened: 5, failed: 3, margin: 1, confirmation: 0 },
        },
      },
    ],
    simulated: [4, 5, 6].map((talent) => ({
      architecture: 'federated',
      fleet: { ...fleet, 'services.talent.replicas': talent },
      usdPerHour: 0.75 + 0.1 * talent,
      p99Ms: 700 - 50 * talent,
      availability: 0.999,
      replications: 6,
      meetsObjectives: talent > 4,
      isOnFront: true,
    })),
    runs: { made: 84, found: 0, max: null },
    method: 'Coordinate descent on common random numbers.',
  };
}

/** A load test of two architectures: one has a maximum, one has none. */
export function loadDocument(): LoadDocument {
  const point = (factor: number, times: number) => ({
    factor,
    offeredPerSec: 5 * factor,
    pagesPerSec: { value: 4.9 * factor, low: 4.8 * factor, high: 5 * factor },
    p50Ms: 200 * times,
    p95Ms: 400 * factor * times,
    p99Ms: 600 * factor * times,
    errorShare: factor > 2 ? 0.02 : 0,
    heldReplications: factor > 2 ? 0 : 5,
    busiestStation: 'talent',
    busiestUtilization: 0.3 * factor,
  });
  const base = { demand: DEMAND, curve: [1, 2, 3].map((factor) => point(factor, 1)) };
  return {
    ...PROVENANCE,
    schema: 'backlot.load/1',
    digest: 'cd'.repeat(16),
    replications: 5,
    confidence: 0.95,
    objectives: [OBJECTIVE],
    objectivesLeftOut: [],
    range: { from: 0.5, to: 4 },
    toleranceShare: 0.02,
    bisections: 6,
    verdict: 'found',
    reason: 'Each replication has its maximum within the range.',
    loads: [
      {
        ...base,
        name: 'federated',
        architecture: 'federated',
        verdict: 'found',
        reason: 'Each replication has its maximum within the range.',
        factor: { value: 2.1, low: 1.95, high: 2.25 },
        pagesPerSec: { value: 10.2, low: 9.6, high: 10.9 },
        usdPerMillionPagesAtSlo: 34,
        maxima: [2, 2.2].map((factor, replication) => ({
          replication,
          holdsAt: factor - 0.02,
          missedAt: factor + 0.02,
          factor,
          pagesPerSec: 5 * factor,
          usdPerHour: 1.25,
        })),
        knee: { factor: 2.4, pagesPerSec: 11, method: 'Kneedle' },
        binding: MISSED_BINDING,
      },
      {
        ...base,
        name: 'direct',
        architecture: 'direct',
        verdict: 'saturated',
        reason: 'The objectives are missed even at 0.5 times the traffic.',
        factor: null,
        pagesPerSec: null,
        usdPerMillionPagesAtSlo: null,
        maxima: [],
        knee: null,
        binding: null,
      },
    ],
    runs: { made: 60, found: 0, max: null },
    method: 'Bisection on common random numbers.',
  };
}

/** A sweep of two factors on one architecture. */
export function sweepDocument(): SweepDocument {
  const effect = {
    paths: ['services.talent.replicas'],
    effect: -42,
    low: -55,
    high: -29,
    standardised: -1.8,
    isClear: true,
  };
  const unclear = { ...effect, effect: 3, low: -6, high: 12, standardised: 0.1, isClear: false };
  const ends = { lowLevel: 1, highLevel: 4 };
  const estimate = (value: number) => ({ value, low: value - 6, high: value + 6 });
  const load = { atLow: estimate(520), atHigh: estimate(478) };
  return {
    ...PROVENANCE,
    schema: 'backlot.sweep/1',
    digest: 'ef'.repeat(16),
    design: { kind: 'factorial', points: 4, replications: 5, confidence: 0.95 },
    factors: [
      {
        path: 'services.talent.replicas',
        how: 'set',
        levels: [1, 4],
        low: 1,
        high: 4,
        isWhole: true,
      },
      {
        path: 'audience.viewers',
        how: 'scale',
        levels: null,
        low: 0.5,
        high: 2,
        isWhole: false,
      },
    ],
    metrics: [{ name: 'page load p95', unit: 'ms', better: 'lower' }],
    subjects: [
      {
        name: 'federated',
        architecture: 'federated',
        points: [0, 1, 2, 3].map((index) => ({
          name: `federated/${index}`,
          index,
          settings: {
            'services.talent.replicas': index % 2 === 0 ? 1 : 4,
            'audience.viewers': index < 2 ? 0.5 : 2,
          },
          coordinates: {
            'services.talent.replicas': index % 2,
            'audience.viewers': index < 2 ? 0 : 1,
          },
          replications: 5,
          metrics: { 'page load p95': { ...estimate(500 + index), values: [499, null, 501] } },
          verdicts: [],
          digest: '12'.repeat(16),
        })),
        effects: [
          {
            metric: 'page load p95',
            unit: 'ms',
            method: 'contrast',
            explained: null,
            mainEffects: [
              { ...effect, name: 'services.talent.replicas', aliases: [], reason: null },
              { ...unclear, name: 'audience.viewers', aliases: [], reason: null },
            ],
            interactions: [
              {
                ...unclear,
                name: 'services.talent.replicas × audience.viewers',
                aliases: [],
                reason: null,
              },
            ],
            tornado: [
              { ...effect, ...ends, ...load, name: 'services.talent.replicas' },
              { ...unclear, ...load, lowLevel: 0.5, highLevel: 2, name: 'audience.viewers' },
            ],
            levelMeans: [],
            notes: ['Two replications had no page.'],
          },
        ],
        best: {
          metric: 'page load p95',
          point: 'federated/0',
          value: 500,
          indistinguishable: ['federated/1'],
          meetsObjectives: true,
        },
      },
    ],
    isComplete: false,
    stopped: 'budget',
    ledger,
  };
}
