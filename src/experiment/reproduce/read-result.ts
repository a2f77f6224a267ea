/** Reads a result of any command that has a report, to render it again. */
import { readFileSync } from 'node:fs';
import { EngineError } from '../../kernel/errors.ts';
import type { AdviceDocument } from '../advise/advice-document.ts';
import type { LoadDocument } from '../capacity/documents/load-document.ts';
import type { PlanDocument } from '../capacity/documents/plan-document.ts';
import type { CompareDocument, RunDocument } from '../result.ts';
import type { SweepDocument } from '../sweep/sweep-document.ts';

/** Every document that has a report. */
export type ResultDocument =
  | RunDocument
  | CompareDocument
  | PlanDocument
  | LoadDocument
  | SweepDocument
  | AdviceDocument;

const SCHEMAS: readonly ResultDocument['schema'][] = [
  'backlot.run/1',
  'backlot.compare/1',
  'backlot.plan/1',
  'backlot.load/1',
  'backlot.sweep/1',
  'backlot.advice/1',
];

/** Reads it. @param path - Of the document. @throws EngineError `RESULT_UNREADABLE`. */
export function readResult(path: string): ResultDocument {
  let found: Partial<ResultDocument> | null;
  try {
    found = JSON.parse(readFileSync(path, 'utf8')) as Partial<ResultDocument> | null;
  } catch (cause) {
    const message = `${path}: it is no JSON; name the document of a result`;
    throw new EngineError('RESULT_UNREADABLE', message, { path }, { cause });
  }
  const schema = found?.schema;
  if (schema !== undefined && SCHEMAS.includes(schema)) return found as ResultDocument;
  const message = `${path}: it is ${schema ?? 'of no schema'}; give one of ${SCHEMAS.join(', ')}`;
  throw new EngineError('RESULT_UNREADABLE', message, { path });
}
