/** The whole hunt: every property on the healthy product first, then every bug, each in a process
 * of its own and so many at a time. Spec: T122. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Bug, Subject } from './bug.ts';
import type { Hunt } from './hunt-one.ts';

/** A bug and what became of hunting it. */
export interface BugHunt {
  readonly bug: Bug;
  readonly hunt: Hunt;
}

/** What came of a campaign. */
export interface Campaign {
  readonly healthy: readonly Hunt[];
  readonly bugs: readonly BugHunt[];
}

/** What to hunt. */
export interface CampaignOptions {
  readonly bugs: readonly Bug[];
  /** Share of the runs that the healthy product gets: 1 for as many as any bug may need, 0 for
   * none. */
  readonly healthyShare: number;
  /** Processes at a time. */
  readonly atOnce: number;
  /** Told when a process has ended. */
  readonly progress: (name: string) => void;
}

/** The longest that one process may take, in ms. */
const LIMIT_MS = 600_000;
const CHILD = fileURLToPath(new URL('./hunt-one.ts', import.meta.url));

/** Runs the campaign. A process that dies or hangs has found nothing, and says why. */
export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  // All processes load the same sources: what one has compiled serves the next, which takes two
  // thirds off its start. The cache goes by the text, so a patched file is compiled anew.
  const cache = mkdtempSync(join(tmpdir(), 'backlot-zoo-'));
  try {
    return await campaignWith(cache, options);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

async function campaignWith(cache: string, options: CampaignOptions): Promise<Campaign> {
  const { bugs, healthyShare, atOnce, progress } = options;
  const hunt = (argv: readonly string[], name: string) => huntApart({ argv, name, cache });
  const hunted = new Set(bugs.map((bug) => bug.property.split('/')[0] as Subject));
  const subjects = healthyShare === 0 ? [] : [...hunted];
  const healthy = await inLanes(atOnce, subjects, async (subject) => {
    const hunts = await hunt(['healthy', subject, `${healthyShare}`], subject);
    progress(`healthy ${subject}`);
    return hunts;
  });
  const found = await inLanes(atOnce, bugs, async (bug) => {
    const [one] = await hunt(['bug', bug.name], bug.name);
    progress(bug.name);
    return { bug, hunt: one as Hunt };
  });
  return { healthy: healthy.flat(), bugs: found };
}

/** Whether a bug was found as it must be: by a counterexample, within its runs. */
export function wasFound({ bug, hunt }: BugHunt): boolean {
  return hunt.failed && hunt.size !== undefined && hunt.runs <= bug.withinRuns;
}

interface Apart {
  readonly argv: readonly string[];
  readonly name: string;
  /** Folder of compiled sources. */
  readonly cache: string;
}

/** A hunt in a process of its own. */
async function huntApart({ argv, name, cache }: Apart): Promise<readonly Hunt[]> {
  return new Promise((resolve) => {
    const env = { ...process.env, NODE_COMPILE_CACHE: cache };
    const limits = { timeout: LIMIT_MS, killSignal: 'SIGKILL' as const, maxBuffer: 2 ** 26 };
    const options = { ...limits, env };
    execFile(process.execPath, [CHILD, ...argv], options, (error, stdout, stderr) => {
      if (error === null) return resolve(JSON.parse(stdout) as Hunt[]);
      const why = error.killed === true ? `took more than ${LIMIT_MS} ms` : stderr.trim();
      return resolve([broken(name, why)]);
    });
  });
}

/** A process that came to nothing: no bug found, and no property held. */
function broken(name: string, error: string): Hunt {
  const nothing = { size: undefined, counterexample: undefined, runs: 0, shrinks: 0 };
  return { name, failed: true, ...nothing, wanted: 0, error, elapsedMs: 0 };
}

async function inLanes<T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
