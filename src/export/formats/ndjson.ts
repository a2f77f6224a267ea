/** Metrics as newline-delimited JSON: one object a value, in the words of OpenTelemetry's metrics.
 * Spec: X10, X11. */
import type { ExportFormat } from '../export-format.ts';
import type { MetricSample } from '../metrics/metric-sample.ts';
import { samplesOf, timesOf } from '../metrics/samples-of.ts';

/** One line a value: `name`, `unit` (UCUM), `type` (`gauge` or `sum`), `attributes`, `value`, its
 * interval where there is one, and its time where there is one. */
export const NDJSON: ExportFormat = {
  name: 'ndjson',
  mediaType: 'application/x-ndjson',
  extension: 'ndjson',
  refusal: () => null,
  render(document) {
    const times = timesOf(document);
    const line = (sample: MetricSample): string => {
      const { name, definition, attributes, value, low, high, atUs } = sample;
      return `${JSON.stringify({
        name,
        unit: definition.unit,
        type: definition.kind === 'counter' ? 'sum' : 'gauge',
        attributes,
        value,
        ...(low === null && high === null ? {} : { low, high }),
        ...(times === null ? {} : { time: timeOf(atUs, times) }),
      })}\n`;
    };
    return samplesOf(document).map(line).join('');
  },
};

function timeOf(
  atUs: number | null,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): string {
  return new Date(atUs === null ? endMs : startMs + Math.round(atUs / 1_000)).toISOString();
}
