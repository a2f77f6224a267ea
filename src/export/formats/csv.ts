/** Metrics as one long table: a row a value, a column an attribute, so that any spreadsheet can
 * filter and pivot it. Spec: X12, X13. */
import type { ExportFormat } from '../export-format.ts';
import { samplesOf, timesOf } from '../metrics/samples-of.ts';
import { csvRecord } from '../text/csv-cell.ts';

/** RFC 4180 with CR LF, a header, UTF-8; columns: metric, unit, the attributes by name, minute,
 * time, value, low, high. */
export const CSV: ExportFormat = {
  name: 'csv',
  mediaType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  refusal: () => null,
  render(document) {
    const samples = samplesOf(document);
    const times = timesOf(document);
    const keys = [...new Set(samples.flatMap((one) => Object.keys(one.attributes)))].sort();
    const header = ['metric', 'unit', ...keys, 'minute', 'time', 'value', 'low', 'high'];
    const rows = samples.map(({ name, definition, attributes, atUs, value, low, high }) => [
      name,
      definition.unit,
      ...keys.map((key) => attributes[key]),
      atUs === null ? null : atUs / 60e6,
      atUs === null || times === null
        ? null
        : new Date(times.startMs + Math.round(atUs / 1_000)).toISOString(),
      value,
      low,
      high,
    ]);
    return [header, ...rows].map(csvRecord).join('');
  },
};
