/** One measured value, neutral of any format: what NDJSON, CSV and OpenMetrics are written from. */
import { METRIC_DEFINITIONS, type MetricDefinition, type MetricName } from './definitions.ts';

/** A value of a metric. */
export interface MetricSample {
  readonly name: string;
  readonly definition: MetricDefinition;
  /** What it is of; names from outside among the values. Sorted by key. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
  /** Ends of its interval; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
  /** Middle of its bucket, µs since the start of the run; null for the run as a whole. */
  readonly atUs: number | null;
}

/** Attributes that may be left out. */
export type Attributes = Readonly<Record<string, string | undefined>>;

/** A measured number: null and what is no number are not told. */
export type Measured =
  | number
  | null
  | undefined
  | {
      readonly value: number | null;
      readonly low: number | null;
      readonly high: number | null;
    };

/** A metric with its name. */
export interface NamedMetric {
  readonly name: string;
  readonly definition: MetricDefinition;
}

/** Gathers samples in the order in which they are told. */
export interface Sampler {
  /** @param scale - Multiplies value and interval: 0.001 makes seconds of ms. */
  add(name: MetricName, measured: Measured, options?: SampleOptions): void;
  /** The same for a metric that the document names itself. */
  addOther(metric: NamedMetric, measured: Measured, options?: SampleOptions): void;
  readonly samples: readonly MetricSample[];
}

/** What a sample is of, and when. */
export interface SampleOptions {
  readonly of?: Attributes | undefined;
  readonly scale?: number | undefined;
  readonly atUs?: number | undefined;
}

/** An empty one. @param common - Attributes of all samples. */
export function createSampler(common: Attributes): Sampler {
  const samples: MetricSample[] = [];
  const sampler: Sampler = {
    samples,
    add: (name, measured, options) =>
      sampler.addOther({ name, definition: METRIC_DEFINITIONS[name] }, measured, options),
    addOther({ name, definition }, measured, { of = {}, scale = 1, atUs } = {}) {
      const { value, low, high } = intervalOf(measured);
      if (value === null) return;
      samples.push({
        name,
        definition,
        attributes: present({ ...common, ...of }),
        value: scaled(value, scale),
        low: low === null ? null : scaled(low, scale),
        high: high === null ? null : scaled(high, scale),
        atUs: atUs ?? null,
      });
    },
  };
  return sampler;
}

function intervalOf(measured: Measured): Pick<MetricSample, 'low' | 'high'> & {
  readonly value: number | null;
} {
  if (measured === null || measured === undefined) return { value: null, low: null, high: null };
  if (typeof measured === 'number') return { value: finite(measured), low: null, high: null };
  const { value, low, high } = measured;
  return { value: finite(value), low: finite(low), high: finite(high) };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Twelve digits: 0.3 s and not 0.30000000000000004 s out of 300 ms. */
function scaled(value: number, scale: number): number {
  return scale === 1 ? value : Number((value * scale).toPrecision(12));
}

function present(attributes: Attributes): Readonly<Record<string, string>> {
  const entries = Object.entries(attributes).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
