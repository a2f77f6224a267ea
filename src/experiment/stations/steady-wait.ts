/** The mean wait over the steady part of a run, with an interval that minds that waits of one
 * stretch of time depend on one another: batch means over time, as a ratio of sums. Spec: N65. */
import { intervalFactor } from '../../stats/student-t.ts';
import { between, FIRST_LOOK, type StationLook } from './station-look.ts';

/** A mean wait in µs, and how well it is known. */
export interface SteadyWait {
  readonly meanUs: number;
  readonly halfWidthUs: number;
  readonly jobs: number;
  readonly batches: number;
}

/** What part is measured, and how. */
export interface SteadyWaitOptions {
  readonly fromUs: number;
  readonly toUs: number;
  /** A batch is at least this long. */
  readonly batchUs: number;
  readonly confidence: number;
  /** Sum of waits between two looks, µs. */
  readonly waitUs: (part: StationLook) => number;
}

/** Fewer batches bear no interval; more would only be shorter. */
const BATCHES_MIN = 10;
const BATCHES_MAX = 30;

/** The part of a run between two times, as far as whole buckets lie in it. */
export function lookBetween(
  looks: readonly StationLook[],
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): StationLook | undefined {
  const inside = looksInside(looks, { fromUs, toUs });
  const [first] = inside;
  const last = inside.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  return between(first, last);
}

/** The mean wait of the jobs done within the part: Σ waits ÷ Σ jobs, ± t · the error of a ratio
 * over batches of equal length. Undefined below {@link BATCHES_MIN} batches, and where a batch has
 * no job. Source: Law, Simulation Modeling and Analysis, 9.5.3 (batch means); Cochran, Sampling
 * Techniques, 6.3 (ratio estimator). */
export function steadyWait(
  looks: readonly StationLook[],
  options: SteadyWaitOptions,
): SteadyWait | undefined {
  const inside = looksInside(looks, options);
  const [first, second] = inside;
  if (first === undefined || second === undefined) return undefined;
  const bucketUs = second.atUs - first.atUs;
  const spanUs = (inside.length - 1) * bucketUs;
  const size = Math.ceil(Math.max(options.batchUs, spanUs / BATCHES_MAX) / bucketUs);
  const batches = Math.floor((inside.length - 1) / size);
  if (batches < BATCHES_MIN) return undefined;
  const parts = Array.from({ length: batches }, (_, b) =>
    between(inside[b * size] as StationLook, inside[(b + 1) * size] as StationLook),
  );
  if (parts.some(({ finished }) => finished === 0)) return undefined;
  const jobs = parts.reduce((sum, { finished }) => sum + finished, 0);
  const meanUs = parts.reduce((sum, part) => sum + options.waitUs(part), 0) / jobs;
  const squares = parts.reduce(
    (sum, part) => sum + (options.waitUs(part) - meanUs * part.finished) ** 2,
    0,
  );
  const error = Math.sqrt((batches / (batches - 1)) * squares) / jobs;
  const halfWidthUs = intervalFactor(options.confidence, batches - 1) * error;
  return { meanUs, halfWidthUs, jobs, batches };
}

function looksInside(
  looks: readonly StationLook[],
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): readonly StationLook[] {
  return [FIRST_LOOK, ...looks].filter(({ atUs }) => atUs >= fromUs && atUs <= toUs);
}
