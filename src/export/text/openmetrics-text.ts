/** Families of metrics in OpenMetrics 1.0's text: `# TYPE`, `# UNIT` and `# HELP`, then the points
 * of each metric together, in ascending order of time. */
import { countOf, countUpTo, type HistogramCounts } from '../../stats/histogram-counts.ts';

interface Head {
  /** Without suffix; ends with the unit where there is one. */
  readonly name: string;
  readonly unit: string | null;
  readonly help: string;
  /** When counting began, s since the Unix epoch; null where that is unknown. */
  readonly createdSeconds: number | null;
}

/** A value of a gauge or a counter. */
export interface Point {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** s since the Unix epoch; null: no time. */
  readonly seconds: number | null;
}

/** A distribution. */
export interface HistogramPoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: HistogramCounts;
  /** Values of `counts` in one of the family's unit. */
  readonly perUnit: number;
  readonly seconds: number | null;
}

/** A family. */
export type Family =
  | (Head & { readonly type: 'gauge' | 'counter'; readonly points: readonly Point[] })
  | (Head & {
      readonly type: 'histogram';
      /** Ascending, in the family's unit; `+Inf` is added. */
      readonly boundaries: readonly number[];
      readonly points: readonly HistogramPoint[];
    });

/** Its lines. Points of equal labels follow each other by time; of equal time the last one counts,
 * because a metric has one value at a time. */
export function familyText(family: Family): string {
  const { name, type, unit, help } = family;
  const head = [
    `# TYPE ${name} ${type}`,
    ...(unit === null ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escaped(help)}`,
  ];
  const lines =
    family.type === 'histogram'
      ? family.points.flatMap((point) => histogramLines(family, point))
      : byMetric(family.points).flatMap((point) => pointLines(family, point));
  return `${[...head, ...lines].join('\n')}\n`;
}

function pointLines(family: Head & { readonly type: string }, point: Point): readonly string[] {
  const { name, createdSeconds } = family;
  if (family.type === 'gauge') return [line(name, point.labels, point)];
  const total = line(`${name}_total`, point.labels, point);
  if (createdSeconds === null) return [total];
  const { seconds } = point;
  return [total, line(`${name}_created`, point.labels, { value: createdSeconds, seconds })];
}

function histogramLines(
  { name, boundaries, createdSeconds }: Extract<Family, { type: 'histogram' }>,
  { labels, counts, perUnit, seconds }: HistogramPoint,
): readonly string[] {
  const count = countOf(counts);
  const sum = counts.values.reduce((all, value, i) => all + value * (counts.counts[i] ?? 0), 0);
  const bucket = (le: string, value: number) =>
    line(`${name}_bucket`, { ...labels, le }, { value, seconds });
  return [
    ...boundaries.map((le) => bucket(floatText(le), countUpTo(counts, le * perUnit))),
    bucket('+Inf', count),
    line(`${name}_count`, labels, { value: count, seconds }),
    line(`${name}_sum`, labels, { value: sum / perUnit, seconds }),
    ...(createdSeconds === null
      ? []
      : [line(`${name}_created`, labels, { value: createdSeconds, seconds })]),
  ];
}

function byMetric(points: readonly Point[]): readonly Point[] {
  const metrics = new Map<string, Map<number, Point>>();
  for (const point of points) {
    const key = labelText(point.labels);
    const ofMetric = metrics.get(key) ?? new Map<number, Point>();
    ofMetric.set(point.seconds ?? 0, point);
    metrics.set(key, ofMetric);
  }
  return [...metrics.values()].flatMap((ofMetric) =>
    [...ofMetric].sort(([a], [b]) => a - b).map(([, point]) => point),
  );
}

function line(
  name: string,
  labels: Readonly<Record<string, string>>,
  { value, seconds }: Pick<Point, 'value' | 'seconds'>,
): string {
  return `${name}${labelText(labels)} ${value}${seconds === null ? '' : ` ${seconds}`}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** Backslash, quote and line feed are escaped; other control characters, and half a character, are
 * replaced. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, '\uFFFD');
}

/** `1` is `1.0`: boundaries are floats, and must be written alike everywhere. */
function floatText(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
