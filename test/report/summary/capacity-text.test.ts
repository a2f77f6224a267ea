/** Summaries of `plan` and `load` as people read them. */
import { describe, expect, it } from 'vitest';
import type { LoadDocument } from '../../../src/experiment/capacity/documents/load-document.ts';
import type {
  BindingConstraint,
  PlanDocument,
} from '../../../src/experiment/capacity/documents/plan-document.ts';
import { capacityText } from '../../../src/report/summary/capacity-text.ts';

const PROVENANCE = {
  backlot: '0.1.0',
  node: 'v24',
  scenario: 'premiere',
  question: 'How many?',
  seed: 4,
  startUtc: '2026-11-20T20:00:00.000Z',
  virtualHours: 1,
  catalogue: 'built-in',
  arrivals: 'scenario',
  replayCommand: 'npx backlot plan',
};
const BINDING: BindingConstraint = {
  objective: 'p99(page.load) < 450ms',
  situation: 'zone 1 lost',
  margin: 0.04,
  value: 432_000,
  limit: 450_000,
  unit: 'ms',
  atUs: 1_301_000_000,
  station: 'talent',
  stationUtilization: 0.93,
  stationWaitMs: 12,
};
const COMMON = {
  ...PROVENANCE,
  digest: 'abc',
  confidence: 0.95,
  objectives: [BINDING.objective],
  objectivesLeftOut: [],
  runs: { made: 90, found: 2, max: null },
  method: '',
};
const DEMAND = { viewers: 10, test: null };
const PATH = 'services.talent.replicas';

const PLAN: PlanDocument = {
  ...COMMON,
  schema: 'backlot.plan/1',
  survive: 'zone',
  situations: ['zone 1 lost', 'all zones'],
  peak: { fromUs: 60_000_000, toUs: 120_000_000 },
  verdict: 'met',
  reason: '',
  recommended: 'federated',
  plans: [
    {
      name: 'federated',
      architecture: 'federated',
      demand: DEMAND,
      verdict: 'met',
      reason: '',
      numbers: [
        {
          path: PATH,
          station: 'talent',
          min: 1,
          max: 20,
          step: 1,
          start: 6,
          chosen: 5,
          leastRegret: 6,
          usdPerHourPerStep: 0.1,
        },
      ],
      inactive: [],
      fleet: { [PATH]: 5 },
      usdPerHour: 0.5,
      bestFound: null,
      bestFoundUsdPerHour: null,
      squareRootUsdPerHour: 0.6,
      verdicts: [],
      confirmedReplications: 12,
      binding: BINDING,
      excuses: [
        {
          fleet: { [PATH]: 4 },
          usdPerHour: 0.4,
          rejectedBy: 'failed',
          replications: 6,
          missedReplications: 4,
          missed: { ...BINDING, margin: -0.2 },
          isNeighbour: true,
        },
      ],
      isMinimumVerified: true,
      regret: {
        demand: [{ factor: 1, probability: 1 }],
        formula: 'Σ',
        rows: [
          {
            factor: 1,
            fleet: { [PATH]: 6 },
            usdPerHour: 0.6,
            regret: 1,
            spendRegret: 1,
            memoryRegret: 0,
          },
        ],
        least: 0,
        unmet: [],
      },
      headroom: {
        factor: { value: 1.19, low: 1.15, high: 1.22 },
        pagesPerSec: null,
        replications: 5,
        factorMax: 4,
        isAtLeast: false,
        toleranceShare: 0.03,
        binding: BINDING,
      },
      staffing: [],
      counts: {
        fleets: 9,
        inferred: 3,
        rejected: { screened: 1, failed: 2, margin: 1, confirmation: 0 },
      },
    },
  ],
  simulated: [],
};

const LOAD: LoadDocument = {
  ...COMMON,
  schema: 'backlot.load/1',
  replications: 6,
  range: { from: 0.5, to: 4 },
  toleranceShare: 0.019,
  bisections: 4,
  verdict: 'found',
  reason: '',
  loads: [
    {
      name: 'federated',
      architecture: 'federated',
      demand: DEMAND,
      verdict: 'found',
      reason: '',
      factor: { value: 1.8, low: 1.7, high: 1.9 },
      pagesPerSec: { value: 72, low: 68, high: 76 },
      usdPerMillionPagesAtSlo: 34,
      maxima: [],
      curve: [
        {
          factor: 0.5,
          offeredPerSec: 20,
          pagesPerSec: { value: 20, low: 19, high: 21 },
          p50Ms: 90,
          p95Ms: 200,
          p99Ms: 300,
          errorShare: 0,
          heldReplications: 6,
          busiestStation: 'talent',
          busiestUtilization: 0.3,
        },
      ],
      knee: null,
      binding: { ...BINDING, margin: -0.01 },
    },
  ],
};

describe('the summary of a plan', () => {
  const text = capacityText(PLAN, { color: false, width: 100 });

  it('E218: says fleet, cost, what binds, why less does not do, regret and headroom', () => {
    const flat = text.replaceAll(/\s+/g, ' ');
    for (const words of [
      'cheapest fleet found: talent 5, $0.500/h (−17 % vs square-root staffing)',
      '9 fleets simulated, 3 told by others',
      'binding: talent (93 % busy, waits 12 ms), zone 1 lost, worst at 0:21:41',
      'rejected: talent 5 → 4 fails, missed in 4 of 6',
      'least regret over demand × 1: talent 6',
      'headroom to the first breach: +19 % traffic [+15 %, +22 %]',
      'A zone is lost from 0:01:00 to 0:02:00',
    ]) {
      expect(flat).toContain(words);
    }
  });

  it('E218: fits the terminal, and has no colour where none is wanted', () => {
    expect(text.split('\n').every((line) => [...line].length <= 100)).toBe(true);
    expect(text).not.toContain('\u001b');
    expect(capacityText(PLAN, { color: true, width: 80 })).toContain('\u001b[1m');
  });

  it('E218: tells the room of what was not shown to pass, and no miss of nothing', () => {
    const open = PLAN.plans.map((plan) => ({
      ...plan,
      excuses: plan.excuses.map((one) => ({
        ...one,
        rejectedBy: 'margin' as const,
        missed: { ...BINDING, margin: 0.25 },
      })),
    }));
    const text = capacityText({ ...PLAN, plans: open }, { color: false, width: 100 });
    expect(text).toContain('25 % of room');
    expect(text).not.toContain('by 0 %');
  });

  it('E208: says in large letters what did not work', () => {
    const [plan] = PLAN.plans;
    const impossible: PlanDocument = {
      ...PLAN,
      verdict: 'impossible',
      reason: 'the largest fleet misses',
      recommended: null,
      plans:
        plan === undefined
          ? []
          : [{ ...plan, verdict: 'impossible', fleet: null, usdPerHour: null }],
    };
    const told = capacityText(impossible, { color: false, width: 100 });
    expect(told).toContain('IMPOSSIBLE: the largest fleet misses');
    expect(told).toContain('no fleet found');
  });
});

describe('the summary of a load test', () => {
  it('E221: says the most traffic with its interval, what binds, and the ramp', () => {
    const text = capacityText(LOAD, { color: false, width: 100 });
    expect(text).toContain('bears 72 [68, 76] pages a second');
    expect(text).toContain('missed by 1');
    expect(text).toMatch(/× 0\.500 .* talent 30/);
  });

  it('E222: says which side of the range it is on', () => {
    const loads = LOAD.loads.map((load) => ({
      ...load,
      verdict: 'saturated' as const,
      reason: 'missed even at 0.5 ×',
      factor: null,
      pagesPerSec: null,
    }));
    const document = { ...LOAD, verdict: 'saturated' as const, reason: 'missed', loads };
    expect(capacityText(document, { color: false, width: 100 })).toContain(
      'SATURATED between × 0.5 and × 4',
    );
  });
});
