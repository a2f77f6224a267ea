/** Suite `actors`: compiled machines beside XState's interpreter and a switch by hand, on a machine
 * of three states and on the viewer (12 states); events to random actors, drawn beforehand, seed
 * 1. Then a service under load in a whole world: kernel events, digest, 40,000 calls at ρ = 0.6.
 * Then 200,000 events of a hundred SDKs, from capture to acknowledgement. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CreateActorSystem } from '../src/actors/runtime/actor-system.ts';
import { INTERPRETERS } from '../src/actors/runtime/interpreters.ts';
import { createChance } from '../src/kernel/chance.ts';
import { createRunDigest } from '../src/kernel/digest.ts';
import { createSimulation } from '../src/kernel/simulation.ts';
import { type BenchResult, type BenchSuite, figure, medianRates } from './bench-suite.ts';
import type { Implementation, WorkloadName } from './statecharts/populations.ts';
import { trackWithCharts, trackWithCore } from './statecharts/sdk-population.ts';
import { createServingMachine } from './statecharts/serving-machine.ts';

const MILLION = 1_000_000;
const CALLS = 40_000;
/** Below this scale rates mean nothing, and one size shows that the code is alive. */
const TINY = 0.01;
const TRANSITIONS_PER_CALL = 2;
const SDK_EVENTS = 200_000;
const MEAN_GAP_US = 1_000;
const DEMAND_US = 600;

/** The suite. */
export const actorsSuite: BenchSuite = async ({ scale }) => {
  const many = Math.max(10, Math.round(10_000 * scale));
  const million = Math.max(10, Math.round(MILLION * scale));
  const sizes = [
    { label: '1', actors: 1, scale },
    { label: '10k', actors: many, scale },
  ].slice(scale < TINY ? -1 : 0);
  return [
    ...sizes.flatMap((size) => transitions('three_states', size)),
    ...sizes.flatMap((size) => transitions('viewer', size)),
    ...transitions('viewer', { label: '1m', actors: million, scale, withXState: false }),
    ...population('compiled', '1m', million),
    ...population('handwritten', '1m', million),
    // A million of XState's actors do not fit into the heap that Node has by default.
    ...population('xstate', '10k', many),
    ...(await service(scale)),
    ...(await sdks(scale)),
  ];
};

interface Size {
  readonly label: string;
  readonly actors: number;
  readonly scale: number;
  readonly withXState?: boolean;
}

interface Compared {
  readonly ns: Readonly<Record<string, number>>;
  readonly vsHandwritten: number;
  readonly vsXState?: number;
}

/** Times of an event, and the ratios to the others. */
function transitions(name: WorkloadName, size: Size): BenchResult[] {
  const { label, actors, scale, withXState = true } = size;
  const args = [name, String(actors), String(scale), String(withXState)];
  const compared = runScript('compare-implementations.ts', args) as Compared;
  const prefix = `${name}_${label}`;
  const results = Object.entries(compared.ns).map(([implementation, ns]) =>
    figure(`${prefix}_${implementation}_ns`, ns, 'ns'),
  );
  results.push(figure(`${prefix}_ratio_vs_handwritten`, compared.vsHandwritten, '× slower'));
  if (compared.vsXState !== undefined) {
    results.push(figure(`${prefix}_ratio_vs_xstate`, compared.vsXState, '× faster'));
  }
  return results;
}

interface Spawned {
  readonly spawnMs: number;
  readonly rssBytes: number;
  readonly bytesPerActor: number;
  readonly last: string;
}

/** Viewers that are spawned, started and idle, in a process of their own. */
function population(implementation: Implementation, label: string, actors: number): BenchResult[] {
  const args = [implementation, 'viewer', String(actors)];
  const spawned = runScript('spawn-population.ts', args) as Spawned;
  const { spawnMs, rssBytes, bytesPerActor, last } = spawned;
  if (last !== 'idle') throw new Error(`${implementation}: the last viewer is ${last}`);
  const suffix = implementation === 'compiled' ? '' : `_${implementation}`;
  return [
    figure(`viewer_${label}_bytes_per_actor${suffix}`, Math.max(1, bytesPerActor), 'bytes'),
    figure(`viewer_${label}_spawn_ms${suffix}`, spawnMs, 'ms'),
    figure(`viewer_${label}_rss_mb${suffix}`, rssBytes / 2 ** 20, 'MiB'),
  ];
}

const SCRIPTS = {
  'compare-implementations.ts': new URL(
    './statecharts/compare-implementations.ts',
    import.meta.url,
  ),
  'spawn-population.ts': new URL('./statecharts/spawn-population.ts', import.meta.url),
};

/** Runs a script in a process of its own: what ran before must not tell. @returns what it
 * prints. */
function runScript(name: keyof typeof SCRIPTS, args: readonly string[]): unknown {
  const all = ['--expose-gc', fileURLToPath(SCRIPTS[name]), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Transitions per second in a world that delivers by kernel events and keeps its digest. */
async function service(scale: number): Promise<BenchResult[]> {
  const calls = Math.round(CALLS * scale);
  const units = calls * TRANSITIONS_PER_CALL;
  const names = Object.keys(INTERPRETERS) as (keyof typeof INTERPRETERS)[];
  const cases = names.map((name) => ({ name, units, run: () => serve(INTERPRETERS[name], calls) }));
  const rates = await medianRates(cases, { scale });
  return names.map((name) =>
    figure(`${name}_transitions_per_s`, rates.get(name) ?? Number.NaN, 'transitions/s'),
  );
}

/** Events per second from capture to acknowledgement: SDKs as charts, and their bare core. */
async function sdks(scale: number): Promise<BenchResult[]> {
  const units = Math.max(100, Math.round(SDK_EVENTS * scale));
  const charts = () => trackWithCharts(INTERPRETERS.compiled, units);
  const rates = await medianRates(
    [
      { name: 'sdk', units, run: charts },
      { name: 'sdk_core', units, run: () => trackWithCore(units) },
    ],
    { scale },
  );
  return [...rates].map(([name, rate]) => figure(`${name}_events_per_s`, rate, 'events/s'));
}

/** @returns messages and timers processed. */
function serve(create: CreateActorSystem, calls: number): number {
  const simulation = createSimulation();
  const gaps = createChance({ seed: 1, replication: 0 }).draws('bench.gap');
  const actors = create({
    simulation,
    digest: createRunDigest({ sliceUs: 1_000_000 }),
    drawCount: () => 0,
    onEmit: () => {},
  });
  const bench = actors.spawn(createServingMachine(DEMAND_US), { name: 'service/bench' });
  let atUs = 0;
  for (let call = 0; call < calls; call += 1) {
    atUs += Math.round(-Math.log(gaps.uniform(0, call)) * MEAN_GAP_US);
    actors.send(bench, { type: 'call.arrived' }, atUs);
  }
  simulation.run(Number.MAX_SAFE_INTEGER / 2);
  return actors.processedCount;
}
