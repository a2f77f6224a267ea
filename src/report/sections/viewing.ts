/** What was watched, out of the warehouse's named metrics: titles, genres, plays a minute,
 * viewers. */
import type { ArchitectureResult, RunDocument, Series } from '../../experiment/result.ts';
import { dotChart } from '../charts/dot-chart.ts';
import { lineChart, sharedScale } from '../charts/line-chart.ts';
import { type Panel, renderPanels } from '../charts/panel.ts';
import { renderLegend, seriesStyle } from '../charts/series-style.ts';
import { bandsOf, createTimeAxis } from '../charts/time-axis.ts';
import type { Section } from '../html/page-shell.ts';
import { renderTable } from '../html/table.ts';
import { formatCount, formatShare } from '../numbers.ts';
import { subjectNoun } from '../subjects.ts';
import { retentionPanels } from './clickstream/retention.ts';

const ROWS_MAX = 10;

/** The section. */
export function viewingSection(document: RunDocument): Section {
  const { architectures } = document;
  const legend = architectures.map(({ name }, n) => ({ name, style: seriesStyle(n) }));
  return {
    id: 'viewing',
    heading: 'Viewing',
    body: `<p>What the warehouse says was watched. The viewers are the same under every
${subjectNoun(architectures)}; what differs is which pages and events reached their end.</p>
${renderTable({
  caption: `Viewing by ${subjectNoun(architectures)}`,
  columns: ['', ...architectures.map(({ name }) => name)],
  rows: [
    ['Plays', ...architectures.map(({ viewing }) => formatCount(viewing.plays))],
    [
      'Ended plays that reached the end',
      ...architectures.map(({ viewing }) => formatShare(viewing.completionShare)),
    ],
    [
      'Most viewers at once',
      ...architectures.map(({ viewing }) => formatCount(viewing.maxConcurrentViewers)),
    ],
    ['Viewers that came', ...architectures.map(({ viewers }) => formatCount(viewers))],
  ],
})}
${renderLegend(legend, true)}
${renderPanels([
  ...timePanels(document),
  ...retentionPanels(architectures),
  rankPanel(architectures, { id: 'titles', heading: 'Top titles', entries: titlesOf }),
  rankPanel(architectures, { id: 'genres', heading: 'Top genres', entries: genresOf }),
])}`,
  };
}

function timePanels(document: RunDocument): readonly Panel[] {
  const panel = (
    id: string,
    heading: string,
    select: (one: ArchitectureResult) => readonly (number | null)[],
  ): Panel => {
    const series: Series[] = document.architectures.map((one) => ({
      name: one.name,
      values: select(one),
    }));
    return lineChart({
      id,
      heading,
      subheading: `by ${subjectNoun(document.architectures)}`,
      unit: heading.toLowerCase(),
      axis: createTimeAxis(document),
      minutes: document.architectures[0]?.series.minutes ?? [],
      series: series.map((one, look) => ({ ...one, look })),
      faults: bandsOf(document.faults),
      scale: sharedScale(series, false),
    });
  };
  return [
    panel('plays', 'Plays per minute', (one) => playsByBucket(one, document.startUtc)),
    panel('viewers', 'Concurrent viewers', (one) => one.series.concurrentViewers),
  ];
}

/** Plays a minute, averaged over the buckets of the other series; minutes without a row had
 * none. */
function playsByBucket(
  { viewing, series }: ArchitectureResult,
  startUtc: string,
): readonly (number | null)[] {
  const startMs = utcMs(startUtc);
  const [first = 0.5, second = first + 1] = series.minutes;
  const width = second - first;
  const sums = series.minutes.map(() => 0);
  for (const { minute, plays } of viewing.playsPerMinute) {
    const bucket = Math.floor((utcMs(minute) - startMs) / 60_000 / width);
    if (sums[bucket] !== undefined) sums[bucket] += plays;
  }
  return sums.map((sum) => sum / width);
}

/** Without a zone, Date.parse would take the machine's. */
function utcMs(text: string): number {
  return Date.parse(/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
}

interface RankEntry {
  readonly key: string;
  readonly name: string;
  readonly plays: number;
}

function titlesOf({ viewing }: ArchitectureResult): readonly RankEntry[] {
  return viewing.topTitles.map(({ titleId, name, plays }) => ({ key: titleId, name, plays }));
}

function genresOf({ viewing }: ArchitectureResult): readonly RankEntry[] {
  return viewing.topGenres.map(({ genre, plays }) => ({ key: genre, name: genre, plays }));
}

function rankPanel(
  architectures: readonly ArchitectureResult[],
  choice: {
    readonly id: string;
    readonly heading: string;
    entries(one: ArchitectureResult): readonly RankEntry[];
  },
): Panel {
  const lists = architectures.map(choice.entries);
  const rows = mostPlayed(lists);
  const plays = (list: readonly RankEntry[], key: string): number | undefined =>
    list.find((entry) => entry.key === key)?.plays;
  return dotChart({
    id: choice.id,
    heading: choice.heading,
    subheading: 'plays; no symbol where it is not among the first ten',
    unit: 'plays',
    rows: rows.map(({ name }) => name),
    series: architectures.map(({ name }, n) => ({
      name,
      values: rows.map(({ key }) => {
        const value = plays(lists[n] ?? [], key);
        return value === undefined ? null : { value, low: null, high: null };
      }),
    })),
    origin: 'zero',
    rowPx: 26,
    table: {
      caption: `${choice.heading}, plays`,
      columns: [choice.heading, ...architectures.map(({ name }) => name)],
      rows: rows.map(({ key, name }) => [
        name,
        ...lists.map((list) => formatCount(plays(list, key))),
      ]),
    },
  });
}

/** The ten entries with most plays over all lists; ties in the order of the lists. */
function mostPlayed(lists: readonly (readonly RankEntry[])[]): readonly RankEntry[] {
  const totals = new Map<string, RankEntry>();
  for (const entry of lists.flat()) {
    const known = totals.get(entry.key);
    totals.set(entry.key, { ...entry, plays: entry.plays + (known?.plays ?? 0) });
  }
  return [...totals.values()].sort((a, b) => b.plays - a.plays).slice(0, ROWS_MAX);
}
