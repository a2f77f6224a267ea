/** Commands whose campaigns can be answered from journals: `merge` asks here. One entry a command,
 * named as it names itself in its journals' headers. */
import type { Campaign, CampaignOptions } from '../../experiment/campaign/campaign.ts';
import type { CompareDocument } from '../../experiment/result.ts';
import type { Scenario } from '../../experiment/scenario/schema.ts';
import type { SweepDocument } from '../../experiment/sweep/sweep-document.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { RESULT_RENDERING, type Rendering } from '../publish.ts';
import { type CompareCampaign, compareExit, performCompare } from './compare-command.ts';
import { performSweep, type SweepCampaign, sweepExit } from './sweep-command.ts';

/** What a command's document is, where it is written, and what it ends with. */
export interface Answer<D> {
  readonly fileName: string;
  /** What was run, with its seed. */
  readonly scenario: Scenario;
  readonly campaign: Pick<CampaignOptions, 'files' | 'isAntithetic'>;
  readonly rendering: Rendering<D>;
  readonly perform: (campaign: Campaign) => Promise<D | undefined>;
  readonly exitCode: (document: D) => ExitCode;
}

/** What is done with an answer, whatever its document. */
type Use = <D>(answer: Answer<D>) => Promise<void>;

/** By the command's name. */
const ANSWERS: Readonly<Record<string, (description: never, use: Use) => Promise<void>>> = {
  compare: (description: CompareCampaign, use) => use(answerCompare(description)),
  sweep: (description: SweepCampaign, use) => use(answerSweep(description)),
};

/** Uses the answer to what a journal's header describes.
 * @throws EngineError `JOURNAL_MERGE` for a command that cannot be answered; as `use` does. */
export async function withAnswer(description: unknown, use: Use): Promise<void> {
  const { command = 'unknown' } = description as { readonly command?: string };
  const answer = Object.hasOwn(ANSWERS, command) ? ANSWERS[command] : undefined;
  if (answer !== undefined) return answer(description as never, use);
  const known = Object.keys(ANSWERS).join(', ');
  const problem = `these are journals of "${command}", and only those of ${known} can be merged`;
  throw new EngineError('JOURNAL_MERGE', problem, { problems: [problem] });
}

function answerCompare(description: CompareCampaign): Answer<CompareDocument> {
  const { files, comparison, scenario } = description;
  return {
    fileName: 'compare.json',
    scenario: { ...scenario, seed: comparison.seed ?? scenario.seed },
    campaign: { files, isAntithetic: comparison.isAntithetic },
    rendering: RESULT_RENDERING,
    perform: (campaign) => performCompare(campaign, description),
    exitCode: compareExit,
  };
}

function answerSweep(description: SweepCampaign): Answer<SweepDocument> {
  return {
    fileName: 'sweep.json',
    scenario: description.scenario,
    campaign: { files: description.files },
    rendering: RESULT_RENDERING,
    perform: (campaign) => performSweep(campaign, description),
    exitCode: sweepExit,
  };
}
