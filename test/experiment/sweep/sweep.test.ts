/** Sweeps of known responses: effects come out as they went in. */
import { describe, expect, it } from 'vitest';
import type { Point } from '../../../src/experiment/campaign/campaign.ts';
import { createCampaign } from '../../../src/experiment/campaign/campaign.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import type { SweepOptions } from '../../../src/experiment/sweep/plan-sweep.ts';
import { sweepOn } from '../../../src/experiment/sweep/sweep.ts';
import type {
  MetricEffects,
  SweepDesign,
  SweepDocument,
} from '../../../src/experiment/sweep/sweep-document.ts';
import { knownCampaign, type Response, roundScenario } from './known-response.ts';

/** 100 + 3·movie + 5·talent + 2·movie·talent, and a wobble that a replication's points share. */
const PRODUCT: Response = (point, replication) => {
  const { movie, talent } = replicasOf(point);
  return 100 + 3 * movie + 5 * talent + 2 * movie * talent + 7 * Math.sin(replication);
};

function replicasOf({ scenario }: Point) {
  const of = (name: string) => scenario.services[name]?.replicas ?? Number.NaN;
  return { movie: of('movie'), production: of('production'), talent: of('talent') };
}

async function swept(
  response: Response,
  options: Partial<SweepOptions> & Pick<SweepOptions, 'vary'>,
  scenario: Scenario = roundScenario(),
): Promise<SweepDocument> {
  const document = await sweepOn(knownCampaign(response), scenario, {
    architectures: ['federated'],
    metrics: ['page load mean'],
    replications: 4,
    ...options,
  });
  if (document === undefined) throw new Error('no document');
  return document;
}

function effectsOf(document: SweepDocument): MetricEffects {
  return document.subjects[0]?.effects[0] as MetricEffects;
}

const MOVIE = 'services.movie.replicas';
const TALENT = 'services.talent.replicas';
const TWO = [`${MOVIE}=1,3`, `${TALENT}=2,6`];

describe('effects', () => {
  it.each(['grid', 'factorial'] as const)(
    'E273: of a %s are those of the response',
    async (design) => {
      const { mainEffects, interactions, levelMeans } = effectsOf(
        await swept(PRODUCT, { vary: TWO, design }),
      );
      // Movie from 1 to 3 at a mean talent of 4: (3 + 2·4)·2; talent likewise (5 + 2·2)·4.
      expect(mainEffects.map(({ effect }) => effect)).toEqual([
        expect.closeTo(22, 9),
        expect.closeTo(36, 9),
      ]);
      // Half of how much the other end changes it: 2·2·(6 − 2) ÷ 2.
      expect(interactions.map(({ effect }) => effect)).toEqual([expect.closeTo(8, 9)]);
      for (const { low, high, isClear } of [...mainEffects, ...interactions]) {
        // The wobble is common to all points: pairing takes it out.
        expect((high ?? 1) - (low ?? 0)).toBeCloseTo(0, 9);
        expect(isClear).toBe(true);
      }
      expect(levelMeans.map(({ levels }) => levels.map(({ level }) => level))).toEqual([
        [1, 3],
        [2, 6],
      ]);
    },
  );

  it('E273: of a grid with more levels are between its ends, with every level told', async () => {
    const { mainEffects, levelMeans, interactions } = effectsOf(
      await swept(PRODUCT, { vary: [`${MOVIE}=1,2,9`, `${TALENT}=2..6`] }),
    );
    expect(mainEffects[0]?.effect).toBeCloseTo((3 + 2 * 4) * 8, 9);
    expect(mainEffects[1]?.effect).toBeCloseTo((5 + 2 * 4) * 4, 9);
    expect(interactions[0]?.effect).toBeCloseTo((2 * 8 * 4) / 2, 9);
    expect(levelMeans[1]?.levels.map(({ level }) => level)).toEqual([2, 4, 6]);
  });

  it('E273: of Plackett–Burman are right where nothing interacts; mixed ones say so', async () => {
    const linear: Response = (point) => {
      const { movie, production, talent } = replicasOf(point);
      return 10 + 4 * movie - 3 * production + 0.5 * talent;
    };
    const document = await swept(linear, {
      vary: [...TWO, 'services.production.replicas=1,2'],
      design: 'plackett-burman',
    });
    expect(document.design.points).toBe(8);
    const { mainEffects, interactions, tornado, notes } = effectsOf(document);
    expect(mainEffects.map(({ effect }) => effect)).toEqual([
      expect.closeTo(8, 9),
      expect.closeTo(2, 9),
      expect.closeTo(-3, 9),
    ]);
    expect(tornado.map(({ name }) => name)).toEqual([
      MOVIE,
      'services.production.replicas',
      TALENT,
    ]);
    const told = [...mainEffects, ...interactions].filter(({ aliases }) => aliases.length > 0);
    expect(told.length > 0).toBe(notes.length > 0);
  });

  it.each(['lhs', 'sobol'] as const)('E274: of %s are the slopes of the plane', async (design) => {
    const plane: Response = (point) => {
      const { movie, talent } = replicasOf(point);
      return 50 + 2 * movie - 6 * talent;
    };
    const { mainEffects, explained, tornado } = effectsOf(
      await swept(plane, { vary: [`${MOVIE}=1..11`, `${TALENT}=1..21`], design, points: 24 }),
    );
    expect(explained).toBeCloseTo(1, 9);
    expect(mainEffects.map(({ effect }) => effect)).toEqual([
      expect.closeTo(20, 6),
      expect.closeTo(-120, 6),
    ]);
    expect(tornado[0]?.name).toBe(TALENT);
    expect((tornado[0]?.atHigh.value ?? 0) - (tornado[0]?.atLow.value ?? 0)).toBeCloseTo(-120, 6);
  });

  it('E274: says where a plane does not fit, and that words have no slope', async () => {
    const bowl: Response = (point) => (replicasOf(point).movie - 11) ** 2;
    const { explained, notes } = effectsOf(
      await swept(bowl, {
        vary: [`${MOVIE}=1..21`, 'services.talent.discipline=fifo,lifo,priority'],
        design: 'lhs',
        points: 30,
      }),
    );
    expect(explained ?? 1).toBeLessThan(0.2);
    expect(notes.join(' ')).toMatch(/a plane explains \d+ %/);
    expect(notes.join(' ')).toContain('services.talent.discipline has no way');
  });

  it('E273: of percentiles are those of all page loads together', async () => {
    // One replication is ten times as slow: a mean of percentiles would be 1,090·k.
    const skewed: Response = (point, replication) =>
      replicasOf(point).movie * (replication === 0 ? 1_000 : 100);
    const document = await swept(skewed, {
      vary: [`${MOVIE}=1,2`],
      metrics: ['page load p95'],
      replications: 30,
    });
    const [one, two] = document.subjects[0]?.points ?? [];
    // 29 of 30 replications are at 200·k: so is the 95th percentile of all.
    expect(one?.metrics['page load p95']?.value).toBeCloseTo(200, 0);
    expect(two?.metrics['page load p95']?.value).toBeCloseTo(400, 0);
    expect(effectsOf(document).mainEffects[0]?.effect).toBeCloseTo(200, 0);
  });
});

describe('points', () => {
  it('E270: scale numbers, distributions and rates, and leave their shapes', async () => {
    const campaign = knownCampaign(() => 1);
    const traffic = {
      kind: 'open' as const,
      rate: [
        { at: 0, perSecond: 1 },
        { at: 1_000_000, perSecond: 3 },
      ],
      pages: { home: 1 },
    };
    await sweepOn(campaign, roundScenario({ traffic }), {
      vary: [
        'services.talent.baseTime*=0.5,2',
        'traffic.rate*=2,4',
        'services.talent.replicas*=1.5,2',
      ],
      architectures: ['direct'],
      replications: 1,
    });
    const [first] = campaign.asked;
    expect(first?.scenario.services['talent']?.baseTime).toEqual({
      kind: 'exponential',
      mean: 5_000,
    });
    expect(first?.scenario.traffic).toMatchObject({ rate: [{ perSecond: 2 }, { perSecond: 6 }] });
    expect(first?.scenario.services['talent']?.replicas).toBe(3);
    expect(new Set(campaign.asked.map(({ name }) => name)).size).toBe(8);
  });

  it.each<SweepDesign>(['grid', 'lhs', 'sobol', 'factorial', 'plackett-burman'])(
    'E272: of a %s are the same each time, whole where they must be',
    async (design) => {
      const options = {
        vary: [`${MOVIE}=1..5`, 'audience.viewers*=0.5..2'],
        design,
        ...(design === 'grid' ? {} : { points: 8 }),
      };
      const [a, b] = [await swept(PRODUCT, options), await swept(PRODUCT, options)];
      expect(JSON.stringify(a)).toBe(JSON.stringify(b));
      const points = a.subjects[0]?.points ?? [];
      expect(points.length).toBe(a.design.points);
      for (const { settings, coordinates } of points) {
        expect(Number.isInteger(settings[MOVIE])).toBe(true);
        for (const share of Object.values(coordinates)) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }
    },
  );

  it('E275: the best is told apart only where pairs tell it apart', async () => {
    const noisy: Response = (point, replication) => {
      const { movie } = replicasOf(point);
      // 1 and 2 differ by noise of their own, 9 is far away.
      return movie === 9 ? 50 : 10 + ((replication * 7 + movie * 3) % 5);
    };
    const document = await swept(noisy, { vary: [`${MOVIE}=1,2,9`], replications: 10 });
    const best = document.subjects[0]?.best;
    expect(best?.indistinguishable).toHaveLength(1);
    expect(best?.indistinguishable).not.toContain('federated/2');
    const most = await swept(PRODUCT, { vary: TWO, metrics: ['pages per second'] });
    expect(most.subjects[0]?.best).toMatchObject({ point: 'federated/3', indistinguishable: [] });
  });

  it('E276: run one by one by their names', async () => {
    const document = await swept(PRODUCT, { vary: TWO, only: 'federated/2' });
    expect(document.subjects[0]?.points.map(({ index }) => index)).toEqual([2]);
    expect(effectsOf(document).notes).toHaveLength(1);
  });
});

describe('a sweep that stops', () => {
  it('E276: keeps what there is, and has no effects of half a design', async () => {
    const campaign = createCampaign({ maxRuns: 0 });
    const nothing = await sweepOn(campaign, roundScenario(), {
      vary: TWO,
      architectures: ['direct'],
    });
    expect(nothing).toBeUndefined();
    await campaign.close();
    const known = knownCampaign(PRODUCT);
    const half = {
      ...known,
      stopped: 'budget' as const,
      samples: async (points: readonly Point[], replications: readonly number[]) => {
        const rows = await known.samples(points, replications);
        return rows.map((row, i) => (i < 2 ? row : row.map(() => undefined)));
      },
    };
    const document = await sweepOn(half, roundScenario(), {
      vary: TWO,
      architectures: ['direct'],
      metrics: ['page load mean'],
    });
    expect(document).toMatchObject({ isComplete: false, stopped: 'budget' });
    expect(document?.subjects[0]?.points.map(({ replications }) => replications)).toEqual([
      5, 5, 0, 0,
    ]);
    expect(effectsOf(document as SweepDocument).mainEffects).toEqual([]);
  });
});
