/** The slowest pages as traces: what was done for them, when and where. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import type { PageTrace, TraceSpan } from '../../../experiment/results/traces/page-trace.ts';
import { renderPanels } from '../../charts/panel.ts';
import { type GanttPart, type GanttRow, ganttChart } from '../../charts/requests/gantt-chart.ts';
import type { Section } from '../../html/page-shell.ts';
import { formatNumber, plural } from '../../numbers.ts';

/** Traces of the page together, and rows of one: what is beyond stands in the tables. */
const TRACES_MAX = 8;
const ROWS_MAX = 18;
const SPANS_MAX = 60;
const US_PER_MS = 1_000;
const FAILED = /^(failed|timeout|refused|hung up|withdrawn)/;

interface Shown {
  readonly name: string;
  readonly trace: PageTrace;
}

/** The section; undefined where no trace was kept. */
export function tracesSection({ architectures }: RunDocument): Section | undefined {
  const each = Math.max(1, Math.floor(TRACES_MAX / architectures.length));
  const shown = architectures.flatMap((one) => slowestOf(one).slice(0, each)).slice(0, TRACES_MAX);
  if (shown.length === 0) return undefined;
  const kept = architectures.reduce((sum, { traces }) => sum + (traces?.pages.length ?? 0), 0);
  const isMany = architectures.length > 1;
  return {
    id: 'traces',
    heading: 'Slowest pages as traces',
    body: `<p>A row is a try of a call; under a gateway's row stand the calls that it makes. A thin
line is under way, a hollow bar waits for a worker, a full one is worked on, a half-high one is at
its database, and a cross is a failure: the longest part of the last row that ends is where to
look.</p>
<p class="note">${plural(kept, 'trace')} ${kept === 1 ? 'was' : 'were'} kept: the slowest, pages
that failed, and a sample by hash. The result document has their spans.</p>
${renderPanels(shown.map((one, n) => panelOf(one, n, isMany)))}`,
  };
}

/** In the order of the document's slowest pages. */
function slowestOf({ name, slowest, traces }: ArchitectureResult): readonly Shown[] {
  return slowest.flatMap(({ request }) => {
    const trace = traces?.pages.find((one) => one.request === request);
    return trace === undefined ? [] : [{ name, trace }];
  });
}

function panelOf({ name, trace }: Shown, n: number, isMany: boolean) {
  const { request, page, outcome, pageLoadTimeUs, spans } = trace;
  const rows = rowsOf(trace);
  const more = rows.length - ROWS_MAX;
  const rest = more > 0 ? `, ${plural(more, 'more row')} in the table` : '';
  const heading = isMany ? `${name}: ${request}` : request;
  const listed = spans.slice(0, SPANS_MAX);
  const cut = listed.length < spans.length ? `, the first ${SPANS_MAX} of ${spans.length}` : '';
  return ganttChart({
    id: `trace-${n}`,
    heading,
    subheading: `page ${page}, ${outcome}, ${formatNumber(pageLoadTimeUs / US_PER_MS)} ms${rest}`,
    rows: rows.slice(0, ROWS_MAX),
    table: {
      caption: `${heading}: spans${cut}`,
      columns: ['Span', 'What', 'From, ms', 'Took, ms', 'Outcome', 'Part of'],
      textColumns: [1, 4, 5],
      rows: listed.map(({ id, parent, name: what, kind, startUs, durationUs, outcome: end }) => [
        `${id} ${what}`,
        kind,
        formatNumber((startUs - trace.askedAtUs) / US_PER_MS),
        formatNumber(durationUs / US_PER_MS),
        end ?? '',
        parent === null ? '' : `${parent} ${spans[parent]?.name ?? ''}`,
      ]),
    },
  });
}

/** The page, then every try with what was done for it. */
function rowsOf({ spans, askedAtUs }: PageTrace): readonly GanttRow[] {
  const children = new Map<number | null, TraceSpan[]>();
  for (const span of spans) {
    children.set(span.parent, [...(children.get(span.parent) ?? []), span]);
  }
  const partOf = (kind: GanttPart['kind'], { startUs, durationUs }: TraceSpan): GanttPart => ({
    kind,
    fromMs: (startUs - askedAtUs) / US_PER_MS,
    toMs: (startUs + durationUs - askedAtUs) / US_PER_MS,
  });
  const rows: GanttRow[] = [];
  const add = (span: TraceSpan, depth: number, call: string): void => {
    const within = children.get(span.id) ?? [];
    const deeper = span.kind === 'page' || span.kind === 'try' ? depth + 1 : depth;
    if (span.kind === 'page') rows.push(rowOf(span, depth, [partOf('page', span)]));
    if (span.kind === 'try') {
      const leaves = within.flatMap(({ id }) => children.get(id) ?? []);
      const parts = leaves.flatMap((leaf) => {
        const kind = LEAVES[leaf.kind];
        return kind === undefined ? [] : [partOf(kind, leaf)];
      });
      const again = /\((.*)\)/.exec(span.name)?.[1];
      const name = again === undefined ? call : `${call} ${again}`;
      rows.push({ ...rowOf(span, depth, [partOf('way', span), ...parts]), name });
    }
    const callee = span.kind === 'call' ? span.name : call;
    for (const child of within) add(child, deeper, callee);
  };
  const [root] = spans;
  if (root !== undefined) add(root, 0, '');
  return rows;
}

const LEAVES: Readonly<Partial<Record<TraceSpan['kind'], GanttPart['kind']>>> = {
  wait: 'wait',
  service: 'work',
  database: 'database',
};

function rowOf({ name, outcome }: TraceSpan, depth: number, parts: readonly GanttPart[]): GanttRow {
  return { name, depth, outcome, isFailed: FAILED.test(outcome ?? ''), parts };
}
