/** The schema of what the pipeline runs on: workers that take batches off the log's partitions. */
import { z } from 'zod';
import { ms, seconds, us } from '../../../kernel/time.ts';

const durationUs = z.int().nonnegative();
const count = z.int().positive();

/** Workers of the pipeline. */
export const pipelineWorkersSchema = z.strictObject({
  /** Consumers of the log; each partition belongs to one, more than partitions are idle. */
  count: count.default(1),
  /** What a worker is paid for. Its times below are those of all of it. */
  coresPerWorker: z.number().positive().default(1),
  memoryGibPerWorker: z.number().positive().default(4),
  /** Events that a worker takes off its partitions at once. Default: Kafka's `max.poll.records`. */
  maxBatchEvents: count.default(500),
  /** Worker time of a batch, and of each event in it. Where a simulated viewer stands for many,
   * `timePerEvent` is as many times longer. Default: assumptions; a core does 50,000 events/s at
   * most, as published for Flink's NEXMark query 18 (53.7 K a core). */
  timePerBatch: durationUs.default(ms(5)),
  timePerEvent: durationUs.default(us(20)),
  /** How often what was processed is committed to the warehouse; takes the place of
   * `clickstream.pollEvery`. */
  flushEvery: z.int().positive().default(seconds(5)),
});

/** Workers with every default filled in. */
export type PipelineWorkersConfig = z.output<typeof pipelineWorkersSchema>;
