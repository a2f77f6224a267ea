/** The workers of the clickstream pipeline: how busy they are, and how far behind they are when. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import { capitalized, formatCount, formatNumber, formatShare } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';
import { subjectPanels } from '../subject-panels.ts';

type Workers = NonNullable<ArchitectureResult['pipeline']['workers']>;

/** The section; undefined where the pipeline has no workers that take time. */
export function pipelineWorkersSection(document: RunDocument): Section | undefined {
  const worked = document.architectures.flatMap((one) =>
    one.pipeline.workers === null ? [] : [{ name: one.name, workers: one.pipeline.workers }],
  );
  if (worked.length === 0) return undefined;
  const hasWorkers = ({ pipeline }: ArchitectureResult) => pipeline.workers !== null;
  return {
    id: 'pipeline-workers',
    heading: 'Pipeline workers',
    body: `<p>Workers take events from the partitions of the log in batches. The lag is what lies
in the log and is not done; a partition has one worker: those beyond the partitions are idle.</p>
${renderTable({
  caption: 'Workers of the pipeline, drain included',
  columns: [
    capitalized(subjectNoun(document.architectures)),
    'Workers',
    'Busy',
    'Events per batch',
    'Wait, s',
    'In a batch, s',
    'Lag, mean',
    'Lag, highest',
    'Lag at the end',
    'Drained after, s',
  ],
  rows: worked.map(({ name, workers }) => workersRow(name, workers)),
})}
<h3 class="apart">Consumer lag</h3>
${subjectPanels(document, {
  id: 'consumer-lag',
  unit: 'events, the most in each stretch',
  mayBeLog: false,
  isShown: hasWorkers,
  select: ({ series }) => series.consumerLag,
  below: {
    unit: '% of pipeline workers busy',
    select: ({ series }) =>
      series.workerUtilization.map(({ name, values }) => ({
        name,
        values: values.map((value) => (value === null ? null : value * 100)),
      })),
  },
})}`,
  };
}

function workersRow(name: string, found: Workers): readonly string[] {
  const seconds = (ms: number | null) => formatNumber(ms === null ? null : ms / 1_000);
  return [
    name,
    formatCount(found.workers),
    formatShare(found.utilization),
    formatNumber(found.meanBatchEvents),
    seconds(found.meanWaitMs),
    seconds(found.meanServiceMs),
    formatNumber(found.meanLagEvents),
    formatCount(found.maxLagEvents),
    formatCount(found.lagAtEndEvents),
    formatNumber(found.drainSeconds),
  ];
}
