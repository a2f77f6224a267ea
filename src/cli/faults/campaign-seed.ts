/** The seed of a campaign. In CI it is the commit, so that every commit looks elsewhere and yet
 * anybody can look at the same place again, without a log. Source: TigerBeetle's VOPR. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EngineError } from '../../kernel/errors.ts';
import { hashText } from '../../kernel/hash.ts';

/** A seed, and the commit that it was made of. */
export interface CampaignSeed {
  readonly seed: number;
  readonly commit: string | null;
}

const DEFAULT_SEED = 1;
const SEEDS = 2 ** 32;
const SHORTEST_HASH = 7;
/** Where CI systems say what they build: GitHub, GitLab. */
const CI_COMMITS = ['GITHUB_SHA', 'CI_COMMIT_SHA'] as const;

/** The seed that was asked for: a number, a commit hash, `commit` for the one that is checked out;
 * by default the commit that CI builds, or 1. @throws EngineError `CLI_USAGE`. */
export async function campaignSeed(
  asked: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<CampaignSeed> {
  const built = CI_COMMITS.map((name) => environment[name]).find((one) => (one ?? '') !== '');
  if (asked === undefined) {
    return built === undefined ? { seed: DEFAULT_SEED, commit: null } : ofCommit(built);
  }
  if (asked === 'commit') return ofCommit(built ?? (await checkedOut()));
  if (/^\d+$/.test(asked) && Number(asked) < SEEDS) return { seed: Number(asked), commit: null };
  const isHash = /^[0-9a-f]+$/i.test(asked) && asked.length >= SHORTEST_HASH;
  if (isHash) return ofCommit(asked);
  const message = `--seed "${asked}": a whole number below 2³², a commit hash, or "commit"`;
  throw new EngineError('CLI_USAGE', message, { argument: '--seed' });
}

function ofCommit(commit: string): CampaignSeed {
  const hash = commit.toLowerCase();
  return { seed: hashText(hash, 0) >>> 0, commit: hash };
}

async function checkedOut(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD']);
    return stdout.trim();
  } catch (cause) {
    const message = '--seed commit: no commit is checked out here; give a number, or a hash';
    throw new EngineError('CLI_USAGE', message, { argument: '--seed' }, { cause });
  }
}
