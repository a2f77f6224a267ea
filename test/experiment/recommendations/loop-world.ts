/** A small world whose home page recommends: a day and a quarter, some viewers, few titles. */
import type { ClosedLoop } from '../../../src/experiment/recommendations/closed-loop.ts';
import type { Scenario, ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { hours, minutes } from '../../../src/kernel/time.ts';
import { type runWorld, type SmallOverrides, smallScenario } from '../small-world.ts';

/** What a scenario says of recommendations. */
type Recommendations = NonNullable<ScenarioInput['recommendations']>;

/** The scenario. Viewers come in the first hours, and come back within the day. */
export function loopScenario(
  recommendations: Partial<Recommendations> = {},
  overrides: SmallOverrides = {},
): Scenario {
  return smallScenario({
    clock: { start: '2026-11-23T00:00:00Z', duration: hours(30), drain: hours(1) },
    ...overrides,
    audience: {
      viewers: 10,
      arrivals: [
        { at: 0, relativeRate: 1 },
        { at: hours(4), relativeRate: 1 },
        { at: hours(4) + 1, relativeRate: 0 },
      ],
      behaviour: { pauseShare: 1 },
      ...overrides.audience,
    },
    clickstream: { pollEvery: minutes(10), heartbeat: minutes(10), ...overrides.clickstream },
    recommendations: {
      arms: [{ name: 'everybody', policy: { kind: 'random' } }],
      satisfaction: { returnTime: hours(8) },
      choice: { nothing: 2 },
      ...recommendations,
    },
  });
}

/** A world of it that has run. */
export type LoopRun = Awaited<ReturnType<typeof runWorld>>;

/** Its loop. */
export function loopOf({ world }: Pick<LoopRun, 'world'>): ClosedLoop {
  if (world.loop === undefined) throw new Error('nothing is recommended in this world');
  return world.loop;
}
