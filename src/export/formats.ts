/** Every format of exports, by the name that `--format` takes. */
import { EngineError, nearestName } from '../kernel/errors.ts';
import type { ExportableDocument, ExportFormat, ExportSources } from './export-format.ts';
import { CSV } from './formats/csv.ts';
import { HDR } from './formats/hdr.ts';
import { JSON_FORMAT } from './formats/json.ts';
import { JUNIT } from './formats/junit.ts';
import { MARKDOWN } from './formats/markdown.ts';
import { NDJSON } from './formats/ndjson.ts';
import { OPENMETRICS } from './formats/openmetrics.ts';
import { OTLP } from './formats/otlp.ts';
import { PERFETTO } from './formats/perfetto.ts';

/** All formats, in the order in which help lists them. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  JSON_FORMAT,
  NDJSON,
  CSV,
  JUNIT,
  MARKDOWN,
  OTLP,
  PERFETTO,
  OPENMETRICS,
  HDR,
];

/** The formats of a list of names apart by commas; `all` for each that the document can become.
 * @throws EngineError `CLI_USAGE` for a name that there is not. */
export function formatsNamed(
  names: string,
  document: ExportableDocument,
  sources: ExportSources,
): readonly ExportFormat[] {
  if (names.trim() === 'all') return possibleFormats(document, sources);
  const wanted = names.split(',').map((name) => name.trim());
  return [...new Set(wanted)].map(formatNamed);
}

/** The formats that a document can become. */
export function possibleFormats(
  document: ExportableDocument,
  sources: ExportSources,
): readonly ExportFormat[] {
  return EXPORT_FORMATS.filter((format) => format.refusal(document, sources) === null);
}

/** A document in a format.
 * @throws EngineError `EXPORT_REFUSED` where it cannot become that, with what it can become. */
export function exportAs(
  format: ExportFormat,
  document: ExportableDocument,
  sources: ExportSources,
): string {
  const reason = format.refusal(document, sources);
  if (reason === null) return format.render(document, sources);
  const possible = possibleFormats(document, sources).map(({ name }) => name);
  const { schema } = document;
  const message =
    `${schema} as ${format.name}: ${reason}; ` + `this document can be ${possible.join(', ')}`;
  throw new EngineError('EXPORT_REFUSED', message, { format: format.name, schema, possible });
}

function formatNamed(name: string): ExportFormat {
  const found = EXPORT_FORMATS.find((format) => format.name === name);
  if (found !== undefined) return found;
  const names = EXPORT_FORMATS.map((format) => format.name);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  const message = `--format: no format "${name}"${hint}; there are ${names.join(', ')}`;
  throw new EngineError('CLI_USAGE', message, { argument: '--format' });
}
