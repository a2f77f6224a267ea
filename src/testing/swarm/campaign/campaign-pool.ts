/** Worker threads of a campaign; a single thread is this one. What comes back does not depend on
 * how many there are. */
import Tinypool from 'tinypool';
import { unwrapped } from '../../../experiment/run-pool.ts';
import { type SeedsTask, type ShrinkTask, seeds, shrink } from './campaign-worker.ts';
import type { SeedOutcome } from './seed-outcome.ts';
import type { ShrunkTrial } from './shrink-seed.ts';

/** Threads that stay until they are closed. */
export interface CampaignPool {
  readonly threads: number;
  runSeeds(task: SeedsTask): Promise<readonly SeedOutcome[]>;
  shrink(task: ShrinkTask): Promise<ShrunkTrial | undefined>;
  close(): Promise<void>;
}

const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './campaign-worker.ts' : './campaign-worker.js',
  import.meta.url,
).href;

/** Opens a pool. */
export function openCampaignPool(threads: number): CampaignPool {
  if (threads <= 1) {
    return {
      threads: 1,
      runSeeds: async (task) => unwrapped(await seeds(task)),
      shrink: async (task) => unwrapped(await shrink(task)),
      close: async () => {},
    };
  }
  const pool = new Tinypool({ filename: WORKER_URL, minThreads: threads, maxThreads: threads });
  return {
    threads,
    runSeeds: async (task) => unwrapped(await pool.run(task, { name: 'seeds' })),
    shrink: async (task) => unwrapped(await pool.run(task, { name: 'shrink' })),
    close: () => pool.destroy(),
  };
}
