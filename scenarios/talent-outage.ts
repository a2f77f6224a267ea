/** Question: when the talent service goes down for five minutes, who still shows a page? Federation
 * and aggregation can answer in part; a module's crash takes the monolith along. */
import { defineScenario, minutes } from 'backlot';

export const scenario = defineScenario({
  schema: 1,
  name: 'talent-outage',
  question: 'Who still shows pages while the talent service is down?',
  seed: 11,
  clock: { start: '2026-11-20T20:30:00-05:00', duration: minutes(30), drain: minutes(5) },
  audience: { viewers: 500 },
  faults: [{ kind: 'service.outage', target: 'talent', at: minutes(10), for: minutes(5) }],
});
