/** What `replay` saw, as text. */
import type { TraceRecord } from '../../../experiment/io/trace-file.ts';
import type { ReplayDocument } from '../../../experiment/reproduce/replay/replay.ts';
import type { WorldState } from '../../../experiment/reproduce/replay/world-state.ts';
import { printable } from '../../../report/html/escape.ts';
import { formatNumber } from '../../../report/numbers.ts';
import { textTable } from '../../../report/summary/text-table.ts';
import { clockText, millisecondsText } from './clock-text.ts';
import { explainLines } from './explain-text.ts';
import { forkLines, snapshotLines } from './travel-text.ts';

const WIDTH = 100;

/** The text, ending with a line break. */
export function replayText(found: ReplayDocument): string {
  const { scenario, seed, name, replication, state, explained, lastEvents, nextEvents } = found;
  const which = replication === 0 ? name : `${name}, replication ${replication}`;
  const lines = [
    printable(`${scenario}, seed ${seed}, ${which}`),
    `at ${clockText(state.nowUs)} since the start (${state.at})`,
    exactnessText(found.slices),
    `digest up to here ${state.digest}`,
    ...(explained === null ? [] : ['', ...explainLines(explained)]),
    '',
    ...stateLines(state),
    ...eventLines('Last events', lastEvents),
    ...eventLines('Next events', nextEvents),
    ...snapshotLines(found.snapshots),
    ...forkLines(found.fork),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function exactnessText({ compared, isExact, divergence }: ReplayDocument['slices']): string {
  if (isExact === null) return 'no digest was recorded to hold it to';
  if (isExact) return `exact: ${compared} minutes have the digests that were recorded`;
  return `not exact: differs from the recording from ${clockText(divergence?.sliceUs ?? 0)} on`;
}

function stateLines(state: WorldState): readonly string[] {
  const { viewers, pages, sdks, clickstream } = state;
  return [
    `Viewers: ${viewers.present} present of ${viewers.arrived} who came`,
    ...viewers.latest.map(
      ({ viewer, device, state: at }) => `  viewer ${viewer} on ${device}: ${printable(at)}`,
    ),
    `Pages: ${pages.asked} asked for, ${pages.shown} over, ${pages.loading} loading`,
    ...pages.oldest.map(
      ({ request, page, askedAtUs, ageMs }) =>
        `  ${request} ${page}, asked at ${clockText(askedAtUs)}, ` +
        `${millisecondsText(ageMs * 1_000)} ago`,
    ),
    ...textTable(serverTable(state), WIDTH),
    ...textTable(edgeTable(state), WIDTH),
    `SDKs: ${sdks.queued} events queued, ${sdks.inBatches} in batches not acknowledged`,
    ...sdks.largest.map(
      ({ viewer, queued, inBatches }) =>
        `  sdk of viewer ${viewer}: ${queued} queued, ${inBatches} in batches`,
    ),
    `Clickstream: ${clickstream.captured} events captured, ${clickstream.accepted} accepted, ` +
      `${clickstream.unread} in the log not read yet`,
    `Engine: ${state.scheduledEvents} events run, ${state.pendingEvents} pending`,
  ];
}

function serverTable({ servers }: WorldState) {
  return {
    columns: [
      'server',
      'ready',
      'starting',
      'draining',
      'down',
      'in flight',
      'at work',
      'in line',
      'limit',
    ],
    rows: servers.map(({ name, replicas, inFlight, inService, waiting, limit }) => [
      name,
      ...[replicas.ready, replicas.starting, replicas.draining, replicas.down].map(String),
      ...[inFlight, inService, waiting].map(String),
      limit === null ? '–' : formatNumber(limit),
    ]),
  };
}

function edgeTable({ edges }: WorldState) {
  return {
    columns: ['edge', 'tries open', 'breaker'],
    rows: edges.map(({ edge, open, breaker }) => [edge, String(open), breaker ?? '–']),
  };
}

function eventLines(heading: string, events: readonly TraceRecord[]): readonly string[] {
  if (events.length === 0) return [];
  return [
    '',
    heading,
    ...events.map(
      ({ simTimeUs, actor, event, drawCount }) =>
        `  ${clockText(simTimeUs)} ${printable(`${actor} ${event}`)}, ${drawCount} draws`,
    ),
  ];
}
