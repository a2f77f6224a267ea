/** `compare`: n replications of all architectures on common random numbers. Each replication gives
 * one number a metric; differences are paired within replications; 95 % intervals by Student. */
import type { InterpreterName } from '../actors/runtime/interpreters.ts';
import type { ArchitectureName } from '../gateway/architecture.ts';
import { EngineError } from '../kernel/errors.ts';
import { meanInterval } from '../stats/mean-interval.ts';
import type { ArchitectureResult, CompareDocument } from './result.ts';
import { type PairedValues, pairedDifferences } from './results/differences.ts';
import { sumLedgers } from './results/ledger.ts';
import { pageDemand } from './results/page-demand.ts';
import { combinedDigest, provenance } from './run.ts';
import { type InputFiles, readRunInputs } from './run-inputs.ts';
import { type PoolOptions, performRuns } from './run-pool.ts';
import type { Scenario } from './scenario/schema.ts';
import { variantsOf } from './scenario/variants.ts';

/** Options of {@link compareArchitectures}. */
export interface CompareOptions extends PoolOptions {
  /** At least 2. */
  readonly replications: number;
  readonly architectures?: readonly ArchitectureName[] | undefined;
  /** Runs the actors; changes nothing but the time it takes. Default `compiled`. */
  readonly interpreter?: InterpreterName | undefined;
  readonly seed?: number | undefined;
  readonly files?: InputFiles | undefined;
  readonly replayCommand?: string | undefined;
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly of: (result: ArchitectureResult) => number;
}

/** The metrics of a comparison; the first three are compared pair by pair. */
const METRICS: readonly Metric[] = [
  { name: 'page load p50', unit: 'ms', of: (r) => r.pageLoadTimeMs.p50 },
  { name: 'page load p95', unit: 'ms', of: (r) => r.pageLoadTimeMs.p95 },
  { name: 'page load p99', unit: 'ms', of: (r) => r.pageLoadTimeMs.p99 },
  { name: 'pages per second', unit: 'pages/s', of: (r) => r.pagesPerSec },
  { name: 'error share', unit: '1', of: (r) => r.errorShare },
  { name: 'degraded share', unit: '1', of: (r) => r.degraded / Math.max(1, r.requests) },
  { name: 'WAN calls per page', unit: 'calls', of: (r) => r.wanCallsPerPage },
  { name: 'internal calls per page', unit: 'calls', of: (r) => r.internalCallsPerPage },
  { name: 'WAN bytes per page', unit: 'bytes', of: (r) => r.bytesPerPage.wan },
  {
    name: 'highest utilization',
    unit: '1',
    of: (r) => Math.max(0, ...r.utilization.map((u) => u.mean)),
  },
  { name: 'wasted work share', unit: '1', of: (r) => r.wastedWorkShare },
];

/** Compares architectures.
 * @throws EngineError `STATS_BAD_ARGUMENT` below two replications; as inputs and runs do.
 * Cost: replications × architectures runs. */
export async function compareArchitectures(
  scenario: Scenario,
  options: CompareOptions,
): Promise<CompareDocument> {
  const { replications } = options;
  if (!Number.isInteger(replications) || replications < 2) {
    throw new EngineError(
      'STATS_BAD_ARGUMENT',
      `replications is ${replications}; an interval needs at least 2, better 5 or more`,
      { argument: 'replications', found: replications },
    );
  }
  const seeded = { ...scenario, seed: options.seed ?? scenario.seed };
  const inputs = await readRunInputs(seeded, options.files ?? {});
  const variants = variantsOf(seeded, options.architectures);
  const tasks = Array.from({ length: replications }, (_, replication) =>
    variants.map(({ name, architecture, scenario: varied }) => ({
      scenario: varied,
      architecture,
      name,
      interpreter: options.interpreter,
      replication,
      catalogue: inputs.catalogue,
      arrivals: inputs.arrivals,
      directory: undefined,
      trace: false,
    })),
  ).flat();
  const results = (await performRuns(tasks, options)).map(({ result }) => result);
  const valuesOf = (architecture: string, metric: Metric): PairedValues => ({
    architecture,
    metric: metric.name,
    unit: metric.unit,
    values: results.filter((result) => result.name === architecture).map(metric.of),
  });
  return {
    schema: 'backlot.compare/1',
    ...provenance(seeded, inputs, options.replayCommand),
    digest: combinedDigest(results.map((result) => result.digest)),
    replications,
    architectures: variants.map(({ name, architecture, scenario: varied }) => ({
      name,
      architecture,
      demand: pageDemand(varied),
      metrics: Object.fromEntries(
        METRICS.map((metric) => [metric.name, estimated(valuesOf(name, metric))]),
      ),
    })),
    differences: pairedDifferences(
      METRICS.slice(0, 3).flatMap((metric) => variants.map(({ name }) => valuesOf(name, metric))),
    ),
    differencesMethod: `paired over ${replications} replications on common random numbers`,
    ledger: {
      requests: sumLedgers(results.map((result) => result.ledger.requests)),
      events: sumLedgers(results.map((result) => result.ledger.events)),
    },
  };
}

function estimated({ unit, values }: PairedValues) {
  const { mean, low, high } = meanInterval(values);
  return { value: mean, low, high, unit, values };
}
