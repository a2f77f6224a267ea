/** Question: what does the first page of an evening cost, when every connection has to be opened
 * first? Viewers look at the home page and leave; nobody stays long enough to warm anything. */
import { defineScenario, lognormal, minutes, seconds } from 'backlot';

export const scenario = defineScenario({
  schema: 1,
  name: 'home-page-cold',
  question: 'What does a cold home page cost each architecture?',
  seed: 7,
  clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(20), drain: minutes(2) },
  audience: {
    viewers: 600,
    arrivals: [
      { at: minutes(0), relativeRate: 1 },
      { at: minutes(20), relativeRate: 1 },
    ],
    behaviour: {
      thinkTime: lognormal(seconds(3), 0.5),
      browseWeights: { hover: 20, scroll: 20, search: 0, open: 0, leave: 60 },
    },
  },
});
