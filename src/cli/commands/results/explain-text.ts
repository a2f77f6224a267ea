/** Where the time of one page went, as text: its calls as a tree, then the path that it hung on. */
import type { PathKind } from '../../../experiment/reproduce/replay/critical-path.ts';
import type { WatchedCall, WatchedTry } from '../../../experiment/reproduce/replay/page-records.ts';
import type { ExplainedPage } from '../../../experiment/reproduce/replay/replay.ts';
import { printable, shortened } from '../../../report/html/escape.ts';
import { clockText, millisecondsText } from './clock-text.ts';

/** Kinds in words. */
const IN_WORDS: Readonly<Record<PathKind, string>> = {
  waiting: 'waiting in line',
  service: 'work at services',
  plan: 'work at the gateway',
  network: 'network',
  database: 'databases and caches',
  retry: 'failed tries and pauses',
  client: 'the client itself',
};

const OPERATION_SHOWN = 80;

/** The lines. */
export function explainLines(page: ExplainedPage): readonly string[] {
  const { request, page: name, viewer, askedAtUs, pageLoadTimeUs, outcome, path } = page;
  const since = (timeUs: number) => millisecondsText(timeUs - askedAtUs);
  const total = pageLoadTimeUs ?? 0;
  const ended =
    pageLoadTimeUs === null ? 'still loading' : `${outcome} after ${millisecondsText(total)}`;
  return [
    printable(`${request}: page ${name} of viewer ${viewer}`),
    `asked at ${clockText(askedAtUs)}, ${ended}`,
    ...page.calls.flatMap((call) => callLines(call, since, '  ')),
    ...(path.length === 0 ? [] : ['', 'What its end hung on']),
    ...path.map(
      ({ kind, at, fromUs, toUs }) =>
        `  ${since(fromUs)} – ${since(toUs)}  ${IN_WORDS[kind]} (${printable(at)})`,
    ),
    ...(path.length === 0 ? [] : ['', 'Where its time went']),
    ...shareLines(page, total),
  ];
}

function shareLines({ sharesUs, path }: ExplainedPage, total: number): readonly string[] {
  if (path.length === 0) return [];
  return (Object.keys(IN_WORDS) as PathKind[])
    .filter((kind) => sharesUs[kind] > 0)
    .map((kind) => {
      const share = ((100 * sharesUs[kind]) / Math.max(1, total)).toFixed(1).padStart(5);
      return `  ${share} %  ${IN_WORDS[kind]}: ${millisecondsText(sharesUs[kind])}`;
    });
}

type Since = (timeUs: number) => string;

function callLines(call: WatchedCall, since: Since, indent: string): readonly string[] {
  const { edge, operation, beganAtUs, settledAtUs, outcome, tries } = call;
  const until = settledAtUs === null ? 'open' : since(settledAtUs);
  const asked = operation === null ? [] : [`${indent}  ${shortened(operation, OPERATION_SHOWN)}`];
  return [
    `${indent}${since(beganAtUs)} – ${until}  ${printable(edge)}: ${outcome ?? 'under way'}`,
    ...asked,
    ...tries.flatMap((one, i) => tryLines(one, i + 1, { since, indent: `${indent}  ` })),
  ];
}

function tryLines(
  one: WatchedTry,
  number: number,
  { since, indent }: { readonly since: Since; readonly indent: string },
): readonly string[] {
  const { role, beganAtUs, sentAtUs, arrivedAtUs, respondedAtUs, endedAtUs, outcome } = one;
  const between = (name: string, from: number | null, to: number | null) =>
    from === null || to === null || to === from ? [] : [`${name} ${millisecondsText(to - from)}`];
  const done = one.visits.flatMap(({ queuedAtUs, startedAtUs: startedUs, endedAtUs: endedUs }) =>
    startedUs === null || endedUs === null ? [] : [{ queuedAtUs, startedUs, endedUs }],
  );
  const work = sum(done.map(({ startedUs, endedUs }) => endedUs - startedUs));
  const wait = sum(done.map(({ queuedAtUs, startedUs }) => startedUs - queuedAtUs));
  const parts = [
    ...between('held back', beganAtUs, sentAtUs),
    ...(one.handshakeUs > 0 ? [`handshakes ${millisecondsText(one.handshakeUs)}`] : []),
    ...between('there', sentAtUs, arrivedAtUs),
    ...(wait > 0 ? [`in line ${millisecondsText(wait)}`] : []),
    ...(work > 0 ? [`worked on ${millisecondsText(work)}`] : []),
    ...between('back', respondedAtUs, endedAtUs),
  ];
  const kind = role === 'first' ? 'try' : role;
  return [
    `${indent}${kind} ${number} at ${since(beganAtUs)}: ${outcome ?? 'under way'}` +
      (parts.length === 0 ? '' : `; ${parts.join(', ')}`),
    ...one.calls.flatMap((call) => callLines(call, since, `${indent}  `)),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
