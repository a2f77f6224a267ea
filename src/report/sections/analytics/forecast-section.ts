/** The load that was forecast, beside what came and beside the replicas of every autoscaler of the
 * document: those that looked ahead and those that did not. */
import type { ArchitectureResult, RunDocument, Series } from '../../../experiment/result.ts';
import type { LoadForecast } from '../../../experiment/results/requests/load-forecasts.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import { capitalized, formatNumber } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';
import { subjectPanels } from '../subject-panels.ts';
import { ACCURACY_WORDS, accuracyTable } from './forecast-accuracy.ts';

const BAND = ['5 % are below', '95 % are below'] as const;

/** Undefined where nobody forecasts. Documents of before have no forecasts. */
export function forecastSection(document: RunDocument): Section | undefined {
  const { architectures } = document;
  const forecasting = architectures.filter(({ loadForecasts }) => loadForecasts !== undefined);
  if (forecasting.length === 0) return undefined;
  const isShown = ({ path, loadForecasts }: ArchitectureResult) =>
    loadForecasts !== undefined || (path?.autoscalers.length ?? 0) > 0;
  const below = { unit: 'replicas', select: readyReplicas };
  const choice = { id: 'forecast', unit: 'pages a minute', mayBeLog: false, isShown, band: BAND };
  const slo = architectures.filter(({ sloMinutes }) => sloMinutes !== undefined);
  return {
    id: 'load-forecast',
    heading: 'Load forecast',
    body: `<p>What the evenings before let the autoscaler expect, the interval that is to hold 90 %
of it, and what came; under it, the replicas that were ready, of those that looked ahead and of
those that looked at their usage only. A replica that is ready after the load came was asked for
too late.</p>
${subjectPanels(document, { ...choice, select: loads, below })}
${forecasting.map(accuracyOf).join('\n')}
${slo.length === 0 ? '' : minutesTable(slo)}`,
  };
}

/** What came, and what was expected where somebody did, over the buckets of the run's series. */
function loads(one: ArchitectureResult): readonly Series[] {
  const { series, loadForecasts = [] } = one;
  const came = { name: 'came', values: series.requestsPerMinute };
  const [first] = loadForecasts;
  if (first === undefined) return [came];
  const over = (values: readonly number[]) => series.minutes.map((m) => at(first, values, m));
  return [
    came,
    { name: 'forecast', values: over(first.mean) },
    { name: BAND[0], values: over(first.low) },
    { name: BAND[1], values: over(first.high) },
  ];
}

function at({ bucketSeconds }: LoadForecast, values: readonly number[], minute: number) {
  return values[Math.floor((minute * 60) / bucketSeconds)] ?? null;
}

function readyReplicas({ path }: ArchitectureResult): readonly Series[] {
  return (path?.autoscalers ?? []).map(({ server, ready }) => ({
    name: `${server} ready`,
    values: ready,
  }));
}

function accuracyOf({ name, loadForecasts = [] }: ArchitectureResult): string {
  return loadForecasts
    .map((one) => {
      const { server, evenings, bucketSeconds, leadSeconds, fallback } = one;
      const caption = `${capitalized(name)}: how good the forecast for ${server} was`;
      const why = fallback === null ? '' : ` Fallback: ${fallback}.`;
      const note =
        `Learned from ${evenings} evenings in buckets of ${formatNumber(bucketSeconds)} s, ` +
        `used ${formatNumber(leadSeconds)} s ahead.${why} ${ACCURACY_WORDS}`;
      const models = [
        { name: one.model, accuracy: one.accuracy },
        { name: 'seasonal naive', accuracy: one.naiveAccuracy },
      ];
      return `${accuracyTable(caption, models)}
<p class="note">${escapeHtml(note)}</p>`;
    })
    .join('\n');
}

/** Minutes missed beside replica hours: what a forecast gains, and what it costs. */
function minutesTable(shown: readonly ArchitectureResult[]): string {
  const hoursOf = ({ servers }: ArchitectureResult) => {
    const hours = servers.flatMap(({ replicaHours }) => replicaHours ?? []);
    return hours.length === 0 ? null : hours.reduce((sum, one) => sum + one, 0);
  };
  return renderTable({
    caption: 'Minutes in which an objective was missed, and replica hours of autoscaled servers',
    columns: [capitalized(subjectNoun(shown)), 'Minutes missed', 'Of', 'Replica hours'],
    rows: shown.map((one) => [
      one.name,
      formatNumber(one.sloMinutes?.missed ?? null),
      formatNumber(one.sloMinutes?.of ?? null),
      formatNumber(hoursOf(one)),
    ]),
  });
}
