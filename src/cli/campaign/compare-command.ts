/** What `compare` asks for, as plain data that a journal's header keeps, and how it is answered:
 * by the command itself, and by `merge` from journals. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Campaign } from '../../experiment/campaign/campaign.ts';
import {
  type ComparisonListeners,
  type ComparisonOptions,
  compareOn,
} from '../../experiment/compare/compare.ts';
import type { StoppingReport } from '../../experiment/compare/compare-sections.ts';
import type { CompareDocument } from '../../experiment/result.ts';
import type { InputFiles } from '../../experiment/run-inputs.ts';
import type { Scenario } from '../../experiment/scenario/schema.ts';
import { EngineError } from '../../kernel/errors.ts';
import { decisiveExit, EXIT, type ExitCode } from '../exit-codes.ts';

/** A comparison as a journal's header has it. */
export interface CompareCampaign {
  readonly command: 'compare';
  readonly scenario: Scenario;
  readonly files: InputFiles;
  readonly comparison: Omit<ComparisonOptions, 'baseline'>;
}

/** Answers it on a campaign. @throws EngineError as `compareOn` does. */
export function performCompare(
  campaign: Campaign,
  { scenario, files, comparison }: CompareCampaign,
  extra: Pick<ComparisonOptions, 'baseline'> & ComparisonListeners = {},
): Promise<CompareDocument | undefined> {
  return compareOn(campaign, scenario, { ...comparison, files, ...extra });
}

/** The exit code that a comparison's document calls for. */
export function compareExit(document: CompareDocument): ExitCode {
  const { stopping, selection, verdicts, baseline, broken } = document;
  const found: ExitCode[] = [];
  const failing = verdicts.filter(({ severity }) => severity === 'fail');
  if (broken.length > 0) found.push(EXIT.invariant);
  if (failing.some(({ verdict }) => verdict === 'fail')) found.push(EXIT.objective);
  if (failing.some(({ verdict }) => verdict === 'inconclusive')) found.push(EXIT.inconclusive);
  if (baseline?.lines.some(({ verdict }) => verdict === 'regression') === true) {
    found.push(EXIT.regression);
  }
  if (stopping.decision === 'cap' || stopping.stopped === 'budget') found.push(EXIT.budget);
  if (stopping.decision === 'cannot') found.push(EXIT.inconclusive);
  if (selection !== null && selection.selected === null) found.push(EXIT.inconclusive);
  if (stopping.stopped === 'interrupted') found.push(EXIT.interrupted);
  return decisiveExit(found);
}

/** Reads an earlier comparison: its file, or the directory that it lies in.
 * @throws EngineError `INPUT_UNREADABLE`. */
export function readBaseline(path: string): CompareDocument {
  const file = path.endsWith('.json') ? path : join(path, 'compare.json');
  let document: Partial<CompareDocument> | null;
  try {
    document = JSON.parse(readFileSync(file, 'utf8')) as Partial<CompareDocument> | null;
  } catch (cause) {
    throw unreadable(file, 'it cannot be read as JSON', cause);
  }
  if (document?.schema !== 'backlot.compare/1' || !Array.isArray(document.architectures)) {
    throw unreadable(file, `it is ${document?.schema ?? 'no result'}, not backlot.compare/1`);
  }
  return document as CompareDocument;
}

/** How a running comparison stands, in a few words: its widest interval. */
export function stoppingNote({ lines, precision }: StoppingReport): string {
  const [widest] = lines
    .filter(({ relativeHalfWidth }) => relativeHalfWidth !== null)
    .sort((a, b) => (b.relativeHalfWidth ?? 0) - (a.relativeHalfWidth ?? 0));
  if (widest === undefined || precision === null) return '';
  const reached = lines.filter(({ state }) => state === 'reached').length;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const width = percent(widest.relativeHalfWidth ?? 0);
  const of = `${reached} of ${lines.length} within ${percent(precision)}`;
  return `${of}; ${widest.subject} ${widest.metric} ±${width}`;
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  const remedy = '--baseline takes a compare.json or its directory';
  return new EngineError(
    'INPUT_UNREADABLE',
    `${path}: ${reason}; ${remedy}`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
