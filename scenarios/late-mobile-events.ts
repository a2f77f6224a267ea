/** Question: phones lose the network while a downloaded title plays and send their events an hour
 * later: how many miss their window, and does the warehouse still hold every one of them? */
import { defineScenario, exponential, fixed, hours, lognormal, minutes } from 'backlot';

export const scenario = defineScenario({
  schema: 1,
  name: 'late-mobile-events',
  question: 'What happens to events of phones that come back online late?',
  seed: 13,
  clock: { start: '2026-11-20T17:00:00-05:00', duration: hours(2), drain: hours(1) },
  audience: {
    viewers: 400,
    devices: {
      tv: { share: 20, wan: wan(28, 40) },
      phone: {
        share: 70,
        wan: wan(80, 10),
        absence: {
          probability: 0.5,
          after: exponential(minutes(4)),
          duration: lognormal(minutes(25), 0.6),
        },
      },
      web: { share: 10, wan: wan(38, 30) },
      console: { share: 0, wan: wan(30, 50) },
    },
  },
  clickstream: { allowedLateness: minutes(5) },
});

function wan(roundTripMs: number, megabits: number) {
  return {
    roundTripTime: fixed(minutes(roundTripMs / 60_000)),
    bandwidthBitsPerSec: megabits * 1e6,
  };
}
