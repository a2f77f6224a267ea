/** Dependencies from data: which earlier fetches write what a fetch reads. Paths of response keys
 * stand for what is read and written; lists and type conditions are walked through. Spec: G12. */
import type { FlattenSegment, RequiredSelection } from '../../call-plan.ts';
import type { FetchStep } from '../steps.ts';
import { writtenPaths } from './written-paths.ts';

/** The fetches with `reads` as small as their data allow. Conservative: a fetch that reads
 * something nobody is known to write reads all that comes before it. */
export function withReads(fetches: readonly FetchStep[]): readonly FetchStep[] {
  const written = fetches.map(writtenPaths);
  const closures: (readonly number[])[] = [];
  return fetches.map((step) => {
    const reads = readsOf(step, written, closures);
    closures.push(reads);
    return { ...step, reads };
  });
}

/** The fetches scheduled by data: each starts when what it reads is there. Mutations keep the order
 * of the plan, which is their meaning. */
export function withDataflow(fetches: readonly FetchStep[]): readonly FetchStep[] {
  if (fetches.some((step) => step.isMutation)) return fetches;
  return fetches.map((step) => ({ ...step, after: step.reads }));
}

/** The fetches that a step depends on, ascending, with those that these depend on. */
function readsOf(
  step: FetchStep,
  written: readonly ReadonlySet<string>[],
  closures: readonly (readonly number[])[],
): readonly number[] {
  const needed = new Set<number>();
  for (const path of readPaths(step)) {
    const writers = step.after.filter((index) => written[index]?.has(path));
    if (writers.length === 0) return step.after;
    for (const index of writers) {
      needed.add(index);
      for (const before of closures[index] ?? []) needed.add(before);
    }
  }
  return [...needed].sort((a, b) => a - b);
}

/** What an entity fetch reads: the objects that it is for, and of them what it requires. */
function readPaths({ batches = [] }: FetchStep): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const batch of batches) {
    for (const path of batch.paths) {
      const at = addSteps(path, paths);
      addRequired(batch.requires, at, paths);
    }
  }
  return paths;
}

function addSteps(path: readonly FlattenSegment[], paths: Set<string>): string {
  let at = '';
  for (const segment of path) {
    if (segment === '@') continue;
    if ('TypeCondition' in segment) {
      paths.add(`${at}/__typename`);
    } else {
      at = `${at}/${segment.Field}`;
      paths.add(at);
    }
  }
  return at;
}

function addRequired(
  selections: readonly RequiredSelection[],
  at: string,
  paths: Set<string>,
): void {
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      paths.add(`${at}/__typename`);
      addRequired(selection.selections, at, paths);
    } else {
      const path = `${at}/${selection.name}`;
      paths.add(path);
      addRequired(selection.selections ?? [], path, paths);
    }
  }
}
