/** `compare`: replications of all architectures on common random numbers, until intervals are as
 * narrow as asked or a number is reached. Its sections are in the files beside this one. */
import type { InterpreterName } from '../../actors/runtime/interpreters.ts';
import type { ArchitectureName } from '../../gateway/architecture.ts';
import { EngineError, nearestName } from '../../kernel/errors.ts';
import { type Campaign, createCampaign } from '../campaign/campaign.ts';
import { METRICS, type Metric } from '../campaign/metrics.ts';
import { usdPerMillionRequestsAtSlo } from '../costs/run-cost.ts';
import { judgeObjectives } from '../objectives/judge-objectives.ts';
import type { ObjectiveVerdict } from '../objectives/objective.ts';
import type { CompareDocument } from '../result.ts';
import { sumLedgers } from '../results/ledger.ts';
import { combinedDigest, provenance } from '../run.ts';
import { type InputFiles, readRunInputs } from '../run-inputs.ts';
import type { PoolOptions } from '../run-pool.ts';
import type { Scenario } from '../scenario/schema.ts';
import { variantsOf } from '../scenario/variants.ts';
import { checkBaseline } from './baseline.ts';
import { brokenInWords } from './broken-laws.ts';
import type { StoppingReport } from './compare-sections.ts';
import { controlsOf, type DisclosedEstimate, estimateOf } from './estimates.ts';
import { poolableMetrics, type SubjectObservations } from './observations.ts';
import { comparedPairs } from './pairs.ts';
import { type MadeReplications, makeReplications } from './replications.ts';
import type { SelectionOptions } from './selection.ts';

/** What is compared and how; plain data but for the callbacks, so that `merge` can ask again. */
export interface ComparisonOptions {
  /** At least 2. Without `precision` so many are made; with it at least 5 unless given. */
  readonly replications?: number | undefined;
  /** Relative error of the metrics, between 0 and 1: replications are made until every one of them
   * is as precise for every subject, or `maxReplications` are made. */
  readonly precision?: number | undefined;
  /** Names of metrics that have to be precise; the first is what the best is selected by. Default
   * `page load p95`. */
  readonly metrics?: readonly string[] | undefined;
  /** Default 200. */
  readonly maxReplications?: number | undefined;
  readonly architectures?: readonly ArchitectureName[] | undefined;
  readonly seed?: number | undefined;
  readonly selection?: Omit<SelectionOptions, 'first'> | undefined;
  /** Whether replications come in antithetic pairs; even numbers of them then. */
  readonly isAntithetic?: boolean | undefined;
  /** Whether means are corrected by what is known of the arrivals. */
  readonly hasControls?: boolean | undefined;
  readonly replayCommand?: string | undefined;
  /** The command that runs the scenario once; verdicts add whom, and which replication. Those of
   * antithetic pairs have none: a single run mirrors no draws. */
  readonly runCommand?: string | undefined;
  /** An earlier comparison to hold this one against. */
  readonly baseline?:
    | { readonly document: CompareDocument; readonly tolerance: number }
    | undefined;
}

/** How a running comparison tells how it stands. */
export interface ComparisonListeners {
  readonly onLook?: ((stopping: StoppingReport, expected: number) => void) | undefined;
}

/** Options of {@link compareArchitectures}. */
export interface CompareOptions extends ComparisonOptions, PoolOptions, ComparisonListeners {
  /** Runs the actors; changes nothing but the time it takes. Default `compiled`. */
  readonly interpreter?: InterpreterName | undefined;
  readonly files?: InputFiles | undefined;
}

const DEFAULT_METRIC = 'page load p95';
const MIN_REPLICATIONS = 5;
const DEFAULT_REPLICATIONS = 10;
const MAX_REPLICATIONS = 200;
/** Compared pair by pair, in this order, besides those that have to be precise; the last two where
 * there are objectives with windows, and autoscalers. */
const COMPARED = [
  ...['page load p50', 'page load p95', 'page load p99', 'page load mean'],
  ...['SLO minutes missed', 'replica hours'],
];

/** Compares architectures.
 * @throws EngineError `STATS_BAD_ARGUMENT` below two replications or for an unknown metric; as
 * inputs and runs do. Cost: replications × architectures runs. */
export async function compareArchitectures(
  scenario: Scenario,
  options: CompareOptions = {},
): Promise<CompareDocument> {
  checkComparison(options);
  const campaign = createCampaign(options);
  try {
    const document = await compareOn(campaign, scenario, options);
    if (document === undefined) throw tooFew(0);
    return document;
  } finally {
    await campaign.close();
  }
}

/** Compares on a campaign that the caller opened, and closes.
 * @returns undefined where the campaign stopped before there was enough for an interval.
 * @throws as {@link compareArchitectures}. Spec: E155–E163. */
export async function compareOn(
  campaign: Campaign,
  scenario: Scenario,
  options: ComparisonOptions & ComparisonListeners & { readonly files?: InputFiles | undefined },
): Promise<CompareDocument | undefined> {
  const { metrics, minReplications, maxReplications } = checkComparison(options);
  const seeded = { ...scenario, seed: options.seed ?? scenario.seed };
  const inputs = await readRunInputs(seeded, options.files ?? {});
  const points = variantsOf(seeded, options.architectures);
  const observationSize = options.isAntithetic === true ? 2 : 1;
  const first = Math.max(2, minReplications / observationSize);
  const made = await makeReplications(campaign, points, {
    precision: options.precision,
    metrics,
    minReplications,
    maxReplications,
    selection: options.selection && { ...options.selection, first },
    observationSize,
    onLook: options.onLook,
  });
  if (made === undefined) return undefined;
  const common = provenance(seeded, inputs, options.replayCommand);
  return { ...common, ...documentOf(made, { scenario: seeded, metrics, options }) };
}

interface DocumentParts {
  readonly scenario: Scenario;
  readonly metrics: readonly Metric[];
  readonly options: ComparisonOptions;
}

function documentOf(
  { subjects, stopping, selection }: MadeReplications,
  { scenario, metrics: precise, options }: DocumentParts,
): Omit<CompareDocument, keyof ReturnType<typeof provenance>> {
  const { isAntithetic = false, hasControls = false } = options;
  const metrics = poolableMetrics(subjects);
  const estimates = subjects.map((subject) =>
    metrics.map((metric) => ({
      metric,
      ...estimateOf(subject, metric, { isAntithetic, hasControls }),
    })),
  );
  const { baseline } = options;
  const verdicts = judgeObjectives({
    objectives: scenario.objectives,
    samples: new Map(subjects.map((subject) => [subject.name, subject.samples])),
    observationSize: isAntithetic ? 2 : 1,
    replayCommand: (subject, replication) =>
      replayOf(options, { subject, replication, hasVariants: scenario.variants.length > 0 }),
  });
  const architectures = subjects.map(({ name, architecture, demand, samples }, i) => {
    const found = Object.fromEntries(
      (estimates[i] ?? []).map(({ metric, reduction: _, ...one }) => [metric.name, one]),
    );
    return {
      name,
      architecture,
      demand,
      digests: samples.map(({ digest }) => digest),
      metrics: found,
      usdPerMillionPagesAtSlo: usdPerMillionRequestsAtSlo({
        usdPerHour: found['cost per hour']?.value ?? Number.NaN,
        requestsPerSec: found['pages per second']?.value ?? 0,
        meetsObjectives: meetsAll(verdicts, name),
      }),
    };
  });
  const n = stopping.replications.length;
  const all = Array.from({ length: n }, (_, r) =>
    subjects.flatMap((subject) => subject.samples[r] ?? []),
  ).flat();
  return {
    schema: 'backlot.compare/1',
    digest: combinedDigest(all.map((sample) => sample.digest)),
    replications: n,
    architectures,
    differences: comparedPairs(subjects, comparedMetrics(metrics, precise)),
    differencesMethod: differencesMethod(stopping, isAntithetic),
    stopping,
    selection,
    varianceReduction: {
      isAntithetic,
      controls: hasControls ? disclosedControls(subjects) : [],
      achieved: subjects.flatMap(({ name }, i) => (estimates[i] ?? []).flatMap(achievedBy(name))),
    },
    verdicts,
    baseline:
      baseline === undefined
        ? null
        : checkBaseline({ seed: scenario.seed, architectures, stopping }, baseline.document, {
            metrics: comparedMetrics(metrics, precise),
            tolerance: baseline.tolerance,
          }),
    broken: brokenInWords(all),
    ledger: {
      requests: sumLedgers(all.map((sample) => sample.ledger.requests)),
      events: sumLedgers(all.map((sample) => sample.ledger.events)),
    },
  };
}

/** How one replication of one subject is run by itself. */
function replayOf(
  { runCommand, isAntithetic, replayCommand = '' }: ComparisonOptions,
  one: { readonly subject: string; readonly replication: number; readonly hasVariants: boolean },
): string {
  const { subject, replication, hasVariants } = one;
  if (runCommand === undefined || isAntithetic === true) {
    return `${replayCommand} # ${subject}, replication ${replication}`;
  }
  const option = hasVariants ? '--variant' : '--arch';
  return `${runCommand} ${option} ${subject} --replication ${replication}`;
}

/** Whether a subject has objectives that can fail, and is shown to meet every one. */
function meetsAll(verdicts: readonly ObjectiveVerdict[], subject: string): boolean {
  const own = verdicts.filter((one) => one.subject === subject && one.severity === 'fail');
  return own.length > 0 && own.every(({ verdict }) => verdict === 'pass');
}

function achievedBy(subject: string) {
  return ({ metric, reduction }: DisclosedEstimate & { readonly metric: Metric }) =>
    reduction === null ? [] : [{ subject, metric: metric.name, ...reduction }];
}

function disclosedControls(subjects: readonly SubjectObservations[]) {
  const controls = subjects.flatMap(controlsOf).map(({ name, mean }) => ({ name, mean }));
  return [...new Map(controls.map((one) => [`${one.name} ${one.mean}`, one])).values()];
}

function comparedMetrics(
  metrics: readonly Metric[],
  precise: readonly Metric[],
): readonly Metric[] {
  const names = new Set([...COMPARED, ...precise.map(({ name }) => name)]);
  return [...names].flatMap((name) => metrics.find((metric) => metric.name === name) ?? []);
}

function differencesMethod({ observations }: StoppingReport, isAntithetic: boolean): string {
  const of = isAntithetic ? 'antithetic pairs of replications' : 'replications';
  return `paired over ${observations} ${of} on common random numbers`;
}

/** Checks what can be wrong before the first run. */
function checkComparison(options: ComparisonOptions): {
  readonly metrics: readonly Metric[];
  readonly minReplications: number;
  readonly maxReplications: number;
} {
  const { precision, isAntithetic = false } = options;
  const asked = options.replications;
  const isFixed = precision === undefined;
  const min = asked ?? (isFixed ? DEFAULT_REPLICATIONS : MIN_REPLICATIONS);
  if (!Number.isInteger(min) || min < 2) throw tooFew(min);
  const even = (n: number) => (isAntithetic ? 2 * Math.ceil(n / 2) : n);
  const least = isAntithetic ? Math.max(4, even(min)) : min;
  const hasMax = !isFixed || options.selection !== undefined;
  const most = hasMax ? even(options.maxReplications ?? Math.max(MAX_REPLICATIONS, least)) : least;
  requireArgument(most >= least, {
    argument: 'maxReplications',
    found: most,
    rule: `at least ${least}, the least number of replications`,
  });
  requireArgument(isFixed || (precision > 0 && precision < 1), {
    argument: 'precision',
    found: precision,
    rule: 'between 0 and 1, like 0.02 for 2 %',
  });
  checkSelection(options.selection);
  return {
    metrics: (options.metrics ?? [DEFAULT_METRIC]).map(metricNamed),
    minReplications: least,
    maxReplications: most,
  };
}

function checkSelection(selection: ComparisonOptions['selection']): void {
  if (selection === undefined) return;
  const { indifference, confidence } = selection;
  requireArgument(indifference > 0, {
    argument: 'indifference',
    found: indifference,
    rule: 'above 0, like 0.05 for 5 %',
  });
  requireArgument(confidence > 0.5 && confidence < 1, {
    argument: 'confidence',
    found: confidence,
    rule: 'above 0.5 and below 1, like 0.95 for 95 %',
  });
}

function metricNamed(name: string): Metric {
  const pooled = METRICS.filter(({ isUnpoolable }) => isUnpoolable !== true);
  const metric = pooled.find((one) => one.name === name);
  if (metric !== undefined) return metric;
  const names = pooled.map((one) => one.name);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  throw new EngineError(
    'STATS_BAD_ARGUMENT',
    `there is no metric "${name}"${hint}; there are ${names.join(', ')}`,
    { argument: 'metrics', found: name },
  );
}

function requireArgument(
  holds: boolean,
  { argument, found, rule }: { argument: string; found: unknown; rule: string },
): void {
  if (holds) return;
  throw new EngineError(
    'STATS_BAD_ARGUMENT',
    `${argument} is ${String(found)}, but it must be ${rule}`,
    { argument, found },
  );
}

function tooFew(replications: number): EngineError {
  return new EngineError(
    'STATS_BAD_ARGUMENT',
    `replications is ${replications}; an interval needs at least 2, better 5 or more`,
    { argument: 'replications', found: replications },
  );
}
