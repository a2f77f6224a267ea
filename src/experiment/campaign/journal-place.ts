/** Where a campaign's journal lies. While samples are made it is a file beside the results,
 * so that it outlives a crash; in the end it goes into the directory, with the samples that were
 * asked for in the order of asking, and the file beside it is gone. */
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EngineError } from '../../kernel/errors.ts';
import { createJournal, type Journal, type ReadJournal, readJournal } from './journal.ts';

/** The journal's name in a result directory. */
export const JOURNAL_FILE = 'journal.ndjson';

/** A journal in its place. */
export interface PlacedJournal {
  readonly journal: Journal;
  /** Samples that earlier campaigns left, and bytes of lines that a crash cut off. */
  readonly left: {
    readonly samples: number;
    readonly tornBytes: number;
    /** Why journals in the way were passed over. */
    readonly passedOver: readonly string[];
  };
  /** Removes the file beside the directory. */
  remove(): void;
}

/** Opens the journal of a campaign whose results go to `target`.
 * @param options.isFresh - Whether what earlier campaigns left is passed over.
 * @param options.resume - A directory whose journal must be there.
 * @throws EngineError `JOURNAL_UNREADABLE`, `OUTPUT_UNWRITABLE`. */
export function placeJournal(options: {
  readonly target: string;
  readonly campaign: unknown;
  readonly isFresh: boolean;
  readonly resume: string | undefined;
}): PlacedJournal {
  const { target, campaign, resume, isFresh } = options;
  const path = besideOf(target);
  const inTheWay = isFresh ? [] : journalsOf(target);
  const read = resume === undefined ? [] : resumedJournals(resume).map(readJournal);
  for (const one of read) requireSameScenario(one, campaign);
  const passedOver: string[] = [];
  for (const one of inTheWay) {
    if (read.some((known) => known.path === one)) continue;
    try {
      read.push(readJournal(one));
    } catch (error) {
      // Nobody asked to go on from it: a journal of an older version is no reason to refuse.
      if (!(error instanceof EngineError)) throw error;
      passedOver.push(error.message);
    }
  }
  const samples = new Map(read.flatMap((one) => [...one.samples]));
  const tornBytes = read.reduce((sum, one) => sum + one.tornBytes, 0);
  const journal = createJournal({ path, campaign, samples });
  return {
    journal,
    left: { samples: samples.size, tornBytes, passedOver },
    remove: () => rmSync(path, { force: true }),
  };
}

/** The journals that a directory of results has: its own, and that of a campaign cut off. */
export function journalsOf(directory: string): string[] {
  return [join(resolve(directory), JOURNAL_FILE), besideOf(directory)].filter((path) =>
    existsSync(path),
  );
}

function resumedJournals(directory: string): string[] {
  const found = journalsOf(directory);
  return found.length > 0 ? found : [join(resolve(directory), JOURNAL_FILE)];
}

/** Results are published in place of what is gone on with: those of another scenario would be lost.
 * Another seed, or a field that was mended, is the same one still. */
function requireSameScenario({ path, header }: ReadJournal, campaign: unknown): void {
  const [was, is] = [scenarioName(header.campaign), scenarioName(campaign)];
  if (was === undefined || is === undefined || was === is) return;
  throw new EngineError(
    'JOURNAL_UNREADABLE',
    `${path}: it is of scenario "${was}", not of "${is}"; name the directory of that one's ` +
      'results, or leave --resume out',
    { path },
  );
}

function scenarioName(campaign: unknown): string | undefined {
  const { scenario } = (campaign ?? {}) as { readonly scenario?: { readonly name?: unknown } };
  return typeof scenario?.name === 'string' ? scenario.name : undefined;
}

function besideOf(directory: string): string {
  return `${resolve(directory)}.${JOURNAL_FILE}`;
}
