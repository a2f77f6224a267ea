/** Comparisons of made-up samples whose truth is known. Bounds are such that a right procedure
 * breaks them in fewer than one of ten thousand seeds; the seeds are fixed. */
import { describe, expect, it } from 'vitest';
import { type ComparisonOptions, compareOn } from '../../../src/experiment/compare/compare.ts';
import type { CompareDocument } from '../../../src/experiment/result.ts';
import { smallScenario } from '../small-world.ts';
import { type SyntheticOptions, syntheticCampaign } from './synthetic-campaign.ts';

const MEDIANS: Readonly<Record<string, number>> = {
  monolith: 100,
  direct: 300,
  aggregation: 102,
  federated: 110,
};
const MADE: SyntheticOptions = { medianMs: (name) => MEDIANS[name] ?? 0 };
const scenario = smallScenario({ audience: { viewers: 100 } });
const P95 = 'page load p95';
const TWO = { architectures: ['aggregation', 'federated'] } as const;

async function compared(
  options: ComparisonOptions,
  made: Partial<SyntheticOptions> = {},
): Promise<CompareDocument> {
  const campaign = syntheticCampaign({ ...MADE, ...made });
  const document = await compareOn(campaign, scenario, options);
  if (document === undefined) throw new Error('too few replications for a document');
  return document;
}

describe('estimates', () => {
  it('E157: a percentile is that of all page loads, no mean of percentiles', async () => {
    // Nine replications with few slow pages weigh little; averaged percentiles would count alike.
    const { architectures } = await compared(
      { ...TWO, replications: 10 },
      { pages: (replication) => (replication === 0 ? 8_000 : 20), spread: 0.9 },
    );
    const [first] = architectures;
    const found = first?.metrics[P95];
    const values = found?.values ?? [];
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(values.length).toBe(10);
    expect(found?.value).not.toBeCloseTo(average, 0);
    expect(Math.abs((found?.value ?? 0) / (values[0] ?? 1) - 1)).toBeLessThan(0.05);
    expect(Math.abs(average / (values[0] ?? 1) - 1)).toBeGreaterThan(0.1);
    expect(found?.method).toContain('all page loads together');
  });

  it('E157: leaves out what cannot be pooled, and what some do not have', async () => {
    const { architectures } = await compared({ ...TWO, replications: 3 });
    const names = Object.keys(architectures[0]?.metrics ?? {});
    expect(names).toContain('page load mean');
    expect(names).not.toContain('freshness p99');
    expect(names).not.toContain('cost per hour');
  });
});

describe('the stopping rule', () => {
  it('E158: adds replications until every subject is precise, and says so', async () => {
    const { stopping, replications, architectures } = await compared({ precision: 0.03 });
    expect(stopping).toMatchObject({ rule: 'precision', decision: 'reached', stopped: null });
    expect(stopping.lines.map(({ subject }) => subject)).toEqual(Object.keys(MEDIANS));
    for (const line of stopping.lines) {
      expect(line.confidence).toBeCloseTo(1 - 0.05 / 4, 12);
      expect(line.relativeHalfWidth).toBeLessThanOrEqual(0.03 / 1.03);
    }
    expect(replications).toBeGreaterThan(5);
    const lengths = architectures.map(({ metrics }) => metrics[P95]?.values.length ?? 0);
    expect(lengths).toEqual(stopping.lines.map((line) => line.replications));
    expect(Math.max(...lengths)).toBe(replications);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(5);
    expect(stopping.replications).toEqual(Array.from({ length: replications }, (_, n) => n));
  });

  it('E158: what a replication has nothing of cannot be reached', async () => {
    const blank = (isBlank: (replication: number) => boolean): Partial<SyntheticOptions> => ({
      alter: (sample) => {
        if (sample.name !== 'federated' || !isBlank(sample.replication)) return sample;
        const names = ['mean', 'p50', 'p95', 'p99'].map((name) => `page load ${name}`);
        const nothing = Object.fromEntries(names.map((name) => [name, null]));
        const metrics = { ...sample.metrics, ...nothing };
        return { ...sample, metrics, pageLoadTimeUs: { values: [], counts: [] } };
      },
    });
    const options = {
      ...TWO,
      precision: 0.05,
      metrics: ['page load mean', P95],
      selection: { indifference: 0.01, confidence: 0.95 },
    };
    for (const isBlank of [(n: number) => n === 2, () => true]) {
      const { stopping, selection, architectures } = await compared(options, blank(isBlank));
      expect(stopping.decision).toBe('cannot');
      expect(stopping.replications.length).toBeLessThan(40);
      expect(selection).toBeNull();
      const lost = stopping.lines.filter(({ subject }) => subject === 'federated');
      expect(lost.map(({ state }) => state)).toEqual(['cannot', 'cannot']);
      expect(lost[0]?.reason).toMatch(/have no page load mean: nothing was measured there$/);
      expect(architectures[0]?.metrics[P95]).toBeUndefined();
    }
  });

  it('E158: tells what is not reached at the cap, and how many more would do', async () => {
    const { stopping } = await compared({ precision: 0.001, maxReplications: 9 });
    expect(stopping).toMatchObject({ decision: 'cap', maxReplications: 9 });
    expect(stopping.replications.length).toBe(9);
    expect(stopping.moreReplications).toBeGreaterThan(100);
    expect(stopping.lines.every(({ state }) => state === 'not reached')).toBe(true);
  });

  it('E158: says what no number of replications would make precise', async () => {
    const { stopping } = await compared({ precision: 0.02, metrics: ['error share'] });
    expect(stopping.decision).toBe('cannot');
    expect(stopping.lines[0]?.reason).toContain('is 0');
  });

  it('E155: stopped by a budget, is made of complete replications and says which', async () => {
    const { stopping, replications } = await compared({ precision: 0.001 }, { maxRuns: 30 });
    expect(stopping).toMatchObject({ decision: 'stopped', stopped: 'budget' });
    expect(stopping.replications).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(replications).toBe(7);
  });

  it('E155: has no document of one replication', async () => {
    const campaign = syntheticCampaign({ ...MADE, maxRuns: 7 });
    expect(await compareOn(campaign, scenario, { replications: 10 })).toBeUndefined();
  });

  it.each<[string, ComparisonOptions, RegExp]>([
    ['an unknown metric', { metrics: ['page load p96'] }, /did you mean "page load p9\d"/],
    ['a precision of 200 %', { precision: 2 }, /between 0 and 1/],
    ['a cap below the least', { precision: 0.1, maxReplications: 3 }, /at least 5/],
    ['one replication', { replications: 1 }, /at least 2/],
  ])('E7: refuses %s before the first run', async (_, options, message) => {
    await expect(compared(options)).rejects.toThrow(message);
  });
});

describe('pairs', () => {
  it('E159: pair on common random numbers, with the variance that it saved', async () => {
    const { differences } = await compared({ replications: 12 });
    expect(differences.length).toBe(6 * 4);
    const near = differences.find(
      ({ a, b, metric }) => a === 'aggregation' && b === 'federated' && metric === 'page load mean',
    );
    expect(near).toMatchObject({ method: 'paired', verdict: 'different', pairing: 'paired' });
    expect(near?.varianceReduction).toBeGreaterThan(50);
    // 10 % of 102 ms in the median is about 12 ms in the mean.
    expect(near?.difference.value).toBeGreaterThan(10);
    expect(near?.difference.value).toBeLessThan(14);
    const { low, high } = near?.adjusted ?? {};
    expect((high ?? 0) - (low ?? 0)).toBeGreaterThan(
      (near?.difference.high ?? 0) - (near?.difference.low ?? 0),
    );
  });

  it('E166: out of step by one replication are told as lost, and fall back to Welch', async () => {
    const made = { pages: () => 100 };
    const aligned = await compared({ ...TWO, replications: 40 }, made);
    const shifted = await compared(
      { ...TWO, replications: 40 },
      { ...made, shift: (name) => (name === 'federated' ? 1 : 0) },
    );
    const of = (document: CompareDocument) =>
      document.differences.find(({ metric }) => metric === 'page load mean');
    expect(of(aligned)?.pairing).toBe('paired');
    expect(of(aligned)?.varianceReduction).toBeGreaterThan(50);
    expect(of(shifted)?.pairing).toBe('lost');
    expect(of(shifted)?.varianceReduction).toBeLessThan(2);
    // Every other figure is as plausible as before: only the pairing tells.
    expect(of(shifted)?.difference.value).toBeCloseTo(of(aligned)?.difference.value ?? 0, -1);
  });
});

describe('the selection of the best', () => {
  it('E160: selects the fastest, and states with what probability', async () => {
    const { selection, stopping } = await compared({
      replications: 10,
      maxReplications: 60,
      metrics: ['page load mean'],
      selection: { indifference: 0.01, confidence: 0.95 },
    });
    expect(selection).toMatchObject({ selected: 'monolith', better: 'smaller', confidence: 0.95 });
    expect(selection?.eliminated.map(({ subject }) => subject)).toContain('direct');
    expect(selection?.text).toContain('probability 0.95');
    expect(stopping.replications.length).toBeLessThanOrEqual(60);
  });

  it('E160: goes on until somebody is selected, also where a number was asked for', async () => {
    const options: ComparisonOptions = {
      ...TWO,
      replications: 5,
      maxReplications: 200,
      metrics: ['page load mean'],
      selection: { indifference: 0.05, confidence: 0.95 },
    };
    const outOfStep = { shift: (name: string) => (name === 'federated' ? 1_000 : 0), spread: 0.2 };
    const { selection, stopping } = await compared(options, outOfStep);
    expect(selection?.selected).toBe('aggregation');
    expect(stopping.replications.length).toBeGreaterThan(5);
    expect(stopping.replications.length).toBeLessThan(200);
  });

  it('E160: takes the larger where that is better', async () => {
    const { selection } = await compared({
      replications: 6,
      metrics: ['pages per second'],
      selection: { indifference: 0.01, confidence: 0.9 },
    });
    expect(selection).toMatchObject({ selected: 'monolith', better: 'larger' });
  });
});

describe('variance reduction', () => {
  it('E151, E161: an antithetic pair is one observation, and its effect disclosed', async () => {
    const options = { ...TWO, replications: 20 };
    const plain = await compared(options);
    const pairs = await compared({ ...options, isAntithetic: true }, { isAntithetic: true });
    expect(plain.varianceReduction).toEqual({ isAntithetic: false, controls: [], achieved: [] });
    expect(pairs.stopping).toMatchObject({ observations: 10 });
    expect(pairs.replications).toBe(20);
    const mean = pairs.architectures[0]?.metrics['page load mean'];
    expect(mean?.values.length).toBe(10);
    const achieved = pairs.varianceReduction.achieved.find(
      ({ metric }) => metric === 'page load mean',
    );
    expect(achieved?.varianceRatio).toBeGreaterThan(5);
    expect(widthOf(mean)).toBeLessThan(widthOf(plain.architectures[0]?.metrics['page load mean']));
  });

  it('E161: controls with known means narrow what follows them', async () => {
    const options = { ...TWO, replications: 20 };
    const plain = await compared(options);
    const controlled = await compared({ ...options, hasControls: true });
    const mean = 'page load mean';
    expect(controlled.varianceReduction.controls).toEqual([
      { name: 'viewers that arrive', mean: 100 },
    ]);
    expect(controlled.architectures[0]?.metrics[mean]?.method).toContain('viewers that arrive');
    expect(widthOf(controlled.architectures[0]?.metrics[mean])).toBeLessThan(
      widthOf(plain.architectures[0]?.metrics[mean]) * 0.7,
    );
  });
});

describe('a baseline', () => {
  const options = { ...TWO, replications: 8 };

  it('E162: is kept by the same, and by what is worse within the tolerance', async () => {
    const document = await compared(options);
    const same = await compared({ ...options, baseline: { document, tolerance: 0 } });
    expect(same.baseline?.lines.length).toBe(2 * 4);
    expect(same.baseline?.lines.every(({ verdict }) => verdict === 'no regression shown')).toBe(
      true,
    );
    const slower = { medianMs: (name: string) => (MEDIANS[name] ?? 0) * 1.02 };
    const within = await compared({ ...options, baseline: { document, tolerance: 0.05 } }, slower);
    expect(verdictsOf(within)).toEqual(['no regression shown']);
    const beyond = await compared({ ...options, baseline: { document, tolerance: 0.01 } }, slower);
    expect(verdictsOf(beyond)).toEqual(['regression']);
    const faster = await compared(
      { ...options, baseline: { document, tolerance: 0 } },
      { medianMs: (name) => (MEDIANS[name] ?? 0) * 0.9 },
    );
    expect(verdictsOf(faster)).toEqual(['improvement']);
  });

  it('E162: of another seed is no pair, and of other subjects is told', async () => {
    const document = await compared({ replications: 8, seed: 7 });
    const { baseline } = await compared({ ...options, baseline: { document, tolerance: 0 } });
    expect(baseline?.lines.every(({ method }) => method === 'welch')).toBe(true);
    expect(baseline?.unmatched).toEqual(['monolith', 'direct']);
  });
});

it('E163: tells which replication breaks a law or a ledger', async () => {
  const law = { left: 2, right: 1, holds: false };
  const { broken } = await compared(
    { ...TWO, replications: 2 },
    {
      alter: (sample) =>
        sample.replication === 1 && sample.name === 'federated'
          ? {
              ...sample,
              ledger: { ...sample.ledger, events: { ...sample.ledger.events, residual: 3 } },
              stations: [
                {
                  station: 'talent',
                  model: 'M/M/1',
                  serverCount: 1,
                  arrivalRatePerSec: 1,
                  utilization: 1,
                  meanInSystem: 2,
                  meanWaitMs: 1,
                  meanSojournMs: 1,
                  littlesLaw: law,
                  flow: { ...law, holds: true },
                  measured: { fromUs: 0, toUs: 1 },
                  note: null,
                  utilizationLaw: { ...law, holds: true },
                  theory: null,
                },
              ],
            }
          : sample,
    },
  );
  expect(broken).toEqual([
    'federated, replication 1: the ledger of events has a residual of 3',
    'federated, replication 1: talent: L = 2, λ·W = 1',
  ]);
});

function widthOf(found: { low: number | null; high: number | null } | undefined): number {
  return (found?.high ?? 0) - (found?.low ?? 0);
}

function verdictsOf({ baseline }: CompareDocument): readonly string[] {
  return [...new Set(baseline?.lines.map(({ verdict }) => verdict))];
}
