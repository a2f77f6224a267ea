/** The document of merged journals: the command's answer from samples that are there already. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createCampaign } from '../../experiment/campaign/campaign.ts';
import { createJournal } from '../../experiment/campaign/journal.ts';
import { JOURNAL_FILE } from '../../experiment/campaign/journal-place.ts';
import { type MergedJournals, mergeRefused } from '../../experiment/campaign/merge-journals.ts';
import { writeScenario } from '../../experiment/reproduce/bundle.ts';
import { decisiveExit } from '../exit-codes.ts';
import { type PublishOptions, publishWork } from '../publish.ts';
import type { Answer } from './answers.ts';

/** Publishes it.
 * @throws EngineError `JOURNAL_MERGE` with everything that is missing; as the answer does. */
export async function publishMerged<D>(
  merged: MergedJournals,
  answer: Answer<D>,
  options: Omit<PublishOptions, 'fileName'>,
): Promise<void> {
  const { fileName, rendering, scenario } = answer;
  const { terminal } = options;
  const perform = async (directory: string) => {
    const path = join(directory, JOURNAL_FILE);
    const journal = createJournal({ ...merged, path: `${path}.all` });
    const campaign = createCampaign({ ...answer.campaign, journal, maxRuns: 0 });
    try {
      const document = await answer.perform(campaign);
      if (campaign.missing.length > 0) throw mergeRefused(campaign.missing.map(missing));
      journal.writeTo(path, campaign.askedKeys);
      writeScenario(directory, scenario);
      if (document !== undefined) terminal.exitCode = decisiveExit([answer.exitCode(document)]);
      return document;
    } finally {
      await campaign.close();
      journal.close();
      rmSync(`${path}.all`, { force: true });
    }
  };
  await publishWork({ ...options, fileName }, { rendering, perform, isStoppable: false });
}

function missing(sample: string): string {
  return `missing: ${sample} (was its shard run to the end, and named here?)`;
}
