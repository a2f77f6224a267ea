/** Reads a document to be exported: any of those with a published schema, held to it, so that no
 * format has to doubt what it finds. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { documentFile } from '../experiment/reproduce/bundle.ts';
import { readRunHistograms } from '../experiment/results/run-histograms.ts';
import { EngineError } from '../kernel/errors.ts';
import type { ExportableDocument, ExportSources } from './export-format.ts';
import { withoutPrivatePaths } from './private-paths.ts';
import { schemaNames, schemaProblems } from './schemas.ts';

/** A document, and what lies beside it. */
export interface ReadDocument {
  /** Its file. */
  readonly path: string;
  readonly document: ExportableDocument;
  readonly sources: ExportSources;
}

const TOLD_MAX = 3;

/** Reads it, without the paths of the machine that it was made on.
 * @param path - A result's directory, or a document.
 * @throws EngineError `RESULT_UNREADABLE`, with what does not fit the schema. */
export function readDocument(path: string): ReadDocument {
  const file = documentFile(path);
  const found = parsed(file);
  const [, name = ''] = /^backlot\.(\w+)\/1$/.exec(schemaOf(found)) ?? [];
  const names = schemaNames();
  if (!names.includes(name)) {
    const all = names.map((one) => `backlot.${one}/1`).join(', ');
    throw unreadable(file, `it is ${schemaOf(found) || 'of no schema'}; give one of ${all}`);
  }
  const problems = schemaProblems(name, found);
  if (problems.length > 0) {
    const told = problems.slice(0, TOLD_MAX).join('; ');
    const more = problems.length > TOLD_MAX ? `; and ${problems.length - TOLD_MAX} more` : '';
    throw unreadable(file, `it does not fit \`backlot schema ${name}\`: ${told}${more}`);
  }
  const directory = dirname(file);
  return {
    path: file,
    document: withoutPrivatePaths(found as ExportableDocument),
    sources: { histograms: (subject) => readRunHistograms(directory, subject) },
  };
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const message = `${path}: it is no JSON; name the document of a result`;
    throw new EngineError('RESULT_UNREADABLE', message, { path }, { cause });
  }
}

function schemaOf(found: unknown): string {
  const schema = (found as { readonly schema?: unknown } | null)?.schema;
  return typeof schema === 'string' ? schema : '';
}

function unreadable(path: string, reason: string): EngineError {
  return new EngineError('RESULT_UNREADABLE', `${path}: ${reason}`, { path });
}
