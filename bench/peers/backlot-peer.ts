/** The workloads in backlot: `node bench/peers/backlot-peer.ts <workload> <units>`, prints units
 * and seconds as JSON, as the peers do. */
import { createChance } from '../../src/kernel/chance.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';
import { hopEvents } from '../queueing/phold.ts';
import { serveObjects } from '../queueing/single-server.ts';

const PENDING = 1_000;
const MEAN_GAP_US = 100;

const [workload = '', text = '0'] = process.argv.slice(2);
const units = Number(text);
const start = performance.now();
const outcome = run();
const seconds = (performance.now() - start) / 1_000;
process.stdout.write(`${JSON.stringify({ ...outcome, seconds })}\n`);

function run(): { readonly units: number; readonly mean: number | null } {
  if (workload === 'hold') return { units: hold(), mean: null };
  if (workload === 'phold') return { units: hopEvents(PENDING, units), mean: null };
  const { served, meanTimeInSystemS } = serveObjects(units, false);
  return { units: served, mean: meanTimeInSystemS };
}

function hold(): number {
  const simulation = createSimulation();
  const gaps = createChance({ seed: 1, replication: 0 }).draws('bench.hold');
  let [drawn, executed] = [0, 0];
  const next = () => {
    drawn += 1;
    return Math.round(-Math.log(gaps.uniform(0, drawn)) * MEAN_GAP_US);
  };
  const handler = simulation.registerHandler('hold', (target) => {
    executed += 1;
    if (executed + simulation.pendingCount < units) simulation.schedule(next(), handler, target);
  });
  for (let i = 0; i < PENDING; i += 1) simulation.schedule(next(), handler, i);
  simulation.run(Number.MAX_SAFE_INTEGER / 2);
  return executed;
}
