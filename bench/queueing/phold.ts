/** W4, PHOLD (ROSS `models/phold`): N logical processes with one event each; an event goes to a
 * random one with probability 0.25, else back, after a lookahead of 1 s and Exp(1 s). */
import { createChance } from '../../src/kernel/chance.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';

const LOOKAHEAD_US = 1_000_000;
const MEAN_US = 1_000_000;
const REMOTE = 0.25;

/** Executes events. @returns how many. */
export function hopEvents(processes: number, events: number): number {
  const simulation = createSimulation({ maxEvents: Number.MAX_SAFE_INTEGER });
  const draws = createChance({ seed: 1, replication: 0 }).draws('bench.phold');
  let executed = 0;
  const delayUs = (n: number) =>
    LOOKAHEAD_US + Math.round(-Math.log(draws.uniform(0, n)) * MEAN_US);
  const hop = simulation.registerHandler('hop', (process) => {
    executed += 1;
    if (executed + simulation.pendingCount >= events) return;
    const isRemote = draws.uniform(1, executed) < REMOTE;
    const target = isRemote ? Math.floor(draws.uniform(2, executed) * processes) : process;
    simulation.schedule(delayUs(executed), hop, target);
  });
  const first = Math.min(processes, events);
  for (let i = 0; i < first; i += 1) simulation.schedule(delayUs(2 ** 31 + i), hop, i);
  simulation.run(Number.MAX_SAFE_INTEGER / 2);
  return executed;
}
