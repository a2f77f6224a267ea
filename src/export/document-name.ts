/** What a document is called where a name is asked for. */
import type { ExportableDocument } from './export-format.ts';

/** `run evening-peak`, `ingest access.log`, `backfill`. */
export function documentName(document: ExportableDocument): string {
  const command = commandOf(document);
  if ('source' in document) return `${command} ${document.source}`;
  const scenario = 'scenario' in document ? document.scenario : null;
  return scenario === null ? command : `${command} ${scenario}`;
}

/** The command that a document is of: `run`, `compare`, `plan`, … */
export function commandOf({ schema }: Pick<ExportableDocument, 'schema'>): string {
  return schema.replace(/^backlot\.(\w+)\/\d+$/, '$1');
}
