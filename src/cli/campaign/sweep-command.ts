/** What `sweep` asks for, as plain data that a journal's header keeps, and how it is answered: by
 * the command itself, and by `merge` from journals. */
import type { Campaign } from '../../experiment/campaign/campaign.ts';
import type { InputFiles } from '../../experiment/run-inputs.ts';
import type { Scenario } from '../../experiment/scenario/schema.ts';
import type { SweepOptions } from '../../experiment/sweep/plan-sweep.ts';
import { sweepOn } from '../../experiment/sweep/sweep.ts';
import type { SweepDocument } from '../../experiment/sweep/sweep-document.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** A sweep as a journal's header has it. */
export interface SweepCampaign {
  readonly command: 'sweep';
  readonly scenario: Scenario;
  readonly files: InputFiles;
  readonly sweep: SweepOptions;
}

/** Answers it on a campaign. @throws EngineError as `sweepOn` does. */
export function performSweep(
  campaign: Campaign,
  { scenario, files, sweep }: SweepCampaign,
): Promise<SweepDocument | undefined> {
  return sweepOn(campaign, scenario, { ...sweep, files });
}

/** The exit code that a sweep's document calls for: a sweep looks for points that miss objectives
 * as much as for those that meet them, so only a subject without any that do is a failure. */
export function sweepExit({ subjects }: SweepDocument): ExitCode {
  const isHopeless = subjects.some(({ points }) =>
    points.every(({ verdicts }) =>
      verdicts.some(({ severity, verdict }) => severity === 'fail' && verdict === 'fail'),
    ),
  );
  return isHopeless ? EXIT.objective : EXIT.ok;
}
