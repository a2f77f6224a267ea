/** The load that a scenario asks for beside the load that came: a run that offers less than it was
 * told to tests something else than it says. Spec: E508. */
import { FIRST_GUEST } from '../../../domain/audience.ts';
import { createRateCurve } from '../../../kernel/distributions/rate-curve.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../../kernel/time.ts';
import type { World } from '../../assemble.ts';
import { createLoadProfile } from '../../load/load-profile.ts';

/** Asked and offered, one value a bucket of the run. */
export interface OfferedLoad {
  /** `viewers`: arrivals of viewers a minute; `open`: pages a second of a load test whose arrivals
   * wait for nothing; `closed`: users of a load test who wait for their pages. */
  readonly kind: 'viewers' | 'open' | 'closed';
  /** What the scenario's curve expects: a mean, of which chance makes the arrivals. */
  readonly asked: readonly number[];
  /** What came. Of users: how many of them asked for a page within the bucket. */
  readonly offered: readonly number[];
  /** Sums over the run, in viewers or pages; of users the most at a time. */
  readonly askedTotal: number;
  readonly offeredTotal: number;
}

/** The load from outside; null where nobody comes. Where viewers and a load test both do, the
 * load test's. Cost O(pages). */
export function offeredLoad(world: World): OfferedLoad | null {
  const { traffic, audience } = world.scenario;
  if (traffic?.kind === 'open') return openLoad(world, traffic.rate);
  if (traffic?.kind === 'closed') return closedLoad(world, traffic.users);
  return audience.viewers > 0 ? viewerLoad(world) : null;
}

/** When each asker asked first, and every time of asking. */
function asks({ recorder }: World) {
  const { loads, refused } = recorder;
  return [...loads, ...refused];
}

function openLoad(
  world: World,
  rate: readonly { readonly at: number; readonly perSecond: number }[],
): OfferedLoad {
  const curve = createRateCurve(
    rate.map(({ at, perSecond }) => ({ atUs: at, ratePerSec: perSecond })),
  );
  const cumulative = (atUs: number) => curve.cumulative(Math.min(atUs, world.durationUs));
  const times = asks(world)
    .filter(({ viewer }) => viewer >= FIRST_GUEST)
    .map(({ askedAtUs }) => askedAtUs);
  return compared(world, { kind: 'open', cumulative, times, perUs: US_PER_SECOND });
}

function viewerLoad(world: World): OfferedLoad {
  const { scenario, arrivals, durationUs } = world;
  const curve = createRateCurve(
    arrivals.map(({ atUs, relativeRate }) => ({ atUs, ratePerSec: relativeRate })),
  );
  const scale = scenario.audience.viewers / curve.cumulative(durationUs);
  const cumulative = (atUs: number) => curve.cumulative(Math.min(atUs, durationUs)) * scale;
  const first = new Map<number, number>();
  for (const { viewer, askedAtUs } of asks(world)) {
    if (viewer >= FIRST_GUEST) continue;
    first.set(viewer, Math.min(askedAtUs, first.get(viewer) ?? askedAtUs));
  }
  const times = [...first.values()];
  return compared(world, { kind: 'viewers', cumulative, times, perUs: US_PER_MINUTE });
}

function compared(
  world: World,
  load: {
    readonly kind: OfferedLoad['kind'];
    readonly cumulative: (atUs: number) => number;
    readonly times: readonly number[];
    readonly perUs: number;
  },
): OfferedLoad {
  const { bucketUs } = world;
  const { kind, cumulative, times, perUs } = load;
  const counts = new Array<number>(bucketsOf(world)).fill(0);
  for (const atUs of times) {
    const bucket = Math.min(counts.length - 1, Math.floor(atUs / bucketUs));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const rate = (count: number) => rounded((count * perUs) / bucketUs);
  return {
    kind,
    asked: counts.map((_, i) => rate(cumulative((i + 1) * bucketUs) - cumulative(i * bucketUs))),
    offered: counts.map(rate),
    askedTotal: rounded(cumulative(world.endUs)),
    offeredTotal: times.length,
  };
}

function closedLoad(
  world: World,
  points: readonly { readonly at: number; readonly users: number }[],
): OfferedLoad {
  const { bucketUs, durationUs } = world;
  const profile = createLoadProfile(points.map(({ at, users }) => ({ atUs: at, users })));
  const users = Array.from({ length: bucketsOf(world) }, () => new Set<number>());
  for (const { viewer, askedAtUs } of asks(world)) {
    if (viewer >= FIRST_GUEST) users[Math.floor(askedAtUs / bucketUs)]?.add(viewer);
  }
  const placesAt = (atUs: number) => {
    if (atUs >= durationUs) return 0;
    let places = 0;
    while (places < profile.maxUsers && profile.hasPlaceFor(places, atUs)) places += 1;
    return places;
  };
  const offered = users.map(({ size }) => size);
  const asked = users.map((_, i) => placesAt((i + 0.5) * bucketUs));
  return {
    kind: 'closed',
    asked,
    offered,
    askedTotal: Math.max(0, ...asked),
    offeredTotal: Math.max(0, ...offered),
  };
}

function bucketsOf({ endUs, bucketUs }: World): number {
  return Math.max(1, Math.ceil(endUs / bucketUs));
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
