/** Suite `watch`: `evening-peak` on the federated gateway, by itself in a thread, and watched in
 * another: four frames a second, a browser that reads them and one that reads nothing. They run in
 * turn in one process. N = 7 pairs, the scenario's seed, 2,500 viewers; digests must be equal. */
import { get, type IncomingMessage } from 'node:http';
import Tinypool from 'tinypool';
import { loadScenario } from '../../src/experiment/io/load-scenario.ts';
import type { RunFigures } from '../../src/experiment/results/summarise.ts';
import { readRunInputs } from '../../src/experiment/run-inputs.ts';
import { unwrapped } from '../../src/experiment/run-pool.ts';
import { openRun, type RunTask } from '../../src/experiment/run-task.ts';
import type { WorkerAnswer } from '../../src/experiment/run-worker.ts';
import { variantsOf } from '../../src/experiment/scenario/variants.ts';
import { openEyes } from '../../src/experiment/watch/frame-maker.ts';
import { helloOf } from '../../src/experiment/watch/hello-of.ts';
import { type Dashboard, startDashboard } from '../../src/live/dashboard/start-dashboard.ts';
import { startWatchedRun } from '../../src/live/watched-run.ts';
import { type BenchSuite, figure } from '../bench-suite.ts';

const PAIRS = 7;
const FRAMES = 200;
/** Viewers where rates mean nothing. */
const TINY = 100;
const WORKER = new URL('../../src/experiment/run-worker.ts', import.meta.url).href;
const SCENARIO = new URL('../../scenarios/evening-peak.ts', import.meta.url).pathname;

/** The suite. */
export const watchSuite: BenchSuite = async ({ scale }) => {
  const scenario = await loadScenario(SCENARIO);
  const isTiny = scale < 0.1;
  const { clock, audience } = scenario;
  const shown = isTiny
    ? {
        ...scenario,
        clock: { ...clock, duration: 20e6, drain: 1e6 },
        audience: { ...audience, viewers: TINY },
      }
    : scenario;
  const { catalogue, arrivals } = await readRunInputs(shown, {});
  const task: RunTask = {
    ...{ scenario: shown, architecture: 'federated', catalogue, arrivals },
    ...{ replication: 0, directory: undefined, trace: false },
  };
  const pool = new Tinypool({ filename: WORKER, minThreads: 1, maxThreads: 1 });
  const watched = startWatchedRun(helloOf(shown, variantsOf(shown, ['federated'])));
  const cases: readonly Case[] = [
    {
      name: 'alone',
      // The same figures at the end as of the watched run.
      run: async () => {
        const answer: WorkerAnswer<RunFigures> = await pool.run(task, { name: 'perform' });
        return unwrapped(answer).result.digest;
      },
    },
    {
      name: 'watched',
      run: async () => ((await watched.perform([task])) as [RunFigures])[0].result.digest,
    },
  ];
  const dashboard = await startDashboard({ source: watched.source });
  const clients = [await client(dashboard, true), await client(dashboard, false)];
  try {
    const pairs = Math.max(1, Math.round(PAIRS * scale));
    const ratios = await ratiosOf(cases, { pairs, warmUps: isTiny ? 0 : 1 });
    const frames = watched.source.latest()?.sequence ?? 0;
    if (frames < pairs) throw new Error(`bench watch showed ${frames} frames`);
    return [
      figure('watched_over_alone', ratios.toSorted((a, b) => a - b)[ratios.length >> 1] ?? 0, '×'),
      figure('frames', frames, 'frames'),
      figure('frame_ms', await frameMs(task, isTiny ? 2 : FRAMES), 'ms'),
    ];
  } finally {
    for (const one of clients) one.destroy();
    await dashboard.close();
    await pool.destroy();
    await watched.close();
  }
};

interface Case {
  readonly name: string;
  /** @returns the digest. */
  run(): Promise<string>;
}

/** Time of the second over that of the first, pair by pair, in changing order. */
async function ratiosOf(
  [reference, measured]: readonly Case[],
  { pairs, warmUps }: { readonly pairs: number; readonly warmUps: number },
): Promise<readonly number[]> {
  if (reference === undefined || measured === undefined) return [];
  const ratios: number[] = [];
  for (let n = -warmUps; n < pairs; n += 1) {
    const order = n % 2 === 0 ? [reference, measured] : [measured, reference];
    const times = new Map<Case, number>();
    const digests = new Set<string>();
    for (const one of order) {
      const startMs = performance.now();
      digests.add(await one.run());
      times.set(one, performance.now() - startMs);
    }
    if (digests.size !== 1) throw new Error(`watching changed the digest: ${[...digests]}`);
    if (n >= 0) ratios.push((times.get(measured) ?? 0) / (times.get(reference) ?? 1));
  }
  return ratios;
}

/** Median cost of a frame, over a run. */
async function frameMs(task: RunTask, frames: number): Promise<number> {
  const run = await openRun(task);
  const { world, warehouse } = run;
  const eyes = openEyes({ subject: 'federated', world, warehouse, catalogue: task.catalogue });
  const clock = { state: 'running', nowUs: 0, startUs: 0, endUs: null, event: 0 } as const;
  const times: number[] = [];
  for (let n = 1; n <= frames; n += 1) {
    world.simulation.run(Math.floor((world.endUs * n) / frames));
    const startMs = performance.now();
    eyes.frameOf({ ...clock, speed: null, reachedSpeed: 0 }, n);
    times.push(performance.now() - startMs);
  }
  await run.close();
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

/** A browser at the dashboard, which reads, or takes nothing. */
function client({ url }: Dashboard, reads: boolean): Promise<IncomingMessage> {
  const [address = '', token = ''] = url.split('#token=');
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    get(`${address}frames`, { headers }, (response) => {
      response.on('error', () => {});
      if (reads) response.resume();
      else response.pause();
      resolve(response);
    }).on('error', reject);
  });
}
