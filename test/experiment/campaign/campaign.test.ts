/** Campaigns: the same samples whatever makes them, in whichever order they are finished. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Campaign,
  type CampaignOptions,
  createCampaign,
  type Point,
} from '../../../src/experiment/campaign/campaign.ts';
import {
  createJournal,
  type Journal,
  readJournal,
} from '../../../src/experiment/campaign/journal.ts';
import type { RunSample } from '../../../src/experiment/campaign/run-sample.ts';
import { minutes } from '../../../src/kernel/time.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { smallScenario } from '../small-world.ts';

const temporary = temporaryFolder();

/** Every worker loads the sources anew, which is most of what this costs. */
const THREADS = process.env['BACKLOT_LONG'] === '1' ? [1, 2, 3] : [1, 2];

/** Runs of very different length, so that threads finish them out of order. */
const POINTS: readonly Point[] = [12, 1, 6].map((viewers) => ({
  name: `${viewers} viewers`,
  architecture: 'monolith',
  scenario: smallScenario({
    audience: { viewers },
    clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(3), drain: minutes(1) },
  }),
}));

async function withCampaign<T>(
  options: CampaignOptions,
  work: (campaign: Campaign) => Promise<T>,
): Promise<T> {
  const campaign = createCampaign(options);
  try {
    return await work(campaign);
  } finally {
    await campaign.close();
  }
}

describe('a campaign', () => {
  it(`E153: gives the same samples on ${THREADS.join(', ')} threads, in order`, async () => {
    const texts = [];
    for (const threads of THREADS) {
      const samples = await withCampaign({ threads }, (campaign) =>
        campaign.samples(POINTS, [3, 0, 1]),
      );
      expect(namesOf(samples)).toEqual(POINTS.map(({ name }) => [3, 0, 1].map((n) => [name, n])));
      texts.push(JSON.stringify(samples));
    }
    expect(new Set(texts).size).toBe(1);
    const digests = (JSON.parse(texts[0] ?? '') as RunSample[][]).flat().map((s) => s.digest);
    expect(new Set(digests).size).toBe(9);
  });

  it('E154: does not make a sample twice', async () => {
    await withCampaign({ threads: 1 }, async (campaign) => {
      const [first] = await campaign.samples(POINTS.slice(1, 2), [0, 1]);
      const [again] = await campaign.samples(POINTS.slice(1, 2), [1, 2]);
      expect(again?.[0]).toEqual(first?.[1]);
      expect(campaign.counts).toEqual({ made: 3, found: 1 });
    });
  });

  it('E154: takes from its journal what is there, to the bit', async () => {
    const path = join(temporary.fresh(), 'journal.ndjson');
    const asked = POINTS.slice(1);
    const made = await withJournal(path, async (journal) =>
      withCampaign({ threads: 1, journal, maxRuns: 3 }, async (campaign) => {
        const samples = await campaign.samples(asked, [0, 1]);
        expect(campaign.stopped).toBe('budget');
        expect(campaign.missing).toEqual(['6 viewers, replication 1']);
        expect(samples.flat().map((sample) => sample === undefined)).toEqual([
          false,
          false,
          false,
          true,
        ]);
        return samples;
      }),
    );
    const { samples: kept } = readJournal(path);
    const again = await withJournal(
      path,
      (journal) =>
        withCampaign({ threads: 1, journal }, async (campaign) => {
          const samples = await campaign.samples(asked, [0, 1]);
          expect(campaign.counts).toEqual({ made: 1, found: 3 });
          expect(campaign.askedKeys.size).toBe(4);
          return samples;
        }),
      kept,
    );
    expect(again[0]).toEqual(made[0]);
    expect(again[1]?.[0]).toEqual(made[1]?.[0]);
    const whole = await withCampaign({ threads: 1 }, (one) => one.samples(asked, [0, 1]));
    expect(JSON.stringify(again)).toBe(JSON.stringify(whole));
  });

  it('E156: as shards makes every sample once', async () => {
    const whole = await withCampaign({ threads: 1 }, (one) => one.samples(POINTS, [0, 1]));
    const shards: (RunSample | undefined)[][] = [];
    for (const index of [0, 1, 2, 3]) {
      const shard = { index, count: 4 };
      const samples = await withCampaign({ threads: 1, shard }, async (campaign) => {
        const made = await campaign.samples(POINTS, [0, 1]);
        expect(campaign.stopped).toBe('shard');
        return made.flat();
      });
      shards.push(samples);
    }
    const joined = whole.flat().map((_, i) => {
      const found = shards.flatMap((samples) => samples[i] ?? []);
      expect(found.length).toBe(1);
      return found[0];
    });
    expect(joined).toEqual(whole.flat());
  });

  it('E155: drops what is under way when it is interrupted, and begins nothing', async () => {
    const controller = new AbortController();
    const onProgress = (done: number) => {
      if (done === 1) controller.abort('interrupted');
    };
    await withCampaign({ threads: 1, signal: controller.signal, onProgress }, async (campaign) => {
      const [row] = await campaign.samples(POINTS.slice(1, 2), [0, 1, 2]);
      expect(row?.map((sample) => sample?.replication)).toEqual([0, undefined, undefined]);
      expect([campaign.stopped, campaign.counts.made]).toEqual(['interrupted', 1]);
      const [later] = await campaign.samples(POINTS.slice(1, 2), [0, 5]);
      expect(later?.map((sample) => sample?.replication)).toEqual([0, undefined]);
    });
  });

  it('E153: throws the first failure in order, as the run does', async () => {
    const [point] = POINTS;
    if (point === undefined) throw new Error('there are points');
    const limits = { ...point.scenario.limits, maxEvents: 10 };
    const broken = { ...point, scenario: { ...point.scenario, limits } };
    await withCampaign({ threads: 1 }, async (campaign) => {
      await expect(campaign.samples([broken], [0, 1])).rejects.toThrow(
        expect.objectContaining({ code: 'SIM_MAX_EVENTS' }),
      );
    });
  });
});

async function withJournal<T>(
  path: string,
  work: (journal: Journal) => Promise<T>,
  samples?: ReadonlyMap<string, string>,
): Promise<T> {
  const journal = createJournal({ path, campaign: null, ...(samples && { samples }) });
  try {
    return await work(journal);
  } finally {
    journal.close();
  }
}

function namesOf(samples: readonly (readonly (RunSample | undefined)[])[]) {
  return samples.map((row) => row.map((sample) => [sample?.name, sample?.replication]));
}
