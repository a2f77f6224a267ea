/** Which charts there are. */
import { createLinePanel } from './line-panels.ts';
import { hasClickstream, type Moment, type View } from './view.ts';

/** Servers whose waiting lines are drawn: those with the longest now, in the frame's order. */
const SERVERS_MAX = 8;

/** All charts over time. */
export function createLinePanels(): View[] {
  const hasPages = ({ frame }: Moment): boolean => frame.pages !== null;
  return [
    createLinePanel({
      heading: 'Pages',
      sub: 'a second',
      isShown: hasPages,
      lines: () => [
        ['shown', 'pages'],
        ['failed', 'failed'],
      ],
    }),
    createLinePanel({
      heading: 'Page load time',
      sub: 'ms, of pages that ended since the frame before',
      isShown: hasPages,
      lines: () => [
        ['p50', 'p50'],
        ['p95', 'p95'],
        ['p99', 'p99'],
      ],
    }),
    createLinePanel({
      heading: 'Waiting lines',
      sub: `requests waiting; the ${SERVERS_MAX} longest of now`,
      isShown: ({ frame }) => frame.servers.length > 0,
      lines: longestLines,
    }),
    createLinePanel({
      heading: 'Clickstream',
      sub: 'events a second',
      isShown: hasClickstream,
      lines: ({ frame }) => [
        ...(frame.pipeline.captured === null ? [] : ([['captured', 'captured']] as const)),
        ['accepted', 'accepted'],
        ['stored', 'stored'],
      ],
    }),
    createLinePanel({
      heading: 'Unread in the log',
      sub: 'events, all partitions',
      isShown: hasClickstream,
      lines: () => [['unread', 'unread']],
    }),
    createLinePanel({
      heading: 'Lag and freshness',
      sub: 'seconds: watermark behind now, age of the newest stored event',
      isShown: hasClickstream,
      lines: () => [
        ['watermark lag', 'lag'],
        ['freshness', 'freshness'],
      ],
    }),
  ];
}

function longestLines({ frame: { servers } }: Moment) {
  const longest = servers
    .toSorted((a, b) => b.waiting - a.waiting)
    .slice(0, SERVERS_MAX)
    .map(({ name }) => name);
  return servers
    .filter(({ name }) => longest.includes(name))
    .map(({ name }) => [name, `waiting:${name}`] as const);
}
