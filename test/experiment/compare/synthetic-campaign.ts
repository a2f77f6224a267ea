/** A campaign without simulation: samples made of a formula, so that tests of statistics know the
 * truth. What replications have in common (how busy the evening is) meets all subjects alike. */
import type { Campaign, Point } from '../../../src/experiment/campaign/campaign.ts';
import { METRICS } from '../../../src/experiment/campaign/metrics.ts';
import type { RunSample } from '../../../src/experiment/campaign/run-sample.ts';
import type { LedgerLine } from '../../../src/experiment/result.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { createHistogram } from '../../../src/stats/hdr-histogram.ts';
import { quantileOfCounts } from '../../../src/stats/histogram-counts.ts';

/** How samples are made. */
export interface SyntheticOptions {
  /** Median page-load time of a subject, ms. */
  readonly medianMs: (subject: string) => number;
  /** Page loads of a replication. Default 400 in each. */
  readonly pages?: (replication: number) => number;
  /** How much replications differ, as a share. Default 0.1. */
  readonly spread?: number;
  /** Replications by which a subject's chance is out of step. Default 0. */
  readonly shift?: (subject: string) => number;
  /** Whether odd replications mirror the ones before. */
  readonly isAntithetic?: boolean;
  /** Runs that are made at most. */
  readonly maxRuns?: number;
  /** Changes a sample before it is handed out. */
  readonly alter?: (sample: RunSample) => RunSample;
}

/** A campaign that makes them up. */
export function syntheticCampaign(options: SyntheticOptions): Campaign {
  const state: { made: number; stopped: Campaign['stopped'] } = { made: 0, stopped: undefined };
  const { maxRuns = Infinity, alter = (sample) => sample } = options;
  return {
    counts: { made: 0, found: 0 },
    askedKeys: new Set(),
    missing: [],
    get stopped() {
      return state.stopped;
    },
    samples: async (points, replications) => {
      const rows: (RunSample | undefined)[][] = points.map(() => []);
      for (const replication of replications) {
        for (const [i, point] of points.entries()) {
          const hasBudget = state.made < maxRuns;
          if (!hasBudget) state.stopped = 'budget';
          rows[i]?.push(hasBudget ? alter(sampleAt(point, replication, options)) : undefined);
          state.made += hasBudget ? 1 : 0;
        }
      }
      return rows;
    },
    close: async () => {},
  };
}

function sampleAt(point: Point, replication: number, options: SyntheticOptions): RunSample {
  const { medianMs, pages = () => 400, spread = 0.1, shift = () => 0, isAntithetic } = options;
  const drawn = replication + shift(point.name);
  const chance = createChance({ seed: point.scenario.seed, replication: drawn, isAntithetic });
  const busy = chance.draws('busy').uniform(0, 0);
  const draws = chance.draws('page');
  const histogram = createHistogram({ significantDigits: 3, maxValue: 1e9 });
  const scale = medianMs(point.name) * 1_000 * (1 + spread * (2 * busy - 1));
  for (let page = 0; page < pages(replication); page += 1) {
    histogram.record(scale * (0.5 - Math.log(draws.uniform(page, 0))));
  }
  const buckets = histogram.buckets();
  const pageLoadTimeUs = {
    values: buckets.map(({ value }) => value),
    counts: buckets.map(({ count }) => count),
  };
  const p = (q: number) => quantileOfCounts(pageLoadTimeUs, q) / 1_000;
  const usual = METRICS.filter(({ isRare }) => isRare !== true);
  const metrics = Object.fromEntries(usual.map(({ name }) => [name, 0 as number | null]));
  return {
    name: point.name,
    architecture: point.architecture,
    demand: { viewers: 100, test: null },
    replication,
    digest: `${point.name} ${replication}`,
    metrics: {
      ...metrics,
      'page load mean': histogram.mean / 1_000,
      'page load p50': p(0.5),
      'page load p95': p(0.95),
      'page load p99': p(0.99),
      'pages per second': 1e5 / scale,
      'cost per hour': null,
    },
    pageLoadTimeUs,
    objectives: [],
    stations: [],
    cost: null,
    ledger: { requests: CLOSED, events: CLOSED },
    warmUpUs: 0,
    scheduledEvents: 1,
    viewers: Math.round(100 * (1 + spread * (2 * busy - 1))),
  };
}

const CLOSED: LedgerLine = {
  in: 1,
  out: 1,
  inFlight: 0,
  dropped: 0,
  droppedByReason: {},
  residual: 0,
};
