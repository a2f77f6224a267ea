/** A campaign whose samples are a known function of the scenario: no world is run. */
import type { Campaign, Point } from '../../../src/experiment/campaign/campaign.ts';
import type { RunSample } from '../../../src/experiment/campaign/run-sample.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { exponential } from '../../../src/experiment/scenario/values.ts';
import { ms } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';

/** The mean page load of a point in a replication, ms. */
export type Response = (point: Point, replication: number) => number;

/** A campaign that answers with this response in `page load mean`; `page load p95` is twice it. */
export function knownCampaign(response: Response): Campaign & { readonly asked: Point[] } {
  const counts = { made: 0, found: 0 };
  const asked: Point[] = [];
  return {
    asked,
    counts,
    stopped: undefined,
    askedKeys: new Set(),
    missing: [],
    samples: async (points, replications) => {
      asked.push(...points);
      return points.map((point) =>
        replications.map((replication) => {
          counts.made += 1;
          return sampleOf(point, replication, response(point, replication));
        }),
      );
    },
    close: async () => {},
  };
}

function sampleOf(point: Point, replication: number, mean: number): RunSample {
  const nothing = { in: 0, out: 0, inFlight: 0, dropped: 0, droppedByReason: {}, residual: 0 };
  return {
    name: point.name,
    architecture: point.architecture,
    demand: { viewers: 0, test: null },
    viewers: 0,
    replication,
    digest: `${point.name}-${replication}`,
    metrics: {
      'page load mean': mean,
      'page load p95': 2 * mean,
      'pages per second': mean,
      'error share': 0,
      'highest utilization': 0.5,
    },
    pageLoadTimeUs: { values: [Math.round(2_000 * mean)], counts: [1_000] },
    objectives: [],
    stations: [],
    cost: null,
    ledger: { requests: nothing, events: nothing },
    warmUpUs: 0,
    scheduledEvents: 1,
  } as RunSample;
}

/** A scenario with round numbers to vary. */
export function roundScenario(overrides: Partial<ScenarioInput> = {}) {
  const service = {
    replicas: 2,
    workersPerReplica: 2,
    baseTime: exponential(ms(10)),
    timePerEntity: 100,
  };
  return smallScenario({
    services: { movie: service, production: service, talent: service },
    ...(overrides as object),
  });
}
