/** Lines that wait, replicas that an autoscaler wants and gets, and the load that came beside the
 * load that was asked for: over virtual time, each only where there is something to show. */
import type { ArchitectureResult, RunDocument, Series } from '../../../experiment/result.ts';
import type { OfferedLoad } from '../../../experiment/results/requests/offered-load.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import { capitalized, formatCount, formatNumber, formatShare } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';
import { subjectPanels } from '../subject-panels.ts';

/** Shorter lines than this on average are none. */
const WORTH_SHOWING = 0.05;

/** Jobs that wait for a worker; undefined where nobody ever does. */
export function queuesSection(document: RunDocument): Section | undefined {
  const select = ({ path }: ArchitectureResult): readonly Series[] =>
    (path?.queues ?? []).filter(({ values }) => values.some((one) => (one ?? 0) >= WORTH_SHOWING));
  const isShown = (one: ArchitectureResult) => select(one).length > 0;
  if (!document.architectures.some(isShown)) return undefined;
  const choice = { id: 'queues', unit: 'jobs in line', mayBeLog: false, select, isShown };
  return {
    id: 'queues',
    heading: 'Queue depth',
    body: `<p>Jobs that wait for a worker, on average over each interval. A line that grows as long
as a fault lasts and empties after it is a backlog; one that stays is an overload. Servers whose
line never held a twentieth of a job are left out.</p>
${subjectPanels(document, choice)}`,
  };
}

/** What autoscalers want, and what there is; undefined without any. */
export function autoscalersSection(document: RunDocument): Section | undefined {
  const isShown = ({ path }: ArchitectureResult) => (path?.autoscalers.length ?? 0) > 0;
  const { architectures } = document;
  if (!architectures.some(isShown)) return undefined;
  const select = ({ path }: ArchitectureResult): readonly Series[] =>
    (path?.autoscalers ?? []).flatMap(({ server, desired, members, ready }) => [
      { name: `${server} wanted`, values: desired },
      { name: `${server} started`, values: members },
      { name: `${server} ready`, values: ready },
    ]);
  const missing = ({ path }: ArchitectureResult): readonly Series[] =>
    (path?.autoscalers ?? []).map(({ server, desired, ready }) => ({
      name: `${server} missing`,
      values: desired.map((wanted, i) =>
        wanted === null ? null : Math.max(0, wanted - (ready[i] ?? 0)),
      ),
    }));
  const choice = { id: 'autoscaler', unit: 'replicas', mayBeLog: false, select, isShown };
  return {
    id: 'autoscaler',
    heading: 'Autoscaler',
    body: `<p>What the autoscaler wants, the replicas that there are (those that start among them)
and those that are ready; under it, what is missing of what it wants. The distance is its lag: the
start of replicas, and before that the window and the delay of its metric, in which it wants too
little.</p>
${subjectPanels(document, { ...choice, below: { unit: 'replicas missing', select: missing } })}`,
  };
}

const KINDS: Readonly<
  Record<OfferedLoad['kind'], { readonly unit: string; readonly what: string }>
> = {
  viewers: { unit: 'viewers a minute', what: 'arrivals of viewers' },
  open: { unit: 'pages a second', what: 'pages of the load test' },
  closed: { unit: 'users', what: 'users of the load test at a time' },
};

/** The load that came beside the load asked for; undefined where nobody comes from outside. */
export function offeredLoadSection(document: RunDocument): Section | undefined {
  const { architectures } = document;
  const loaded = architectures.filter(({ path }) => (path?.offeredLoad ?? null) !== null);
  const firsts = distinct(loaded);
  const [first] = firsts;
  const load = first?.path?.offeredLoad;
  if (load === undefined || load === null) return undefined;
  const { unit, what } = KINDS[load.kind];
  const select = ({ path }: ArchitectureResult): readonly Series[] => [
    { name: 'asked', values: path?.offeredLoad?.asked ?? [] },
    { name: 'offered', values: path?.offeredLoad?.offered ?? [] },
  ];
  const isShown = (one: ArchitectureResult) => firsts.includes(one);
  const same =
    firsts.length < loaded.length
      ? `<p class="note">Drawn once for ${subjectNoun(architectures)}s with the same load.</p>`
      : '';
  return {
    id: 'offered-load',
    heading: 'Load asked and offered',
    body: `<p>What the scenario asks for (${what}), and what came. Arrivals are drawn by chance
around what is asked; a load that stays below it all the time would be another test than the one
described.</p>
${same}
${subjectPanels(document, { id: 'offered', unit, mayBeLog: false, select, isShown })}
${loadTable(firsts, architectures)}`,
  };
}

/** The first of those with the same load. */
function distinct(loaded: readonly ArchitectureResult[]): readonly ArchitectureResult[] {
  const seen = new Set<string>();
  return loaded.filter(({ path }) => {
    const key = JSON.stringify([path?.offeredLoad?.kind, path?.offeredLoad?.asked]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function loadTable(
  firsts: readonly ArchitectureResult[],
  architectures: readonly ArchitectureResult[],
): string {
  return renderTable({
    caption: 'Load over the whole run; of users the most at a time',
    columns: [capitalized(subjectNoun(architectures)), 'Asked', 'Offered', 'Offered ÷ asked'],
    rows: firsts.map(({ name, path }) => {
      const { askedTotal = 0, offeredTotal = 0 } = path?.offeredLoad ?? {};
      const share = askedTotal === 0 ? null : offeredTotal / askedTotal;
      return [name, formatNumber(askedTotal), formatCount(offeredTotal), formatShare(share)];
    }),
  });
}
