/** A campaign without simulation in which everything is known: which station is full, what each
 * field does, and that `movie` and `production` are idle. Replications differ by how busy the
 * evening is, which all points share, and by a little that none shares. */

import type { AdviceDocument } from '../../../src/experiment/advise/advice-document.ts';
import { type AdviceOptions, adviseOn } from '../../../src/experiment/advise/advise.ts';
import type { Campaign, Point } from '../../../src/experiment/campaign/campaign.ts';
import type { OperationsSample } from '../../../src/experiment/campaign/operations-sample.ts';
import type { RunSample } from '../../../src/experiment/campaign/run-sample.ts';
import { fleetCostPerHour } from '../../../src/experiment/costs/fleet-cost.ts';
import type { ObjectiveMeasure } from '../../../src/experiment/objectives/objective.ts';
import type { Scenario, ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { ms } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';

/** What the known world is promised. */
export const ERRORS = 'rate(page.errors) / rate(page.requests) < 2%';
export const FRESHNESS = 'p99(clickstream.freshness) < 30s';

/** What is planted. */
export interface Planted {
  /** Erlangs at `talent`, which has one server a replica. Default 1.6: two replicas are needed. */
  readonly load?: number;
  /** Erlangs at the pipeline's workers. Default 1.5. */
  readonly events?: number;
  readonly maxRuns?: number;
}

/** A scenario that the known world answers for. */
export function knownScenario(overrides: Partial<ScenarioInput> = {}): Scenario {
  const service = { workersPerReplica: 1, baseTime: fixed(ms(10)), timePerEntity: 100 };
  return smallScenario({
    services: {
      movie: { ...service, replicas: 2 },
      production: { ...service, replicas: 4 },
      talent: { ...service, replicas: 1 },
    },
    clickstream: { partitions: 4, workers: { count: 1 } },
    objectives: [ERRORS, FRESHNESS],
    variants: [{ name: 'tonight', architecture: 'aggregation' }],
    ...(overrides as object),
  });
}

/** Advice on the known world. */
export function knownAdvice(
  options: AdviceOptions & { readonly planted?: Planted; readonly scenario?: Scenario } = {},
): Promise<AdviceDocument> {
  const { planted = {}, scenario = knownScenario(), ...rest } = options;
  return adviseOn(knownWorld(planted), scenario, rest);
}

let usual: Promise<AdviceDocument> | undefined;

/** Advice with nothing set otherwise, made once. */
export function usualAdvice(): Promise<AdviceDocument> {
  usual ??= knownAdvice();
  return usual;
}

/** The campaign. */
export function knownWorld(planted: Planted = {}): Campaign {
  const state: { made: number; stopped: Campaign['stopped'] } = { made: 0, stopped: undefined };
  const { maxRuns = Infinity } = planted;
  return {
    get counts() {
      return { made: state.made, found: 0 };
    },
    askedKeys: new Set(),
    missing: [],
    get stopped() {
      return state.stopped;
    },
    samples: async (points, replications) =>
      points.map((point) =>
        replications.map((replication) => {
          if (state.made >= maxRuns) {
            state.stopped = 'budget';
            return undefined;
          }
          state.made += 1;
          return knownSample(point, replication, planted);
        }),
      ),
    close: async () => {},
  };
}

/** One replication of a point. */
export function knownSample(point: Point, replication: number, planted: Planted = {}): RunSample {
  const { scenario, name, architecture } = point;
  const chance = createChance({ seed: scenario.seed, replication });
  const busy = 0.95 + 0.1 * chance.draws('busy').uniform(0, 0);
  const own = chance.draws('own').uniform(entityOf(name), 0);
  const { replicas = 1 } = scenario.services['talent'] ?? {};
  const attempts = scenario.requests.retry.maxAttempts;
  const load = (planted.load ?? 1.6) * busy;
  const over = Math.max(0, load / replicas - 0.9) * (0.4 + 0.3 * attempts);
  const errorShare = Math.min(1, 0.003 + 0.1 * over + 0.001 * own);
  const { count = 1 } = scenario.clickstream.workers ?? {};
  const events = ((planted.events ?? 1.5) * busy) / count;
  const freshness = 14 + own + Math.max(0, events - 0.9) * 100;
  return {
    name,
    architecture,
    demand: { viewers: 20, test: null },
    viewers: 20,
    replication,
    digest: `${name}-${replication}`,
    metrics: {
      'page load p95': 400 + 3_000 * over,
      'page load p99': 700 + 3_000 * over,
      'error share': errorShare,
      'freshness p99': freshness,
      'cost per hour': fleetCostPerHour(scenario, architecture),
    },
    pageLoadTimeUs: { values: [400_000, 700_000 + Math.round(3e6 * over)], counts: [900, 100] },
    objectives: scenario.objectives.map(({ text }) => measureOf(text, { errorShare, freshness })),
    stations: [],
    cost: null,
    ledger: { requests: CLOSED, events: CLOSED },
    warmUpUs: 0,
    scheduledEvents: 1,
    operations: operationsOf(scenario, { talent: load / replicas, attempts, events }),
  };
}

/** Each name has draws of its own. */
function entityOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

function measureOf(
  objective: string,
  of: { readonly errorShare: number; readonly freshness: number },
): ObjectiveMeasure {
  const worst = (value: number) => ({ fromUs: 120e6, toUs: 180e6, value });
  if (objective === FRESHNESS) {
    const value = Math.round(of.freshness * 1e6);
    return {
      objective,
      value,
      samples: 2_000,
      pooled: { kind: 'histogram', values: [10e6, value], counts: [1_900, 100] },
      worst: worst(value),
      missedUs: value > 30e6 ? 120e6 : 0,
    };
  }
  // What the world does not know nothing moves.
  const value = objective === ERRORS ? of.errorShare : 0.5;
  return {
    objective,
    value,
    samples: 4_000,
    pooled: { kind: 'ratio', over: value * 4_000, under: 4_000 },
    worst: worst(value),
    missedUs: value > 0.02 ? 180e6 : 0,
  };
}

function operationsOf(
  scenario: Scenario,
  of: { readonly talent: number; readonly attempts: number; readonly events: number },
): OperationsSample {
  const full = Math.min(1, of.talent);
  const busy: Readonly<Record<string, number>> = {
    movie: 0.2 / (scenario.services['movie']?.replicas ?? 1),
    production: 0.2 / (scenario.services['production']?.replicas ?? 1),
    talent: full,
    gateway: 0.55,
  };
  const workers = Math.min(1, of.events);
  const retries = of.talent > 0.9 ? 400 * (of.attempts - 1) : 0;
  const utilization = [
    ...Object.entries(busy).map(([station, share]) => ({ station, utilization: share })),
    { station: 'pipeline', utilization: workers },
  ];
  return {
    servers: Object.entries(busy).map(([name, share]) => {
      const replicas = scenario.services[name]?.replicas ?? 2;
      return {
        name,
        offered: 1_000,
        failures: {},
        cacheHitShare: null,
        replicas: { min: replicas, max: replicas, mean: replicas },
        meanWaitMs: 100 * share,
        workSeconds: 100,
        utilization: share * 0.6,
        peakUtilization: share,
        peakAtUs: 150e6,
        peakReplicas: replicas,
      };
    }),
    edges: [
      {
        edge: 'gateway→talent',
        calls: 1_000,
        attempts: 1_000 + retries,
        retries,
        hedges: 0,
        timeouts: retries / 2,
        lateAnswers: retries / 4,
        failures: {},
        wastedWorkShare: retries / 4_000,
      },
    ],
    pipeline: {
      events: 2_000,
      lateEvents: 4,
      workers: {
        count: scenario.clickstream.workers?.count ?? 1,
        utilization: workers * 0.7,
        peakUtilization: workers,
        peakAtUs: 160e6,
        utilizationByWorker: [workers],
        maxLagEvents: 300 * workers,
        maxPartitionLagEvents: 100 * workers,
        meanBatchEvents: 10,
      },
    },
    worst: scenario.objectives.map(({ text }) => ({
      objective: text,
      fromUs: 120e6,
      toUs: 180e6,
      utilization,
    })),
  };
}

const CLOSED = { in: 0, out: 0, inFlight: 0, dropped: 0, droppedByReason: {}, residual: 0 };

/** `path=value` as settings. */
export function asked(text: string): Readonly<Record<string, unknown>> {
  const [path = '', value = ''] = text.split('=');
  return { [path]: Number(value) };
}
