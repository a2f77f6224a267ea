/** Question: on a busy evening, which API architecture shows pages fastest to the same viewers, and
 * what does each cost in calls and machines? One simulated viewer stands for about a thousand; the
 * machines are scaled alike, so that utilization, not the head count, is what is realistic. */
import { defineScenario, hours, lognormal, minutes, ms, us } from 'backlot';

export const scenario = defineScenario({
  schema: 1,
  name: 'evening-peak',
  question: 'On a busy evening, which architecture shows pages fastest, and at what cost?',
  seed: 20261120,
  clock: {
    start: '2026-11-20T19:30:00-05:00',
    duration: hours(2),
    warmUp: minutes(10),
    drain: minutes(10),
  },
  audience: { viewers: 1_500 },
  services: {
    movie: { replicas: 1, workersPerReplica: 1, baseTime: lognormal(ms(22), 0.5), timePerEntity: us(700) },
    production: { replicas: 1, workersPerReplica: 1, baseTime: lognormal(ms(18), 0.5), timePerEntity: us(600) },
    talent: { replicas: 1, workersPerReplica: 1, baseTime: lognormal(ms(24), 0.6), timePerEntity: us(500) },
  },
});
