/** The pipeline's workers before the run: what events ask of them, and of the partition that one
 * worker can take at a time. Spec: E254. */
import type { Scenario } from '../../scenario/schema.ts';
import type { StationPreflight } from '../check-document.ts';
import { bucketLengthOf } from '../demand/buckets.ts';
import { stationPreflight } from './station-preflight.ts';

/** The pipeline as a station; undefined where it takes no time. A batch is what came of one
 * partition between two polls, `maxBatchEvents` at most. */
export function pipelineStation(
  scenario: Scenario,
  eventRatePerSec: readonly number[],
): StationPreflight | undefined {
  const { clickstream } = scenario;
  const { workers, partitions, pollEvery, sdk } = clickstream;
  if (workers === undefined) return undefined;
  const perSec = eventRatePerSec.map((rate) => rate * sdk.sampleRate);
  const { maxBatchEvents, timePerBatch, timePerEvent } = workers;
  const eventsPerBatch = perSec.map((rate) =>
    Math.max(1, Math.min(maxBatchEvents, (rate * pollEvery) / 1e6 / partitions)),
  );
  const eventUs = eventsPerBatch.map((events) => timePerEvent + timePerBatch / events);
  const load = perSec.map((rate, i) => (rate * (eventUs[i] ?? 0)) / 1e6);
  return stationPreflight(
    {
      name: 'pipeline',
      kind: 'pipeline',
      path: 'clickstream.workers.count',
      // A partition belongs to one worker: more workers than partitions are idle.
      replicas: Math.min(workers.count, partitions),
      maxReplicas: Math.min(workers.count, partitions),
      workersPerReplica: 1,
      zones: 1,
      isShared: false,
      shedsOverload: false,
      pool: undefined,
    },
    {
      bucketUs: bucketLengthOf(scenario),
      jobsPerSec: perSec,
      load,
      squares: perSec.map((rate, i) => rate * (eventUs[i] ?? 0) ** 2),
      jobsPerPage: 0,
      holdUs: 0,
    },
  );
}
