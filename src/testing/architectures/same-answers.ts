/** Without faults an architecture changes how fast viewers get their pages, never what they get.
 * Spec: T112. */
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../gateway/architecture.ts';
import type { Invariant } from '../invariants/invariant.ts';
import { runTrial } from '../trial/run-trial.ts';
import type { Trial } from '../trial/trial.ts';

/** By viewer: pages and how they ended, in the order in which they were asked for. */
type Answers = ReadonlyMap<number, readonly string[]>;

/** How architectures differ over one trial without its faults; undefined where they do not. Pages
 * that only the faster one had the time for are left out. */
export async function answersDiffer(
  trial: Trial,
  architectures: readonly ArchitectureName[] = ARCHITECTURE_NAMES,
): Promise<string | undefined> {
  const scenario = { ...trial.scenario, faults: [] };
  const [first, ...others] = architectures;
  if (first === undefined) return undefined;
  const expected = await answersOf({ ...trial, scenario, architecture: first });
  for (const architecture of others) {
    const found = await answersOf({ ...trial, scenario, architecture });
    const difference = firstDifference(expected, found, [first, architecture]);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

async function answersOf(trial: Trial): Promise<Answers> {
  const answers = new Map<number, string[]>();
  const look: Invariant = {
    name: 'look-at-answers',
    modality: 'always',
    claim: 'nothing: it looks',
    watch: ({ recorder }) => ({
      exercised: () => 1,
      atEnd() {
        const loads = recorder.loads.toSorted((a, b) => a.pageSequence - b.pageSequence);
        for (const { viewer, page, outcome } of loads) {
          answers.set(viewer, [...(answers.get(viewer) ?? []), `${page} ${outcome}`]);
        }
        return undefined;
      },
    }),
  };
  await runTrial(trial, [look]);
  return answers;
}

function firstDifference(
  expected: Answers,
  found: Answers,
  [one, other]: readonly [ArchitectureName, ArchitectureName],
): string | undefined {
  for (const [viewer, pages] of expected) {
    const theirs = found.get(viewer) ?? [];
    const length = Math.min(pages.length, theirs.length);
    for (let page = 0; page < length; page += 1) {
      if (pages[page] === theirs[page]) continue;
      const both = `${pages[page]} in ${one}, ${theirs[page]} in ${other}`;
      return `viewer ${viewer}, page ${page + 1}: ${both}`;
    }
  }
  return undefined;
}
