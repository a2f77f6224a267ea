/** What people do does not hang on the architecture: without faults, as long as all pages of a
 * viewer come out well, they are the same pages in the same order in all four, because all meet the
 * same draws. An oracle over runs, not a watch over one. Spec: T29. */
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../../gateway/architecture.ts';
import { runTrial } from '../../trial/run-trial.ts';
import type { Trial } from '../../trial/trial.ts';
import type { Finding, Invariant } from '../invariant.ts';

/** One page that a viewer saw, or did not. */
export interface SeenPage {
  readonly viewer: number;
  readonly pageSequence: number;
  readonly page: string;
  readonly outcome: string;
}

/** What the comparison found. */
export interface SameOutcomes {
  /** Pages that came out well in all architectures. */
  readonly compared: number;
  readonly finding: Finding | undefined;
}

/** Runs a trial without its faults under every architecture.
 * @throws EngineError `SCENARIO_INVALID`. */
export async function sameOutcomes(trial: Trial): Promise<SameOutcomes> {
  const runs = new Map<ArchitectureName, readonly SeenPage[]>();
  for (const architecture of ARCHITECTURE_NAMES) {
    runs.set(architecture, await pagesOf(trial, architecture));
  }
  return comparePages(runs);
}

/** Compares what viewers saw. A viewer's pages count up to the first that did not come out well
 * somewhere, or that some architecture was too slow for: from there on people go other ways. */
export function comparePages(
  runs: ReadonlyMap<ArchitectureName, readonly SeenPage[]>,
): SameOutcomes {
  const byRun = [...runs].map(([architecture, pages]) => ({
    architecture,
    pages: new Map(pages.map((one) => [`${one.viewer}/${one.pageSequence}`, one])),
  }));
  const [first, ...others] = byRun;
  const left = new Set<number>();
  let compared = 0;
  const inOrder = [...(first?.pages.values() ?? [])].sort(
    (a, b) => a.viewer - b.viewer || a.pageSequence - b.pageSequence,
  );
  for (const one of inOrder) {
    const { viewer, pageSequence, page } = one;
    const seen = others.map(({ pages }) => pages.get(`${viewer}/${pageSequence}`));
    if ([one, ...seen].some((other) => other?.outcome !== 'ok')) left.add(viewer);
    if (left.has(viewer)) continue;
    compared += 1;
    const n = seen.findIndex((other) => other?.page !== page);
    if (n < 0) continue;
    const details = { viewer, pageSequence, page, other: seen[n]?.page };
    const message = `viewer ${viewer} saw another page under ${others[n]?.architecture}`;
    return { compared, finding: { message, details } };
  }
  return { compared, finding: undefined };
}

async function pagesOf(trial: Trial, architecture: ArchitectureName): Promise<readonly SeenPage[]> {
  let pages: readonly SeenPage[] = [];
  const collects: Invariant = {
    name: 'pages-seen',
    modality: 'always',
    claim: 'pages come out somehow',
    watch: ({ recorder }) => ({
      atEnd() {
        pages = recorder.loads;
        return undefined;
      },
      exercised: () => pages.length,
    }),
  };
  const calm: Trial = { ...trial, architecture, scenario: { ...trial.scenario, faults: [] } };
  await runTrial(calm, [collects]);
  return pages;
}
