/** Question: on a busy evening, which API architecture shows pages fastest to the same viewers, and
 * what does each cost in calls and machines? One simulated viewer stands for many; the machines are
 * scaled alike, so that utilization, not the head count, is what is realistic. */
import { defineScenario, lognormal, minutes, ms, us } from 'backlot';

export const scenario = defineScenario({
  schema: 1,
  name: 'evening-peak',
  question: 'On a busy evening, which architecture shows pages fastest, and at what cost?',
  seed: 20261120,
  clock: {
    start: '2026-11-20T20:00:00-05:00',
    duration: minutes(40),
    warmUp: minutes(5),
    drain: minutes(5),
  },
  audience: {
    viewers: 2_500,
    // Prime time rises, and at 20:20 a premiere brings three times as many for a while.
    arrivals: [
      { at: minutes(0), relativeRate: 1 },
      { at: minutes(18), relativeRate: 1.3 },
      { at: minutes(20), relativeRate: 3 },
      { at: minutes(26), relativeRate: 3 },
      { at: minutes(30), relativeRate: 1.4 },
      { at: minutes(40), relativeRate: 1.2 },
    ],
  },
  services: {
    movie: {
      replicas: 1,
      workersPerReplica: 1,
      baseTime: lognormal(ms(45), 0.5),
      timePerEntity: us(600),
    },
    production: {
      replicas: 1,
      workersPerReplica: 1,
      baseTime: lognormal(ms(42), 0.5),
      timePerEntity: us(500),
    },
    talent: {
      replicas: 1,
      workersPerReplica: 1,
      baseTime: lognormal(ms(48), 0.6),
      timePerEntity: us(450),
    },
  },
});
