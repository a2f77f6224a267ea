/** The closed loop over time, arm by arm. */
import { satisfactionOf } from '../../../domain/taste/satisfaction.ts';
import type { ClosedLoop } from '../closed-loop.ts';
import type { ExposureChange } from '../loop-truth.ts';
import type { LoopSeries } from './loop-result.ts';

const BUCKETS = 24;
const US_PER_HOUR = 3_600_000_000;

/** Cuts the run into equal stretches. Cost O(rows + plays + viewers · stretches). */
export function loopSeries(loop: ClosedLoop, endUs: number): LoopSeries {
  const lengthUs = endUs / BUCKETS;
  const bucketOf = (atUs: number) =>
    Math.min(BUCKETS - 1, Math.max(0, Math.ceil(atUs / lengthUs) - 1));
  return {
    hours: Array.from({ length: BUCKETS }, (_, i) => ((i + 1) * lengthUs) / US_PER_HOUR),
    arms: loop.config.arms.map(({ name }, arm) => ({
      name,
      ...rowSeries(loop, arm, bucketOf),
      satisfaction: satisfactionSeries(loop, arm, bucketOf),
    })),
  };
}

function rowSeries({ truth, armOf }: ClosedLoop, arm: number, bucketOf: (atUs: number) => number) {
  const rows = zeros();
  const takes = zeros();
  const regret = zeros();
  const viewers = new Set<number>();
  for (const { viewer, atUs, takenSlot, value, bestValue } of truth.rows) {
    if (armOf(viewer) !== arm) continue;
    const bucket = bucketOf(atUs);
    viewers.add(viewer);
    add(rows, bucket, 1);
    add(takes, bucket, Number((takenSlot ?? -1) >= 0));
    add(regret, bucket, bestValue - value);
  }
  let sum = 0;
  return {
    takeRate: rows.map((count, i) => (count === 0 ? null : (takes[i] ?? 0) / count)),
    regretPerViewer: regret.map((more) => {
      sum += more;
      return viewers.size === 0 ? null : sum / viewers.size;
    }),
  };
}

/** The mean at the end of each stretch; who has played nothing yet counts as they came. */
function satisfactionSeries(
  { truth, armOf, config, ground }: ClosedLoop,
  arm: number,
  bucketOf: (atUs: number) => number,
): readonly (number | null)[] {
  const changes: ExposureChange[][] = zeros().map(() => []);
  const seen = new Set<number>();
  for (const { viewer, atUs } of truth.rows) {
    if (armOf(viewer) !== arm || seen.has(viewer)) continue;
    seen.add(viewer);
    changes[bucketOf(atUs)]?.push({ viewer, atUs, exposure: ground.firstExposure(viewer) });
  }
  for (const change of truth.exposures) {
    if (armOf(change.viewer) === arm) changes[bucketOf(change.atUs)]?.push(change);
  }
  const levels = new Map<number, number>();
  return changes.map((inBucket) => {
    for (const { viewer, exposure } of inBucket) levels.set(viewer, exposure);
    const all = [...levels.values()].map((one) => satisfactionOf(config.satisfaction, one));
    return all.length === 0 ? null : all.reduce((sum, one) => sum + one, 0) / all.length;
  });
}

function zeros(): number[] {
  return new Array<number>(BUCKETS).fill(0);
}

function add(to: number[], at: number, value: number): void {
  to[at] = (to[at] ?? 0) + value;
}
