/** Snapshots and forks of `replay`, as text. */
import type { Snapshot } from '../../../experiment/reproduce/timeline/timeline.ts';
import type { ForkOutcome, Outcome } from '../../../experiment/reproduce/timeline/travel.ts';
import { printable } from '../../../report/html/escape.ts';
import { formatNumber } from '../../../report/numbers.ts';
import { textTable } from '../../../report/summary/text-table.ts';
import { clockText } from './clock-text.ts';

const WIDTH = 100;

/** One line a snapshot. */
export function snapshotLines(snapshots: readonly Snapshot[]): readonly string[] {
  if (snapshots.length === 0) return [];
  return [
    '',
    ...textTable(
      {
        columns: ['snapshot', 'event', 'viewers', 'loading', 'in flight', 'unread', 'digest'],
        rows: snapshots.map(({ event, atUs, digest, state }) => [
          clockText(atUs),
          `#${event}`,
          String(state.viewers.present),
          String(state.pages.loading),
          String(state.servers.reduce((sum, { inFlight }) => sum + inFlight, 0)),
          String(state.clickstream.unread),
          digest.slice(0, 12),
        ]),
      },
      WIDTH,
    ),
  ];
}

const ROWS: readonly (readonly [label: string, of: (outcome: Outcome) => string])[] = [
  ['pages shown', ({ pagesShown }) => String(pagesShown)],
  ['pages failed', ({ pagesFailed }) => String(pagesFailed)],
  ['p50 page load, ms', ({ p50Ms }) => formatNumber(p50Ms)],
  ['p95 page load, ms', ({ p95Ms }) => formatNumber(p95Ms)],
  ['retries', ({ retries }) => String(retries)],
  ['turned away by breakers', ({ breakerOpenFailures }) => String(breakerOpenFailures)],
  ['work in vain, %', ({ wastedWorkShare }) => formatNumber(100 * wastedWorkShare)],
  ['events captured', ({ eventsCaptured }) => String(eventsCaptured)],
  ['events accepted', ({ eventsAccepted }) => String(eventsAccepted)],
  ['events dropped', ({ eventsDropped }) => String(eventsDropped)],
];

/** The fork beside the run that it left. */
export function forkLines(fork: ForkOutcome | null): readonly string[] {
  if (fork === null) return [];
  const { original, forked } = fork;
  return [
    '',
    printable(`Forked after event #${fork.event}, at ${clockText(fork.atUs)}: ${told(fork)}`),
    ...(original.digest === forked.digest ? ['It changed nothing: both have one digest.'] : []),
    ...textTable(
      {
        columns: ['to the end', 'as it was', 'forked'],
        rows: ROWS.map(([label, of]) => [label, of(original), of(forked)]),
      },
      WIDTH,
    ),
  ];
}

function told({ changes }: ForkOutcome): string {
  return changes
    .map((change) => {
      if (change.kind === 'heal') return 'all faults end';
      if (change.kind === 'breaker') return `the breaker of ${change.edge} is ${change.status}`;
      const { kind, target } = change.fault;
      return `${kind}${target === undefined ? '' : ` at ${target}`} begins`;
    })
    .join(', ');
}
