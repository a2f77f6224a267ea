/** The notes of a page as spans that lie within each other. Spec: E501. */
import type { WatchedCall, WatchedPage, WatchedTry } from '../../reproduce/replay/page-records.ts';
import type { SpanKind, TraceSpan } from './page-trace.ts';

/** The spans, depth first; none for a page that is not over. */
export function pageSpans(page: WatchedPage): readonly TraceSpan[] {
  const { askedAtUs, shownAtUs, outcome, calls } = page;
  if (shownAtUs === null) return [];
  const spans: TraceSpan[] = [];
  const whole: Stretch = { fromUs: askedAtUs, toUs: shownAtUs };
  const root = { kind: 'page', name: `page ${page.page}`, ...whole, outcome } as const;
  add(spans, null, { ...root, children: calls.map((call) => callNode(call, whole)) });
  return spans;
}

interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
}

/** A span before it has a number. */
interface Node extends Stretch {
  readonly kind: SpanKind;
  readonly name: string;
  readonly outcome: string | null;
  readonly children: readonly Node[];
}

function add(spans: TraceSpan[], parent: number | null, node: Node): void {
  const id = spans.length;
  const { kind, name, fromUs, toUs, outcome } = node;
  spans.push({ id, parent, kind, name, startUs: fromUs, durationUs: toUs - fromUs, outcome });
  const children = [...node.children].sort((a, b) => a.fromUs - b.fromUs);
  for (const child of children) add(spans, id, child);
}

function callNode(call: WatchedCall, within: Stretch): Node {
  const stretch = cut({ fromUs: call.beganAtUs, toUs: call.settledAtUs }, within);
  return {
    kind: 'call',
    name: call.edge,
    ...stretch,
    outcome: call.outcome,
    children: call.tries.map((one, n) => tryNode(one, nameOfTry(one, n), stretch, call.edge)),
  };
}

function nameOfTry({ role }: WatchedTry, n: number): string {
  return `try ${n + 1}${role === 'first' ? '' : ` (${role})`}`;
}

function tryNode(
  one: WatchedTry,
  name: string,
  ...[within, edge]: readonly [within: Stretch, edge: string]
): Node {
  const stretch = cut({ fromUs: one.beganAtUs, toUs: one.endedAtUs }, within);
  const isThere = one.arrivedAtUs !== null && one.arrivedAtUs < stretch.toUs;
  const server = edge.slice(edge.indexOf('→') + 1);
  return {
    kind: 'try',
    name,
    ...stretch,
    outcome: one.outcome,
    children: isThere ? [serverNode(one, server, stretch)] : [],
  };
}

function serverNode(one: WatchedTry, name: string, within: Stretch): Node {
  const stretch = cut({ fromUs: one.arrivedAtUs ?? 0, toUs: one.respondedAtUs }, within);
  const worked = one.visits.flatMap(({ queuedAtUs, startedAtUs, endedAtUs }) => [
    leaf('wait', 'wait', cut({ fromUs: queuedAtUs, toUs: startedAtUs }, stretch)),
    leaf('service', 'work', cut({ fromUs: startedAtUs ?? stretch.toUs, toUs: endedAtUs }, stretch)),
  ]);
  const calls = one.calls.map((call) => callNode(call, stretch));
  const doneUs = one.visits.at(-1)?.endedAtUs ?? undefined;
  const rest =
    calls.length > 0 || doneUs === undefined
      ? []
      : [leaf('database', 'database', cut({ fromUs: doneUs, toUs: stretch.toUs }, stretch))];
  const children = [...[...worked, ...rest].filter((node) => node.toUs > node.fromUs), ...calls];
  return { kind: 'server', name, ...stretch, outcome: null, children };
}

function leaf(kind: SpanKind, name: string, stretch: Stretch): Node {
  return { kind, name, ...stretch, outcome: null, children: [] };
}

/** What lies within; what has no end goes on to the end of what it is part of. */
function cut(
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number | null },
  within: Stretch,
): Stretch {
  const inside = (atUs: number) => Math.min(Math.max(atUs, within.fromUs), within.toUs);
  return { fromUs: inside(fromUs), toUs: inside(toUs ?? within.toUs) };
}
