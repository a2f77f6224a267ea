/** Options that all commands with many runs share: budgets, journals, shards, progress. */
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Shard } from '../../experiment/campaign/campaign.ts';
import { parseCount } from '../options.ts';
import { PROGRESS_MODES, type ProgressMode } from './progress.ts';

/** What {@link addCampaignOptions} adds. */
export interface CampaignCommandOptions {
  readonly maxRuns: number | undefined;
  /** Milliseconds. */
  readonly timeLimit: number | undefined;
  /** A directory with a journal. */
  readonly resume: string | undefined;
  readonly fresh: boolean | undefined;
  readonly shard: Shard | undefined;
  readonly progress: ProgressMode;
}

const MS_BY_UNIT: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** The longest that a timer can wait, ms. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Adds the options. @param canShard - Whether `--shard` is among those that help lists; a search
 * that asks for one run after the other refuses it with the reason. */
export function addCampaignOptions(command: Command, canShard = true): Command {
  return command
    .option('--max-runs <number>', 'runs that are made at most, then exit code 7', parseCount)
    .option('--time-limit <time>', 'like 90s, 10m or 2h, then exit code 7', parseTimeLimit)
    .option('--resume <directory>', 'go on from the journal of an earlier, unfinished campaign')
    .option('--fresh', 'make every sample anew, whatever a journal in the way holds')
    .addOption(
      new Option('--shard <i/n>', 'make only the i-th of n shares, for `backlot merge`')
        .argParser(parseShard)
        .hideHelp(!canShard),
    )
    .addOption(
      new Option('--progress <how>', 'one line that changes, plain lines, or none')
        .choices([...PROGRESS_MODES])
        .default('auto'),
    );
}

/** Shares of eight are `0/8` … `7/8`, as an indexed Kubernetes Job counts.
 * @throws InvalidArgumentError */
export function parseShard(text: string): Shard {
  const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const [index, count] = [Number(i), Number(n)];
  if (i !== undefined && count >= 1 && index < count) return { index, count };
  throw new InvalidArgumentError(
    `"${text}" is no share i/n with i from 0 to n - 1, like 0/8, as JOB_COMPLETION_INDEX counts`,
  );
}

function parseTimeLimit(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smh])$/.exec(text) ?? [];
  const ms = Number(amount) * (MS_BY_UNIT[unit] ?? Number.NaN);
  if (ms > 0 && ms <= TIMER_MAX_MS) return ms;
  throw new InvalidArgumentError(`"${text}" is no time like 90s, 10m or 2h, up to 24 days`);
}

/** Where a campaign's result appears: where it was told, where it goes on, or the usual place. */
export function campaignTarget(
  command: string,
  { name, seed }: { readonly name: string; readonly seed: number },
  options: CampaignCommandOptions & { readonly out: string | undefined },
): string {
  const { out, resume, shard } = options;
  const suffix = shard === undefined ? '' : `-${shard.index}-of-${shard.count}`;
  return out ?? resume ?? join('backlot-runs', `${name}-${seed}-${command}${suffix}`);
}
