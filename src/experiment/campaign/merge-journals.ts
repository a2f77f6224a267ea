/** Journals of shards, joined: every sample once, and nothing contradicts itself. Spec: E156. */
import { EngineError } from '../../kernel/errors.ts';
import { type ReadJournal, readJournal } from './journal.ts';
import { JOURNAL_FILE, journalsOf } from './journal-place.ts';
import { canonicalJson } from './sample-key.ts';

/** What shards made together. */
export interface MergedJournals {
  /** What asked for the samples. */
  readonly campaign: unknown;
  readonly samples: ReadonlyMap<string, string>;
  readonly tornBytes: number;
}

/** Problems that a message names; further ones are counted. */
const PROBLEMS_MAX = 20;

/** Joins the journals of directories.
 * @throws EngineError `JOURNAL_UNREADABLE`, and `JOURNAL_MERGE` where they are of different
 * campaigns or hold different samples under one key. */
export function mergeJournals(directories: readonly string[]): MergedJournals {
  const journals = directories.flatMap((directory) => {
    const found = journalsOf(directory);
    return (found.length > 0 ? found : [`${directory}/${JOURNAL_FILE}`]).map(readJournal);
  });
  const [first] = journals;
  if (first === undefined) throw mergeRefused(['there are no journals to merge']);
  const problems: string[] = [];
  const campaign = canonicalJson(first.header.campaign);
  for (const { path, header } of journals) {
    if (canonicalJson(header.campaign) === campaign) continue;
    problems.push(`${path} is of another campaign than ${first.path}`);
  }
  const samples = joined(journals, problems);
  if (problems.length > 0) throw mergeRefused(problems);
  const tornBytes = journals.reduce((sum, one) => sum + one.tornBytes, 0);
  return { campaign: first.header.campaign, samples, tornBytes };
}

/** The refusal of a merge, with all of its reasons. */
export function mergeRefused(problems: readonly string[]): EngineError {
  const shown = problems.slice(0, PROBLEMS_MAX);
  const more = problems.length - shown.length;
  const text = [...shown, ...(more > 0 ? [`${more} more`] : [])].join('; ');
  return new EngineError('JOURNAL_MERGE', text, { problems });
}

function joined(journals: readonly ReadJournal[], problems: string[]): Map<string, string> {
  const samples = new Map<string, string>();
  const from = new Map<string, string>();
  for (const { path, samples: own } of journals) {
    for (const [key, text] of own) {
      const known = samples.get(key);
      if (known !== undefined && known !== text) {
        const { name, replication } = JSON.parse(text) as { name: string; replication: number };
        const where = `${from.get(key)} and ${path}`;
        problems.push(`${where} differ in ${name}, replication ${replication}: make both anew`);
      }
      samples.set(key, text);
      from.set(key, path);
    }
  }
  return samples;
}
