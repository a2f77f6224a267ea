/** The same scenario with more or less traffic: viewers, arrivals and users times a factor, the
 * shape over time and everything drawn of each viewer as before. */
import type { Scenario } from '../../scenario/schema.ts';

/** Traffic times `factor` > 0. Guests added by hand stay as they are; users are whole. */
export function scaleTraffic(scenario: Scenario, factor: number): Scenario {
  if (factor === 1) return scenario;
  const { audience, traffic } = scenario;
  return {
    ...scenario,
    audience: { ...audience, viewers: audience.viewers * factor },
    traffic: traffic === undefined ? undefined : scaledTest(traffic, factor),
  };
}

type Traffic = NonNullable<Scenario['traffic']>;

function scaledTest(traffic: Traffic, factor: number): Traffic {
  if (traffic.kind === 'open') {
    const rate = traffic.rate.map((point) => ({ ...point, perSecond: point.perSecond * factor }));
    return { ...traffic, rate };
  }
  const users = traffic.users.map((point) => ({
    ...point,
    users: Math.round(point.users * factor),
  }));
  return { ...traffic, users };
}
