/** Metrics of truth, batch and stream side by side, and which named events each difference comes
 * of. Only runs that were asked for it have it. Spec: S132–S134. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderGroups, renderTable } from '../../html/table.ts';
import { formatCount, formatNumber, NO_NUMBER } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';

type Agreement = NonNullable<ArchitectureResult['agreement']>;
type Figure = Agreement['metrics'][number]['examples'][number];

/** Metrics whose rows begin with a day or a week: its length. */
const DAYS: Readonly<Record<string, number>> = {
  active_users: 1,
  cohort_retention: 1,
  daily_users: 1,
  weekly_cohort_retention: 7,
};
const MS_PER_DAY = 86_400_000;

/** Figures of a metric that are shown, those that differ first. */
const FIGURES_MAX = 4;

/** The section; undefined where nobody asked for it. */
export function agreementSection({ architectures }: RunDocument): Section | undefined {
  const shown = architectures.flatMap(({ name, agreement }) =>
    agreement === undefined ? [] : [{ name, html: agreementHtml(name, agreement) }],
  );
  if (shown.length === 0) return undefined;
  return {
    id: 'agreement',
    heading: 'Truth, batch and stream',
    body: `<p>Each metric three times: of the events as they were captured, at their true times;
of the warehouse; and of a stream that read what the pipeline committed. Differences are explained
by named events, and the explanation is proved by computing again without exactly these.</p>
${renderGroups(shown, subjectNoun(architectures))}`,
  };
}

function agreementHtml(name: string, agreement: Agreement): string {
  const { skipped, unexplained, events, metrics } = agreement;
  if (skipped !== null) return `<p>Not compared: ${escapeHtml(skipped)}.</p>`;
  const differing = metrics.filter((one) => one.batchDiffers + one.streamDiffers > 0);
  const same = metrics.length - differing.length;
  const verdict = agreement.isExplained
    ? `Every difference is explained: ${formatCount(events.captured)} events were captured,
${formatCount(events.stored)} are stored, ${formatCount(events.inTime)} were in time for the
stream.`
    : `<strong>Not everything is explained</strong>: ${escapeHtml(unexplained.join('; '))}.`;
  const isAlike = differing.length === 0;
  const hasCauses = agreement.causes.length > 0;
  return `<p>${verdict} ${formatCount(same)} of ${formatCount(metrics.length)} metrics are the
same in all three.</p>
${hasCauses ? causesTable(name, agreement) : '<p>No event was lost, changed or late.</p>'}
${isAlike ? '' : metricsTable(name, differing)}`;
}

function causesTable(name: string, { causes }: Agreement): string {
  return renderTable({
    caption: `${name}: what happened to events`,
    columns: ['Cause', 'Events', 'Effect', 'Types', 'For example'],
    textColumns: [2, 3, 4],
    rows: causes.map(({ cause, kind, events, byType, examples }) => [
      cause,
      formatCount(events),
      EFFECTS[kind],
      Object.entries(byType)
        .map(([type, count]) => `${type} ${formatCount(count)}`)
        .join(', '),
      examples.join(', '),
    ]),
  });
}

const EFFECTS: Readonly<Record<Agreement['causes'][number]['kind'], string>> = {
  missing: 'not in the batch',
  changed: 'otherwise in the batch',
  late: 'not in the stream',
  added: 'in the batch only',
};

function metricsTable(name: string, metrics: Agreement['metrics']): string {
  return renderTable({
    caption: `${name}: metrics that differ`,
    columns: ['Metric', 'Figure', 'Truth', 'Batch', 'Stream', 'Batch − truth', 'Cause'],
    textColumns: [1, 6],
    rows: metrics.flatMap(({ metric, examples, causes }) =>
      examples
        .filter(({ truth, batch, stream }) => truth !== batch || batch !== stream)
        .slice(0, FIGURES_MAX)
        .map((figure) => [
          metric,
          figureName(metric, figure),
          ...[figure.truth, figure.batch, figure.stream].map(valueText),
          differenceText(figure),
          causesOf(figure, causes) || 'several together',
        ]),
    ),
  });
}

/** Days and weeks are counted from the Unix epoch's. */
function figureName(metric: string, { row, column }: Figure): string {
  if (row === '') return column;
  const days = DAYS[metric];
  const text =
    days === undefined
      ? row
      : row.replace(/^\d+/, (n) =>
          new Date((Number(n) * days - (days === 7 ? 3 : 0)) * MS_PER_DAY)
            .toISOString()
            .slice(0, 10),
        );
  return `${column} of ${text}`;
}

/** What came late is no cause between truth and batch, and the other way round. */
function causesOf({ truth, batch, stream }: Figure, causes: readonly string[]): string {
  const isLate = (cause: string) => cause.startsWith('late: ');
  return causes.filter((cause) => (isLate(cause) ? batch !== stream : truth !== batch)).join('; ');
}

function valueText(value: Figure['truth']): string {
  if (value === null) return NO_NUMBER;
  return typeof value === 'number' ? formatNumber(value) : value;
}

function differenceText({ truth, batch }: Figure): string {
  if (typeof truth !== 'number' || typeof batch !== 'number') return NO_NUMBER;
  return formatNumber(batch - truth);
}
