/** What commands with many runs have in common: a journal, budgets, interruptions, progress, and
 * a directory that is published with whatever there is. */
import { join } from 'node:path';
import {
  type Campaign,
  type CampaignOptions,
  createCampaign,
} from '../../experiment/campaign/campaign.ts';
import { JOURNAL_FILE, placeJournal } from '../../experiment/campaign/journal-place.ts';
import { writeScenario } from '../../experiment/reproduce/bundle.ts';
import type { Scenario } from '../../experiment/scenario/schema.ts';
import { plural } from '../../report/numbers.ts';
import { decisiveExit, EXIT } from '../exit-codes.ts';
import { type PublishOptions, publishWork, type Rendering } from '../publish.ts';
import type { Terminal } from '../terminal.ts';
import type { CampaignCommandOptions } from './campaign-options.ts';
import { createProgress, type Progress } from './progress.ts';

/** A command's campaign. */
export interface CampaignCommand<D> {
  readonly publish: PublishOptions;
  readonly options: CampaignCommandOptions;
  /** Threads, files, interpreter and antithetic draws. */
  readonly campaign: Pick<CampaignOptions, 'threads' | 'files' | 'interpreter' | 'isAntithetic'>;
  /** As it is run, seed included: it lies beside the document, which can then be verified. */
  readonly scenario: Scenario;
  /** What asks for the samples, as plain data, for `merge`. */
  readonly description: unknown;
  readonly rendering: Rendering<D>;
  /** Makes the document, or none where the samples do not bear one. */
  readonly perform: (campaign: Campaign, progress: Progress) => Promise<D | undefined>;
}

/** Runs a command's campaign to its end, whichever that is, and sets the exit codes of budgets and
 * interruptions. @throws EngineError as journals, runs and outputs do. */
export async function runCampaign<D>(command: CampaignCommand<D>): Promise<void> {
  const { publish, options, rendering } = command;
  const { terminal, target } = publish;
  const limit = createTimeLimit(options.timeLimit);
  let removeJournal = () => {};
  const progress = createProgress({
    mode: options.progress,
    terminal,
    now: () => performance.now(),
  });
  try {
    await publishWork(publish, {
      rendering,
      isStoppable: true,
      onPublished: () => removeJournal(),
      perform: async (directory, interruption) => {
        const placed = placeJournal({
          target,
          campaign: command.description,
          isFresh: options.fresh === true,
          resume: options.resume,
        });
        removeJournal = placed.remove;
        const { journal, left } = placed;
        tellWhatWasLeft(left, terminal);
        const campaign = createCampaign({
          ...command.campaign,
          journal,
          shard: options.shard,
          maxRuns: options.maxRuns,
          signal: AbortSignal.any([interruption, limit.signal]),
          onProgress: progress.runs,
        });
        try {
          const document = await command.perform(campaign, progress);
          writeScenario(directory, command.scenario);
          journal.writeTo(join(directory, JOURNAL_FILE), campaign.askedKeys);
          tellHowItEnded(campaign, { ...publish, document });
          return document;
        } finally {
          await campaign.close();
          journal.close();
          // A failure before the first sample leaves nothing behind.
          if (journal.size === 0) placed.remove();
        }
      },
    });
  } finally {
    limit.clear();
  }
}

function createTimeLimit(ms: number | undefined): {
  readonly signal: AbortSignal;
  readonly clear: () => void;
} {
  const controller = new AbortController();
  const timer = ms === undefined ? undefined : setTimeout(() => controller.abort('budget'), ms);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function tellWhatWasLeft(
  left: ReturnType<typeof placeJournal>['left'],
  { complain }: Terminal,
): void {
  if (left.tornBytes > 0) {
    complain(`The journal's last line was cut off (${left.tornBytes} bytes): it is made anew`);
  }
  for (const reason of left.passedOver) complain(`Passed over: ${reason.replaceAll('\n', ' ')}`);
  if (left.samples > 0) {
    complain(`${samplesAre(left.samples)} in the journal of before (--fresh makes them anew)`);
  }
}

function tellHowItEnded(
  { stopped, counts, missing }: Campaign,
  { terminal, target, document }: PublishOptions & { readonly document: unknown },
): void {
  if (stopped === undefined) return;
  terminal.endProgress();
  const found = stopped === 'budget' ? EXIT.budget : EXIT.interrupted;
  // What the samples that there are show, a missed objective say, outweighs the budget.
  if (stopped !== 'shard') terminal.exitCode = decisiveExit([terminal.exitCode, found]);
  const there = counts.made + counts.found;
  if (stopped === 'shard') {
    const others = `${samplesAre(missing.length)} for other shards`;
    const here = `${plural(there, 'sample')} in ${target}`;
    terminal.complain(`${here}; ${others}: join all by \`backlot merge\``);
    return;
  }
  const why = stopped === 'budget' ? 'The budget is used up' : 'Interrupted';
  const what = document === undefined ? ', too few for a result' : '';
  const next = `go on with the same command and --resume ${target}`;
  terminal.complain(`${why}: ${samplesAre(there)} kept${what}; ${next}`);
}

function samplesAre(count: number): string {
  return `${plural(count, 'sample')} ${count === 1 ? 'is' : 'are'}`;
}
