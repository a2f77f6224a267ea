/** The clickstream's side: workers that fall behind, partitions that are uneven, delays by design,
 * late events, and workers to spare. Spec: M185. */
import { termsOf } from '../../objectives/metrics/terms-of.ts';
import type { AdviceFinding } from '../advice-document.ts';
import {
  type Evidence,
  meanOf,
  minuteText,
  needsOf,
  operationsIn,
  percentText,
} from './evidence.ts';

const SATURATED = 0.85;
const SLACK = 0.5;
/** The busiest worker over the mean. */
const SKEWED = 1.5;

/** All findings of the pipeline. */
export function pipelineFindings(evidence: Evidence): readonly AdviceFinding[] {
  const needs = needsOf(evidence, 'pipeline');
  const workers = meanWorkers(evidence);
  const isFull = workers !== null && workers.peakUtilization >= SATURATED;
  return [
    ...(isFull ? saturated(workers, needs) : []),
    ...(workers === null ? [] : skewed(workers, needs)),
    ...(isFull ? [] : delays(evidence, workers)),
    ...late(evidence),
    ...(workers === null ? [] : slack(workers)),
  ];
}

interface MeanWorkers {
  readonly count: number;
  readonly utilization: number;
  readonly peakUtilization: number;
  readonly peakAtUs: number;
  readonly busiestOverMean: number;
  readonly maxLagEvents: number;
  readonly meanBatchEvents: number;
}

function meanWorkers(evidence: Evidence): MeanWorkers | null {
  const all = operationsIn(evidence).flatMap(({ pipeline }) => pipeline.workers ?? []);
  const [first] = all;
  if (first === undefined) return null;
  const highest = all.reduce((a, b) => (b.peakUtilization > a.peakUtilization ? b : a));
  return {
    count: first.count,
    utilization: meanOf(all.map((one) => one.utilization)),
    peakUtilization: meanOf(all.map((one) => one.peakUtilization)),
    peakAtUs: highest.peakAtUs,
    busiestOverMean: meanOf(
      all.map(({ utilization, utilizationByWorker }) =>
        utilization === 0 ? 1 : Math.max(...utilizationByWorker) / utilization,
      ),
    ),
    maxLagEvents: meanOf(all.map((one) => one.maxLagEvents)),
    meanBatchEvents: meanOf(all.map((one) => one.meanBatchEvents ?? 0)),
  };
}

function saturated(workers: MeanWorkers, needs: readonly string[]): readonly AdviceFinding[] {
  const { count, peakUtilization, peakAtUs, maxLagEvents } = workers;
  return [
    {
      id: 'workers-saturated:pipeline',
      kind: 'workers-saturated',
      subject: 'pipeline',
      role: needs.length > 0 ? 'binding' : 'contributing',
      objectives: needs,
      text:
        `${count} pipeline worker${count === 1 ? ' is' : 's are'} ` +
        `${percentText(peakUtilization)} busy at ${minuteText(peakAtUs)}, ` +
        `with ${Math.round(maxLagEvents)} events behind`,
      numbers: { ...workers },
    },
  ];
}

function skewed(workers: MeanWorkers, needs: readonly string[]): readonly AdviceFinding[] {
  const { count, busiestOverMean } = workers;
  if (needs.length === 0 || count < 2 || busiestOverMean < SKEWED) return [];
  return [
    {
      id: 'partitions-skewed:pipeline',
      kind: 'partitions-skewed',
      subject: 'pipeline',
      role: 'contributing',
      objectives: needs,
      text: `the busiest of ${count} workers does ${busiestOverMean.toFixed(1)} times the mean`,
      numbers: { ...workers },
    },
  ];
}

/** Freshness that is missed although nobody is behind: batches, flushes and polls make it. */
function delays(evidence: Evidence, workers: MeanWorkers | null): readonly AdviceFinding[] {
  const missed = evidence.needs.filter((objective) =>
    termsOf(objective).some(({ metric }) => metric === 'clickstream.freshness'),
  );
  if (missed.length === 0) return [];
  const busy =
    workers === null
      ? 'the pipeline takes no time'
      : `workers are ${percentText(workers.peakUtilization)} busy at most`;
  return [
    {
      id: 'pipeline-delays:pipeline',
      kind: 'pipeline-delays',
      subject: 'pipeline',
      role: 'binding',
      objectives: missed.map(({ text }) => text),
      text: `${busy}: batches, flushes and polls, and not work, make events old`,
      numbers: { peakUtilization: workers?.peakUtilization ?? 0 },
    },
  ];
}

function late(evidence: Evidence): readonly AdviceFinding[] {
  const missed = evidence.needs.filter((objective) =>
    termsOf(objective).some(({ metric }) => metric === 'events.late'),
  );
  const all = operationsIn(evidence).map(({ pipeline }) => pipeline);
  const lateShare = meanOf(all.map((one) => one.lateEvents / Math.max(1, one.events)));
  if (missed.length === 0 || lateShare === 0) return [];
  return [
    {
      id: 'events-late:pipeline',
      kind: 'events-late',
      subject: 'pipeline',
      role: 'binding',
      objectives: missed.map(({ text }) => text),
      text: `${(lateShare * 100).toFixed(2)} % of events come behind the watermark`,
      numbers: { lateShare },
    },
  ];
}

function slack(workers: MeanWorkers): readonly AdviceFinding[] {
  const { count, peakUtilization } = workers;
  if (count < 2 || peakUtilization > SLACK) return [];
  return [
    {
      id: 'workers-slack:pipeline',
      kind: 'workers-slack',
      subject: 'pipeline',
      role: 'slack',
      objectives: [],
      text: `${count} pipeline workers are at most ${percentText(peakUtilization)} busy`,
      numbers: { ...workers },
    },
  ];
}
