/** The suites by name: add one line for a new suite. */

import { actorsSuite } from './actors.bench.ts';
import { analyticsSuite } from './analytics/analytics.bench.ts';
import type { BenchSuite } from './bench-suite.ts';
import { collectorSuite } from './collector/collector.bench.ts';
import { experimentSuite } from './experiment/experiment.bench.ts';
import { faultsSuite } from './faults.bench.ts';
import { futureEventListsSuite } from './future-event-lists/future-event-lists.bench.ts';
import { gatewaySuite } from './gateway.bench.ts';
import { kernelSuite } from './kernel.bench.ts';
import { watchSuite } from './live/watch.bench.ts';
import { logSuite } from './log.bench.ts';
import { pipelineSuite } from './pipeline.bench.ts';
import { storageSuite } from './storage.bench.ts';
import { checkpointsSuite } from './streams/checkpoints.bench.ts';
import { streamsSuite } from './streams/streams.bench.ts';

/** All suites. */
export const SUITES: Readonly<Record<string, BenchSuite>> = {
  kernel: kernelSuite,
  actors: actorsSuite,
  analytics: analyticsSuite,
  'future-event-lists': futureEventListsSuite,
  experiment: experimentSuite,
  faults: faultsSuite,
  gateway: gatewaySuite,
  log: logSuite,
  pipeline: pipelineSuite,
  storage: storageSuite,
  streams: streamsSuite,
  checkpoints: checkpointsSuite,
  watch: watchSuite,
  collector: collectorSuite,
};
