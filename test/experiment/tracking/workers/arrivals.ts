/** Poisson arrivals of single events at a group of workers: for comparison with closed forms. */
import {
  createWorkerGroup,
  type WorkerGroupOptions,
} from '../../../../src/experiment/tracking/workers/worker-group.ts';
import type { WorkerStatistics } from '../../../../src/experiment/tracking/workers/worker-meter.ts';
import { createChance } from '../../../../src/kernel/chance.ts';

type Config = WorkerGroupOptions['config'];

/** Workers without a price that commit at once. */
export function workersWith(config: Partial<Config>): Config {
  return {
    count: 1,
    coresPerWorker: 1,
    memoryGibPerWorker: 1,
    maxBatchEvents: 1,
    timePerBatch: 0,
    timePerEvent: 0,
    flushEvery: 1,
    ...config,
  };
}

/** Lets events arrive until `untilUs`, each in a partition drawn evenly. */
export function runArrivals(options: {
  readonly config: Partial<Config>;
  readonly partitions?: number;
  readonly meanGapUs: number;
  readonly untilUs: number;
  readonly replication?: number;
}): WorkerStatistics {
  const { partitions = 1, meanGapUs, untilUs, replication = 0 } = options;
  const group = createWorkerGroup({
    config: workersWith(options.config),
    partitionCount: partitions,
    bucketUs: untilUs / 10,
    endUs: untilUs,
  });
  const chance = createChance({ seed: 20_261_126, replication });
  const gaps = chance.draws('gap');
  const places = chance.draws('partition');
  const passTo = (nowUs: number) => {
    for (let batch = group.next(); batch !== undefined && batch.finishUs <= nowUs; ) {
      group.finish(batch.worker, batch.finishUs);
      batch = group.next();
    }
  };
  let atUs = 0;
  for (let n = 0; ; n += 1) {
    atUs += Math.round(-Math.log(1 - gaps.uniform(0, n)) * meanGapUs);
    if (atUs > untilUs) break;
    passTo(atUs);
    group.append(Math.floor(places.uniform(0, n) * partitions), 1, atUs);
  }
  passTo(untilUs);
  return group.statistics(untilUs);
}
