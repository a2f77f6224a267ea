/** The corpus of `backlot faults`: counterexamples of earlier campaigns, which run first, and those
 * of this one. Spec: T62. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { keepInCorpus, readCorpus } from '../../testing/corpus/corpus.ts';
import type { CorpusRow, FailureRow } from '../../testing/swarm/campaign/faults-document.ts';
import { WATCHED } from '../../testing/swarm/campaign/watched.ts';
import { runTrial } from '../../testing/trial/run-trial.ts';
import type { Trial } from '../../testing/trial/trial.ts';

const KIND = 'trial';

/** Runs what a corpus has of a scenario, as it is.
 * @throws EngineError `TESTING_CORPUS_UNREADABLE`, and as trials do. */
export async function rerunCorpus(directory: string, name: string): Promise<readonly CorpusRow[]> {
  const rows: CorpusRow[] = [];
  for (const { file, property, input } of readCorpus(directory, { kind: KIND, name })) {
    const { violations } = await runTrial(input as unknown as Trial, WATCHED);
    const violation =
      violations.find(({ invariant }) => invariant === property) ?? violations[0] ?? null;
    const verdict = violation === null ? 'holds' : 'broken';
    rows.push({ file, invariant: property, verdict, violation });
  }
  return rows;
}

/** Adds what a campaign found; what is there already stays as it is.
 * @throws EngineError `TESTING_CORPUS_UNREADABLE` where a file cannot be written. */
export function addToCorpus(
  directory: string,
  found: { readonly failures: readonly FailureRow[]; readonly known: readonly CorpusRow[] },
): readonly CorpusRow[] {
  return found.failures.flatMap(({ invariant, smallest, first }): readonly CorpusRow[] => {
    if (smallest === null) return [];
    const { trial, violation } = smallest;
    const file = keepInCorpus(directory, {
      kind: KIND,
      name: trial.scenario.name,
      property: invariant,
      input: JSON.parse(JSON.stringify(trial)) as PlainValue,
      finding: violation.message,
      seed: first.seed,
    });
    if (found.known.some((row) => row.file === file)) return [];
    return [{ file, invariant, verdict: 'added', violation }];
  });
}
