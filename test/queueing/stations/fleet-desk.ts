/** A fleet under test: a simulation, a fleet and a diary of what its listener heard. */
import { createChance } from '../../../src/kernel/chance.ts';
import { createSimulation } from '../../../src/kernel/simulation.ts';
import { createFleet } from '../../../src/queueing/stations/fleet.ts';
import {
  DEFAULT_FLEET_CONFIG,
  type FleetConfig,
} from '../../../src/queueing/stations/fleet-config.ts';
import type { Job } from '../../../src/queueing/stations/job.ts';

/** A job with a name. */
export interface NamedJob extends Job {
  readonly name: string;
}

/** A job that waits for ever, of the most urgent class. */
export function job(name: string, demandUs: number, rest: Partial<Job> = {}): NamedJob {
  return { name, demandUs, priority: 0, deadlineUs: Number.POSITIVE_INFINITY, ...rest };
}

/** Makes the fleet; `diary` grows by lines like `12 a done` and `12 b rejected`. */
export function createDesk(config: Partial<FleetConfig>, seed = 1) {
  const simulation = createSimulation();
  const diary: string[] = [];
  const ends: { job: NamedJob; waitTimeUs: number; serviceTimeUs: number; atUs: number }[] = [];
  const fleet = createFleet<NamedJob>({
    simulation,
    name: 'desk',
    config: { ...DEFAULT_FLEET_CONFIG, ...config },
    chance: createChance({ seed, replication: 0 }),
    listener: {
      finished(...[one, , waitTimeUs, serviceTimeUs]) {
        diary.push(`${simulation.nowUs} ${one.name} done`);
        ends.push({ job: one, waitTimeUs, serviceTimeUs, atUs: simulation.nowUs });
      },
      dropped(one, _replica, reason) {
        diary.push(`${simulation.nowUs} ${one.name} ${reason}`);
      },
    },
  });
  return { simulation, fleet, diary, ends };
}
