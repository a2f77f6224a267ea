/** Suite `experiment`: scenario `evening-peak`, seed 20261120, 2,500 viewers, four architectures.
 * Compared until p95 is within ± 2 % for each of them, on all cores; the same runs on one worker
 * thread and on two; and what common random numbers save. Small scales take fewer viewers. */
import { scenario as eveningPeak } from '../../scenarios/evening-peak.ts';
import { compareArchitectures } from '../../src/experiment/compare/compare.ts';
import type { CompareDocument } from '../../src/experiment/result.ts';
import type { Scenario } from '../../src/experiment/scenario/schema.ts';
import { minutes } from '../../src/kernel/time.ts';
import { type BenchSuite, figure } from '../bench-suite.ts';
import { workerSpeedup } from './worker-speedup.ts';

const PRECISION = 0.02;
const METRIC = 'page load p95';
/** `direct` alone needs some hundreds: pages over the WAN, one call after the other, vary most. */
const MAX_REPLICATIONS = 1_000;
/** Where a scale is too small for the precision to be reached. */
const TINY = { precision: 0.9, replications: 2, maxReplications: 2, threads: 1 };

/** The suite. */
export const experimentSuite: BenchSuite = async ({ scale }) => {
  const isFull = scale >= 1;
  const scenario = scaled(eveningPeak, scale);
  const started = performance.now();
  const document = await compareArchitectures(scenario, {
    metrics: [METRIC],
    ...(isFull ? { precision: PRECISION, maxReplications: MAX_REPLICATIONS } : TINY),
  });
  const wallSeconds = (performance.now() - started) / 1_000;
  assertWork(document, isFull);
  const runs = document.architectures.reduce(
    (sum, { metrics }) => sum + (metrics[METRIC]?.values.length ?? 0),
    0,
  );
  return [
    figure('compare_to_2pct_wall_s', wallSeconds, 's'),
    figure('compare_to_2pct_runs', runs, 'runs'),
    figure('two_worker_speedup', await workerSpeedup(scenario, { isFull }), '×'),
    figure('crn_variance_ratio', varianceRatio(document), '×'),
  ];
};

/** A small evening is short as well: an empty one costs its minutes too. */
function scaled(scenario: Scenario, scale: number): Scenario {
  if (scale >= 1) return scenario;
  const viewers = Math.max(12, Math.round(scenario.audience.viewers * scale));
  const clock = { ...scenario.clock, duration: minutes(2), warmUp: 0, drain: minutes(1) };
  return { ...scenario, clock, audience: { ...scenario.audience, viewers } };
}

function assertWork({ architectures, stopping, broken }: CompareDocument, isFull: boolean): void {
  if (architectures.length !== 4) throw new Error(`${architectures.length} architectures, not 4`);
  if (isFull && stopping.decision !== 'reached') throw new Error(`ended by ${stopping.decision}`);
  if (broken.length > 0) throw new Error(`broken: ${broken.join('; ')}`);
}

/** Variance of the federated − aggregation difference in mean page-load time, as it would be if the
 * two had met different viewers, ÷ what it is on the same ones. */
function varianceRatio({ differences }: CompareDocument): number {
  const pair = differences.find(
    ({ a, b, metric }) => a === 'aggregation' && b === 'federated' && metric === 'page load mean',
  );
  return pair?.varianceReduction ?? Number.NaN;
}
