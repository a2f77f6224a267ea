/** Drawn settings of the SDK and the pipeline: one partition, no workers is the plainest. Nothing
 * in them loses events but limits that say so: losing is what faults are for. Spec: T51. */
import fc from 'fast-check';
import type { ScenarioInput } from '../../../experiment/scenario/schema.ts';
import { hours, minutes, ms, seconds, us } from '../../../kernel/time.ts';
import { oneOf, partly, seldom } from './draw.ts';

type ClickstreamInput = NonNullable<ScenarioInput['clickstream']>;
type Sdk = NonNullable<ClickstreamInput['sdk']>;
type Workers = NonNullable<ClickstreamInput['workers']>;

const sdk = partly<Sdk>({
  maxEventBytes: oneOf(undefined, 4_000),
  maxBeaconBytes: oneOf(undefined, 0, 2_000),
  dropPolicy: oneOf(undefined, 'oldest', 'newest'),
  maxAge: oneOf(undefined, seconds(30)),
  sessionIdle: oneOf(undefined, seconds(10)),
  maxSession: oneOf(undefined, seconds(30)),
  eventRatePerSec: oneOf(undefined, 2),
  eventBurst: oneOf(undefined, 5),
  seekSettle: oneOf(undefined, ms(100)),
});

const workers = partly<Workers>({
  count: oneOf(1, 2, 3),
  maxBatchEvents: oneOf(undefined, 10, 1),
  timePerBatch: oneOf(undefined, ms(50)),
  timePerEvent: oneOf(undefined, ms(5)),
  flushEvery: oneOf(seconds(5), seconds(2)),
});

/** Settings of the clickstream. */
export function clickstreams(): fc.Arbitrary<ClickstreamInput> {
  return partly<ClickstreamInput>({
    heartbeat: oneOf(seconds(20), seconds(5)),
    maxBatchEvents: oneOf(undefined, 5, 1),
    maxBatchAge: oneOf(seconds(5), seconds(1)),
    ackTimeout: oneOf(seconds(5), seconds(1), ms(200)),
    maxQueueEvents: seldom(oneOf(1_000, 10, 3), 0.2),
    sdk: seldom(sdk, 0.3),
    retry: fc.record({
      maxAttempts: oneOf(40, 40, 40, 3),
      backoffBase: oneOf(ms(500), ms(100)),
      backoffCap: oneOf(seconds(5), seconds(2)),
    }),
    batchLossProbability: fc.constant(0),
    malformedShare: fc.constant(0),
    partitions: oneOf(1, 2, 4),
    pollEvery: oneOf(seconds(5), seconds(2), seconds(8)),
    watermarkBound: oneOf(seconds(5), us(0), seconds(30)),
    idleTimeout: oneOf(seconds(10), seconds(60)),
    allowedLateness: oneOf(minutes(10), seconds(10), us(0)),
    window: oneOf(minutes(1), seconds(10)),
    dedupeTtl: oneOf(undefined, hours(1)),
    timeCorrection: seldom(oneOf('segment', 'snowplow', 'minimum-round-trip', 'monotonic-anchor')),
    workers: seldom(workers, 0.3),
  });
}
