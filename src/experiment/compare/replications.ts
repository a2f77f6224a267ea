/** Replications of a comparison: made until the stopping rule is met, and looked at only where
 * samples alone decide when to look next, so that threads and clocks decide nothing. */
import {
  type StoppingVerdict,
  stoppingVerdict,
} from '../../stats/replications/sequential-stopping.ts';
import type { Campaign, Point } from '../campaign/campaign.ts';
import type { Metric } from '../campaign/metrics.ts';
import type { RunSample } from '../campaign/run-sample.ts';
import { pageDemand } from '../results/page-demand.ts';
import type { SelectionReport, StoppingLine, StoppingReport } from './compare-sections.ts';
import { stoppingMetricOf } from './estimates.ts';
import { observed, type SubjectObservations } from './observations.ts';
import { type SelectionOptions, selectBest } from './selection.ts';

/** How many replications. */
export interface StoppingOptions {
  /** Relative error γ, between 0 and 1; without one `minReplications` are made. */
  readonly precision: number | undefined;
  /** What has to be precise, or is selected by: the first. */
  readonly metrics: readonly Metric[];
  readonly minReplications: number;
  readonly maxReplications: number;
  readonly selection: SelectionOptions | undefined;
  /** Replications of an observation: 1, or 2 for antithetic pairs. */
  readonly observationSize: number;
  /** Called after each look: how it stands, and about how many runs there will be. */
  readonly onLook?: ((stopping: StoppingReport, expected: number) => void) | undefined;
}

/** Replications that were made. */
export interface MadeReplications {
  readonly subjects: readonly SubjectObservations[];
  readonly stopping: StoppingReport;
  readonly selection: SelectionReport | null;
}

/** An interval takes two observations. */
const OBSERVATIONS_MIN = 2;

/** Makes replications of all points until the rule is met.
 * @returns what there is; undefined where it is too little for any interval. Spec: E155, E158. */
export async function makeReplications(
  campaign: Campaign,
  points: readonly Point[],
  options: StoppingOptions,
): Promise<MadeReplications | undefined> {
  const { observationSize: size, minReplications, maxReplications } = options;
  const series = points.map((point): Series => ({ point, samples: [], isOpen: true }));
  let asked = 0;
  let wanted = Math.min(minReplications, maxReplications);
  for (;;) {
    await extend(campaign, series, { from: asked, to: wanted });
    asked = wanted;
    const subjects = series.map(({ point: { name, architecture, scenario }, samples }) => {
      const whole = wholeObservations(samples, size);
      return observed({ name, architecture, demand: pageDemand(scenario), samples: whole }, size);
    });
    const count = Math.min(...subjects.map(({ observations }) => observations.length));
    if (count < OBSERVATIONS_MIN) return undefined;
    const look = lookAt(subjects, options, campaign);
    const next = nextCount(look, options, asked);
    if (options.selection === undefined) closeReached(series, look.stopping);
    options.onLook?.(look.stopping, expectedRuns(look.stopping, series));
    if (next === undefined) return { subjects, ...look };
    wanted = next;
  }
}

/** One point and its samples so far. */
interface Series {
  readonly point: Point;
  readonly samples: RunSample[];
  /** Whether it gets more. */
  isOpen: boolean;
}

/** Adds replications to what is open; of those that the campaign stopped in, none. */
async function extend(
  campaign: Campaign,
  series: readonly Series[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const open = series.filter(({ isOpen }) => isOpen);
  const numbers = Array.from({ length: to - from }, (_, i) => from + i);
  const made = await campaign.samples(
    open.map(({ point }) => point),
    numbers,
  );
  for (const j of numbers.keys()) {
    const row = made.map((samples) => samples[j]).filter((sample) => sample !== undefined);
    if (row.length < open.length) continue;
    row.forEach((sample, i) => void open[i]?.samples.push(sample));
  }
}

/** What is as precise as was asked for gets no more: the others do. */
function closeReached(series: readonly Series[], { rule, lines }: StoppingReport): void {
  if (rule === 'fixed') return;
  for (const one of series) {
    one.isOpen = lines.some(
      ({ subject, state }) => subject === one.point.name && state === 'not reached',
    );
  }
}

function expectedRuns(
  { lines, maxReplications }: StoppingReport,
  series: readonly Series[],
): number {
  return series.reduce((sum, { point, samples, isOpen }) => {
    const predicted = lines
      .filter(({ subject }) => subject === point.name)
      .map(({ moreReplications }) => moreReplications ?? 0);
    const more = isOpen ? Math.max(0, ...predicted) : 0;
    return sum + Math.min(maxReplications, samples.length + more);
  }, 0);
}

/** Only whole observations count: of antithetic pairs both, 2k and 2k + 1. */
function wholeObservations(samples: readonly RunSample[], size: number): readonly RunSample[] {
  if (size === 1) return samples;
  const numbers = new Set(samples.map(({ replication }) => replication));
  return samples.filter(({ replication: n }) => numbers.has(n % 2 === 0 ? n + 1 : n - 1));
}

interface Look {
  readonly stopping: StoppingReport;
  readonly selection: SelectionReport | null;
}

function lookAt(
  subjects: readonly SubjectObservations[],
  options: StoppingOptions,
  campaign: Campaign,
): Look {
  const { precision, minReplications, maxReplications, observationSize: size } = options;
  const [longest] = [...subjects].sort((a, b) => b.samples.length - a.samples.length);
  const replications = (longest?.samples ?? []).map(({ replication }) => replication);
  const observations = replications.length / size;
  const [first] = options.metrics;
  const { selection: wanted } = options;
  const selection =
    wanted === undefined || first === undefined ? null : selectBest(subjects, first, wanted);
  const verdict = precisionVerdict(subjects, options, observations);
  const stopped = campaign.stopped === 'shard' ? null : (campaign.stopped ?? null);
  const more = verdict?.moreReplications ?? null;
  const stopping: StoppingReport = {
    rule: precision === undefined ? 'fixed' : 'precision',
    precision: precision ?? null,
    minReplications,
    maxReplications,
    decision: decisionOf(verdict, { stopped, isCapped: replications.length >= maxReplications }),
    stopped,
    replications,
    observations,
    moreReplications: more === null ? null : more * size,
    lines: linesOf(verdict, subjects, options),
  };
  return { stopping, selection };
}

/** Every metric of every subject against the precision that is asked for, or against none where a
 * fixed number is: then only how wide intervals are is told. */
function precisionVerdict(
  subjects: readonly SubjectObservations[],
  { precision, metrics, minReplications, observationSize: size }: StoppingOptions,
  observations: number,
): StoppingVerdict | undefined {
  if (precision === undefined || metrics.length === 0) return undefined;
  const stoppingMetrics = metrics.flatMap((metric) =>
    subjects.map((subject) => stoppingMetricOf(subject, metric)),
  );
  return stoppingVerdict(stoppingMetrics, observations, {
    relativeError: precision,
    minimum: Math.max(OBSERVATIONS_MIN, Math.ceil(minReplications / size)),
    cap: Number.MAX_SAFE_INTEGER,
  });
}

function decisionOf(
  verdict: StoppingVerdict | undefined,
  at: { readonly stopped: StoppingReport['stopped']; readonly isCapped: boolean },
): StoppingReport['decision'] {
  if (verdict === undefined) return at.stopped === null ? 'fixed' : 'stopped';
  if (verdict.decision === 'reached' || verdict.decision === 'cannot') return verdict.decision;
  if (at.stopped !== null) return 'stopped';
  return 'cap';
}

function linesOf(
  verdict: StoppingVerdict | undefined,
  subjects: readonly SubjectObservations[],
  { observationSize: size }: StoppingOptions,
): readonly StoppingLine[] {
  return (verdict?.metrics ?? []).map((metric, i) => ({
    subject: subjects[i % subjects.length]?.name ?? '',
    metric: metric.name,
    replications: metric.n * size,
    state: metric.state,
    confidence: metric.confidence,
    relativeHalfWidth: metric.relativeHalfWidth,
    moreReplications: metric.moreReplications === null ? null : metric.moreReplications * size,
    reason: metric.refusal?.text ?? null,
  }));
}

/** How many replications to have at the next look; undefined where this was the last. As many as
 * are predicted to do, at least two more and at most as many again: few predict poorly. */
function nextCount(
  { stopping, selection }: Look,
  options: StoppingOptions,
  asked: number,
): number | undefined {
  const { maxReplications, observationSize: size } = options;
  const isPrecise = stopping.decision !== 'cap';
  // Where there is nothing to select among, no more replications would select.
  const isSelected = selection === null || selection.selected !== null;
  const hasEnough = isPrecise && isSelected;
  if (stopping.stopped !== null || hasEnough || asked >= maxReplications) return undefined;
  const predicted = isPrecise ? 0 : (stopping.moreReplications ?? asked);
  const more = Math.min(asked, Math.max(2 * size, predicted));
  return Math.min(maxReplications, asked + Math.ceil(more / size) * size);
}
