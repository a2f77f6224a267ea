/** What `check` says, as text: the stations at their peak, then the findings. */
import type {
  CheckDocument,
  Finding,
  StationPreflight,
  SubjectPreflight,
} from '../../../experiment/check/check-document.ts';
import { formatCount, formatNumber, formatShare, NO_NUMBER, plural } from '../../numbers.ts';
import { textTable, wrapped } from '../text-table.ts';

/** How it is laid out. */
export interface CheckLinesOptions {
  readonly width: number;
  /** Whether stations that do next to nothing are listed too. */
  readonly all: boolean;
}

/** Stations below this share of the busiest one's utilization are summed up in one line. */
const MINOR = 0.1;
/** Columns of the widest line. */
const WIDTH_MAX = 100;
const WIDTH_MIN = 40;

/** Text of one checked scenario, ending with a line break. */
export function checkText(document: CheckDocument, options: CheckLinesOptions): string {
  const width = Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, options.width));
  const lines = [
    headline(document),
    ...document.subjects.flatMap((subject) => subjectLines(subject, { ...options, width })),
    '',
    ...grouped(document.findings).flatMap((one) => findingLines(one, width)),
    `${plural(document.errors, 'error')}, ${plural(document.warnings, 'warning')}`,
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function headline({ file, scenario, counts, seed }: CheckDocument): string {
  if (counts === null) return `${file}: no scenario that could be run`;
  const parts = [
    plural(counts.services, 'service'),
    plural(counts.subjects, 'subject'),
    plural(counts.faults, 'fault'),
    plural(counts.objectives, 'objective'),
  ];
  return `${scenario}: ${parts.join(', ')}, seed ${seed}`;
}

function subjectLines(
  { name, pages, stations, bottleneck, byPage }: SubjectPreflight,
  { width, all }: CheckLinesOptions,
): readonly string[] {
  const calls = byPage.reduce((sum, page) => sum + page.callsPerPage * page.expected, 0);
  const busiest = Math.max(0, ...stations.map(utilizationOf));
  const shown = stations.filter((one) => all || utilizationOf(one) >= MINOR * busiest);
  const hasZones = shown.some(({ zoneLost }) => zoneLost !== null);
  const minor = stations.filter((one) => !shown.includes(one));
  const most = Math.max(0, ...minor.map(utilizationOf));
  return [
    '',
    ...wrapped(
      `${name}: ${formatNumber(pages.peakPerSec)} pages/s at the peak ` +
        `(minute ${formatNumber(pages.peakAtUs / 60e6)}), ${formatCount(pages.expected)} in all, ` +
        `${formatNumber(calls / Math.max(1, pages.expected))} calls a page` +
        fullAt(bottleneck),
      width,
    ),
    ...textTable(
      {
        columns: [
          '  station',
          'offered',
          'workers',
          'busy',
          ...(hasZones ? ['zone lost'] : []),
          'P(wait)',
          'p99 wait',
        ],
        rows: shown.map((station) => stationRow(station, hasZones)),
      },
      width,
    ),
    ...(minor.length === 0
      ? []
      : [`  … ${minor.length} more at or below ${formatShare(most)} (--all)`]),
  ];
}

function fullAt(bottleneck: SubjectPreflight['bottleneck']): string {
  if (bottleneck === null) return '';
  const { station, maxPagesPerSec } = bottleneck;
  return `; ${station} is full at ${formatNumber(maxPagesPerSec)} pages/s`;
}

function stationRow(station: StationPreflight, hasZones: boolean): readonly string[] {
  const { peak, zoneLost, offeredLoad } = station;
  return [
    `  ${station.station}`,
    formatNumber(offeredLoad),
    formatCount(peak.workers),
    busy(peak.utilization),
    ...(hasZones ? [zoneLost === null ? NO_NUMBER : busy(zoneLost.utilization)] : []),
    formatShare(peak.waitProbability),
    peak.p99WaitMs === null ? NO_NUMBER : `${formatNumber(peak.p99WaitMs)} ms`,
  ];
}

function busy(utilization: number | null): string {
  return utilization === null ? 'gone' : formatShare(utilization);
}

function utilizationOf({ peak }: StationPreflight): number {
  return peak.utilization ?? 1;
}

/** The same finding of several subjects, told once. */
function grouped(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Finding>();
  for (const one of findings) {
    const key = [one.code, one.path, one.found, one.rule].join('\n');
    const before = groups.get(key);
    const subject = before === undefined ? one.subject : `${before.subject}, ${one.subject}`;
    groups.set(key, { ...one, subject });
  }
  return [...groups.values()];
}

function findingLines(finding: Finding, width: number): readonly string[] {
  const { severity, code, subject, path, found, rule } = finding;
  const place = subject === null ? path : `${path} (${subject})`;
  const sign = severity === 'error' ? '✖' : '!';
  const [first = '', ...others] = wrapped(`${code} ${place}: ${found}; ${rule}`, width - 2);
  return [`${sign} ${first}`, ...others.map((line) => `  ${line}`)];
}
