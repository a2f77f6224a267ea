/** Suite `faults`: trials of a swarm, drawn, run and watched by all invariants, one after the other
 * in one thread. N = 400 trials, seeds 1 to 400, after 40 that warm up. Rates are per second of CPU
 * time, which a busy machine changes less than the clock's. */
import { runSeed } from '../src/testing/swarm/campaign/seed-outcome.ts';
import type { SwarmSource } from '../src/testing/swarm/campaign/swarm-source.ts';
import { type BenchSuite, figure } from './bench-suite.ts';

const TRIALS = 400;
const WARM_UP = 40;
const SWARM: SwarmSource = { kind: 'swarm' };
const US_PER_SECOND = 1e6;

/** The suite. */
export const faultsSuite: BenchSuite = async ({ scale }) => {
  const trials = Math.max(2, Math.round(TRIALS * scale));
  for (let i = 0; i < WARM_UP * scale; i += 1) await runSeed(SWARM, trials + i + 1);
  const before = process.cpuUsage();
  let events = 0;
  for (let seed = 1; seed <= trials; seed += 1) {
    const outcome = await runSeed(SWARM, seed);
    if (outcome.violations.length > 0) throw new Error(`seed ${seed} broke an invariant`);
    events += outcome.events;
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / US_PER_SECOND;
  return [
    figure('trials_per_s', trials / seconds, 'trials/s'),
    figure('trial_events_per_s', events / seconds, 'events/s'),
    figure('events_per_trial', events / trials, 'events'),
  ];
};
