/** A small run with all that sections on the request path can show: a slow service behind a breaker
 * and a budget, an autoscaler, queues, retries and failures. */
import type { RunDocument } from '../../../src/experiment/result.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { fixed, lognormal } from '../../../src/experiment/scenario/values.ts';
import { ms, seconds, us } from '../../../src/kernel/time.ts';
import { smallScenario } from '../../experiment/small-world.ts';

const FAULT = { kind: 'service.slow', target: 'talent', factor: 60 } as const;

/** Runs it once for all tests of a process. */
export const requestRun: Promise<RunDocument> = runScenario(scenarioOf(), {
  architectures: ['direct', 'federated'],
  threads: 1,
});

function scenarioOf() {
  const service = { replicas: 1, workersPerReplica: 4, timePerEntity: us(0) };
  return smallScenario({
    name: 'request-path',
    clock: { start: '2026-11-20T20:00:00Z', duration: seconds(90), drain: seconds(20) },
    audience: { viewers: 0 },
    traffic: { kind: 'open', rate: [{ at: 0, perSecond: 12 }], clients: 40, pages: { title: 1 } },
    services: {
      movie: {
        ...service,
        workersPerReplica: 1,
        baseTime: lognormal(ms(30), 0.5),
        startupTime: fixed(seconds(5)),
        autoscaler: {
          hpa: {
            minReplicas: 1,
            maxReplicas: 4,
            metrics: [{ kind: 'resource-utilization', targetPercent: 30 }],
          },
        },
      },
      production: { ...service, baseTime: fixed(ms(10)) },
      talent: {
        ...service,
        baseTime: fixed(ms(20)),
        calledWith: {
          timeoutUs: ms(600),
          retry: { maxAttempts: 3, retryOn: ['timeout', 'unavailable', 'overloaded'] },
          budget: { kind: 'quota', capacity: 20 },
          breaker: {
            kind: 'count-window',
            size: 20,
            minimumCalls: 10,
            openUs: seconds(4),
            halfOpenCalls: 2,
          },
        },
      },
    },
    requests: { callTimeout: seconds(2) },
    faults: [{ ...FAULT, at: seconds(30), for: seconds(25) }],
  });
}
