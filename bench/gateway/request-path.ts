/** The whole simulated request path in a world of its own: users without think time over the WAN to
 * the federated router, which asks three services with their databases, and back. 400 users, all
 * four pages alike, 50 titles, seed 1; measured after every page was seen once. */
import { assemble, type World } from '../../src/experiment/assemble.ts';
import { readRunInputs } from '../../src/experiment/run-inputs.ts';
import { defineScenario } from '../../src/experiment/scenario/define-scenario.ts';
import { lognormal } from '../../src/experiment/scenario/values.ts';
import { minutes, ms, seconds, us } from '../../src/kernel/time.ts';
import { openWarehouse, type Warehouse } from '../../src/storage/warehouse.ts';

const USERS = 400;
/** Enough for every page of every title to be asked for. */
const WARM_UP_US = seconds(3);

/** A world that goes on and on. */
export interface PathBench {
  /** Runs on until so many more pages were shown. @returns pages shown and events run meanwhile. */
  showPages(pages: number): { readonly pages: number; readonly events: number };
  close(): void;
}

/** Makes the world and runs its warm-up. */
export async function createPathBench(): Promise<PathBench> {
  const service = {
    replicas: 2,
    workersPerReplica: 50,
    baseTime: lognormal(ms(6), 0.5),
    timePerEntity: us(100),
  };
  const scenario = defineScenario({
    schema: 1,
    name: 'request-path',
    question: 'How fast is the request path?',
    seed: 1,
    clock: { start: '2026-11-20T20:00:00Z', duration: minutes(600) },
    audience: {},
    catalogue: { titles: 50 },
    services: { movie: service, production: service, talent: service },
    architectures: {
      federated: {
        replicas: 2,
        workersPerReplica: 50,
        planTime: us(100),
        mergeTimePerFetch: us(50),
        mergeTimePerKib: us(10),
      },
    },
    traffic: {
      kind: 'closed',
      users: [{ at: 0, users: USERS }],
      pages: { home: 1, title: 1, search: 1, play: 1 },
    },
  });
  const { catalogue, arrivals } = await readRunInputs(scenario, {});
  const warehouse: Warehouse = openWarehouse({ path: ':memory:' });
  const world: World = assemble({
    scenario,
    architecture: 'federated',
    replication: 0,
    catalogue,
    arrivals,
    warehouse,
  });
  world.simulation.run(WARM_UP_US);
  return {
    showPages: (pages) => showPages(world, pages),
    close() {
      warehouse.close();
      const bad = world.recorder.loads.find(({ outcome }) => outcome !== 'ok');
      if (bad !== undefined)
        throw new Error(`a ${bad.page} page of the bench ended ${bad.outcome}`);
    },
  };
}

/** Steps of virtual time between looks at how many pages were shown. */
const STEP_US = 20_000;

function showPages({ simulation, recorder }: World, wanted: number) {
  const shownBefore = recorder.shownCount;
  const eventsBefore = simulation.executedCount;
  while (recorder.shownCount - shownBefore < wanted) simulation.run(simulation.nowUs + STEP_US);
  return {
    pages: recorder.shownCount - shownBefore,
    events: simulation.executedCount - eventsBefore,
  };
}
