/** A campaign: many seeds, each a trial of its own under all invariants; what failed is shrunk, one
 * trial an invariant. The outcomes are in the order of the seeds, whatever the threads did.
 * Spec: T55–T58. */
import { type CampaignPool, openCampaignPool } from './campaign-pool.ts';
import type { SeedOutcome } from './seed-outcome.ts';
import type { ShrunkTrial } from './shrink-seed.ts';
import type { SwarmSource } from './swarm-source.ts';

/** What is asked of a campaign. */
export interface CampaignOptions {
  readonly source: SwarmSource;
  /** Run i has the seed `seed` + i. */
  readonly seed: number;
  readonly runs: number;
  /** Worker threads; 1 runs in this one. */
  readonly threads: number;
  /** Whether new seeds are still taken; default: until `runs` are. What was begun is finished. */
  readonly mayGoOn?: (() => boolean | Promise<boolean>) | undefined;
  /** Whether to shrink what broke, asked when all seeds are done; default: yes. */
  readonly mayShrink?: (() => boolean) | undefined;
  readonly onProgress?: ((progress: CampaignProgress) => void) | undefined;
  /** Trials that may be run to shrink a failure. */
  readonly shrinkRuns?: number | undefined;
}

/** How far a campaign is. */
export interface CampaignProgress {
  readonly done: number;
  readonly broken: number;
}

/** A campaign that is over. */
export interface CampaignOutcome {
  readonly outcomes: readonly SeedOutcome[];
  /** Whether all runs that were asked for were made. */
  readonly isWhole: boolean;
  /** By name of the invariant. */
  readonly shrunk: ReadonlyMap<string, ShrunkTrial>;
}

/** Seeds that a thread takes at once. */
const CHUNK = 8;
const SEEDS = 2 ** 32;

/** Runs a campaign. @throws EngineError as trials do. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignOutcome> {
  const pool = openCampaignPool(options.threads);
  try {
    const outcomes = await runAll(options, pool);
    const isWhole = outcomes.length === options.runs;
    const mayShrink = options.mayShrink?.() ?? true;
    const shrunk = mayShrink ? await shrinkAll(options, pool, outcomes) : new Map();
    return { outcomes, isWhole, shrunk };
  } finally {
    await pool.close();
  }
}

async function runAll(
  { source, seed, runs, mayGoOn = () => true, onProgress }: CampaignOptions,
  pool: CampaignPool,
): Promise<readonly SeedOutcome[]> {
  const chunks: (readonly SeedOutcome[])[] = [];
  const progress = { done: 0, broken: 0 };
  let next = 0;
  const work = async () => {
    while (next < runs && (await mayGoOn()) && next < runs) {
      const from = next;
      const count = Math.min(CHUNK, runs - from);
      next += count;
      const seeds = Array.from({ length: count }, (_, i) => (seed + from + i) % SEEDS);
      const outcomes = await pool.runSeeds({ source, seeds });
      chunks[from / CHUNK] = outcomes;
      progress.done += count;
      progress.broken += outcomes.filter(({ violations }) => violations.length > 0).length;
      onProgress?.({ ...progress });
    }
  };
  await Promise.all(Array.from({ length: pool.threads }, work));
  return chunks.flat();
}

/** Of each invariant, the first seed that broke it. */
async function shrinkAll(
  { source, shrinkRuns }: CampaignOptions,
  pool: CampaignPool,
  outcomes: readonly SeedOutcome[],
): Promise<ReadonlyMap<string, ShrunkTrial>> {
  const first = new Map<string, number>();
  for (const { seed, violations } of outcomes) {
    for (const { invariant } of violations) {
      if (!first.has(invariant)) first.set(invariant, seed);
    }
  }
  const shrunk = await Promise.all(
    [...first].map(async ([invariant, seed]) => {
      const failing = { seed, invariant };
      return [invariant, await pool.shrink({ source, failing, budget: shrinkRuns })] as const;
    }),
  );
  return new Map(shrunk.filter((pair): pair is [string, ShrunkTrial] => pair[1] !== undefined));
}
