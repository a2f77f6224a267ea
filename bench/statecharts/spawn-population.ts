/** Spawns a population in a process of its own and prints what it took, as JSON:
 * `node --expose-gc bench/statecharts/spawn-population.ts <implementation> <workload> <actors>`. */
import { type Implementation, populate, type WorkloadName } from './populations.ts';

const [implementation, workload, actors] = process.argv.slice(2) as [
  Implementation,
  WorkloadName,
  string,
];
const count = Number(actors);

populate(implementation, workload, 100);
const before = usedBytes();
const startMs = performance.now();
const population = populate(implementation, workload, count);
const spawnMs = performance.now() - startMs;
const rssBytes = process.memoryUsage().rss;
const bytesPerActor = (usedBytes() - before) / count;
const last = population.stateOf(count - 1)[0];
process.stdout.write(JSON.stringify({ spawnMs, rssBytes, bytesPerActor, last }));

/** Bytes in use after a collection. */
function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
