/** Adaptive concurrency limits stay within their bounds, and do not grow on drops. Spec: T35. */
import type { LimitAlgorithm } from '../../../queueing/limits/concurrency-limit.ts';
import type { Invariant } from '../invariant.ts';
import type { LimitStep } from '../notes/server-notes.ts';
import { watching } from '../watching.ts';

/** A gradient limit always leaves room for a waiting line of so many. */
const GRADIENT_ROOM = 4;

/** Bounds. */
export const LIMITS_STAY_WITHIN_BOUNDS: Invariant = watching(
  'limits-stay-within-bounds',
  'a concurrency limit is a whole number within its configured bounds',
  ({ tower, world, view, checked, broken }) => {
    const limited = world.wired.settings.flatMap(({ name, limit }, n) => {
      const server = view.servers[n];
      return limit === undefined || server === undefined
        ? []
        : [{ name, server, bounds: boundsOf(limit.algorithm) }];
    });
    return {
      news: tower.changes.requests,
      afterEvent() {
        for (const { name, server, bounds } of limited) {
          const { limit = 0 } = server;
          checked();
          const isWithin = bounds[0] <= limit && limit <= bounds[1] && Number.isInteger(limit);
          if (!isWithin)
            broken(`the limit of ${name} is ${limit}`, { server: name, limit, bounds });
        }
      },
    };
  },
);

/** Drops. */
export const LIMITS_DO_NOT_GROW_ON_DROPS: Invariant = watching(
  'limits-do-not-grow-on-drops',
  'a limit that learns from drops is not higher after a dropped call than before',
  ({ tower, checked, broken }) => {
    tower.servers.limits.on((step) => {
      if (!step.isDropped || !learnsFromDrops(step)) return;
      checked();
      const { before, after, server } = step;
      if (after <= before) return;
      const message = `the limit of ${server.name} grew from ${before} to ${after} on a drop`;
      broken(message, { server: server.name, before, after });
    });
    return undefined;
  },
);

function boundsOf(algorithm: LimitAlgorithm): readonly [number, number] {
  switch (algorithm.kind) {
    case 'fixed':
      return [algorithm.limit, algorithm.limit];
    case 'vegas':
      return [1, algorithm.maxLimit];
    default:
      return [algorithm.minLimit, algorithm.maxLimit];
  }
}

/** Gradient2 knows no drops (concurrency-limits issue 137), and a gradient below its room rises to
 * it whatever happens. */
function learnsFromDrops({ settings, before }: LimitStep): boolean {
  const kind = settings.limit?.algorithm.kind;
  if (kind === 'gradient2') return false;
  return kind !== 'gradient' || before >= GRADIENT_ROOM;
}
