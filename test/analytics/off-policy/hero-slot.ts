/** A small hero slot after two weeks of random rows, and two policies for it. */
import { prepareHeroSlot } from '../../../src/analytics/off-policy/hero-slot-study.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';

/** The world, popular logs and a personal target. */
export function heroSlot({ viewers, titles }: { viewers: number; titles: number }) {
  const world = analyticsWorld({ titles });
  return { ...prepareHeroSlot({ ...world, viewers: numbersTo(viewers) }), chance: world.chance };
}
