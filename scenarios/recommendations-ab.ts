/** Question: does a row "For you" that ALS fills earn its place against one of what is popular, and
 * does the A/B test say so? Four days of 400 viewers, who were shown what was popular for four
 * weeks before; ALS is trained from what was stored of those. `ab-test` splits the viewers; the
 * others are twins: everybody has one policy, on the same viewers, tastes and draws.
 * Known answers: popularity < ALS < oracle in value per row and hours per viewer, in the twins as
 * in the arms; LinUCB over factors that ALS found is about as good as ALS so soon; every
 * impression is stored or has a reason. */
import { defineScenario, hours, minutes } from 'backlot';

const day = hours(24);

const popularity = { name: 'popularity', policy: { kind: 'popularity' as const } };
const als = { name: 'als', policy: { kind: 'als' as const } };
const linUcb = {
  name: 'lin-ucb',
  policy: { kind: 'lin-ucb' as const, features: 'als' as const },
};
const oracle = { name: 'oracle', policy: { kind: 'oracle' as const } };

export const scenario = defineScenario({
  schema: 1,
  name: 'recommendations-ab',
  question: 'Is a row that ALS fills worth more than one of what is popular?',
  seed: 90,
  clock: { start: '2026-11-23T00:00:00Z', duration: 4 * day, drain: hours(4) },
  audience: {
    viewers: 400,
    // Everybody comes on the first day, and comes back as they are content.
    arrivals: [
      { at: 0, relativeRate: 1 },
      { at: day, relativeRate: 1 },
      { at: day + 1, relativeRate: 0 },
    ],
    behaviour: { pauseShare: 1 },
  },
  catalogue: { titles: 400 },
  // Days, not seconds, are looked at: events may wait, and players ping every ten minutes.
  clickstream: { pollEvery: minutes(10), heartbeat: minutes(10), idleTimeout: minutes(30) },
  recommendations: {
    experiment: 'for-you',
    arms: [popularity, als],
    history: { days: 28 },
  },
  variants: [
    { name: 'ab-test', architecture: 'federated', set: {} },
    ...[popularity, als, linUcb, oracle].map((arm) => ({
      name: `all-${arm.name}`,
      architecture: 'federated' as const,
      set: { 'recommendations.arms': [arm] },
    })),
  ],
});
