/** Real runs: a sweep on two shards, merged, is the sweep of the whole. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCampaign } from '../../../src/experiment/campaign/campaign.ts';
import { createJournal } from '../../../src/experiment/campaign/journal.ts';
import { JOURNAL_FILE } from '../../../src/experiment/campaign/journal-place.ts';
import { mergeJournals } from '../../../src/experiment/campaign/merge-journals.ts';
import { sweepOn } from '../../../src/experiment/sweep/sweep.ts';
import { minutes } from '../../../src/kernel/time.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { smallScenario } from '../small-world.ts';

/** Threads are `campaign.test.ts`'s subject; here they are held to each other in the long run. */
const IS_LONG = process.env['BACKLOT_LONG'] === '1';

const SWEEP = {
  vary: ['services.movie.baseTime*=1,8', 'services.talent.replicas=1,2'],
  architectures: ['monolith', 'federated'] as const,
  metrics: ['page load mean', 'page load p95'],
  replications: 2,
};

const CLOCK = { start: '2026-11-20T20:00:00-05:00', duration: minutes(3), drain: minutes(1) };
const scenario = smallScenario({ audience: { viewers: 8 }, clock: CLOCK });
const folder = temporaryFolder();

async function shard(index: number): Promise<string> {
  const directory = folder.fresh();
  const journal = createJournal({ path: join(directory, JOURNAL_FILE), campaign: 'sweep' });
  const campaign = createCampaign({ journal, shard: { index, count: 2 }, threads: 1 });
  const document = await sweepOn(campaign, scenario, SWEEP);
  expect(document).toBeUndefined();
  expect(campaign.counts.made).toBe(8);
  await campaign.close();
  journal.close();
  return directory;
}

describe('shards', () => {
  it('E276: merged are the whole, to the byte, and nothing is run again', async () => {
    const whole = createCampaign({ threads: IS_LONG ? 2 : 1 });
    const expected = await sweepOn(whole, scenario, SWEEP);
    await whole.close();
    expect(whole.counts.made).toBe(16);
    expect(expected?.isComplete).toBe(true);
    const slower = expected?.subjects.map(({ effects }) => effects[0]?.mainEffects[0]?.effect);
    for (const effect of slower ?? []) expect(effect ?? 0).toBeGreaterThan(5);

    const merged = mergeJournals([await shard(0), await shard(1)]);
    const journal = createJournal({ ...merged, path: folder.path(JOURNAL_FILE) });
    const campaign = createCampaign({ journal, maxRuns: 0 });
    const document = await sweepOn(campaign, scenario, SWEEP);
    expect(campaign.counts).toEqual({ made: 0, found: 16 });
    expect(JSON.stringify(document)).toBe(JSON.stringify(expected));
    await campaign.close();
    journal.close();
  });
});
