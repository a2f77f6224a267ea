/** A small world for tests: a few viewers, minutes long, with everything that can be set. */
import type { InterpreterName } from '../../src/actors/runtime/interpreters.ts';
import { assemble, type World } from '../../src/experiment/assemble.ts';
import { readRunInputs } from '../../src/experiment/run-inputs.ts';
import { defineScenario } from '../../src/experiment/scenario/define-scenario.ts';
import type { Scenario, ScenarioInput } from '../../src/experiment/scenario/schema.ts';
import { lognormal } from '../../src/experiment/scenario/values.ts';
import type { ArchitectureName } from '../../src/gateway/architecture.ts';
import { minutes, ms, us } from '../../src/kernel/time.ts';
import { openWarehouse, type Warehouse } from '../../src/storage/warehouse.ts';

/** Overrides of the small scenario, one level deep. */
export type SmallOverrides = Partial<Omit<ScenarioInput, 'audience'>> & {
  readonly audience?: Partial<ScenarioInput['audience']>;
};

/** The small scenario. */
export function smallScenario(overrides: SmallOverrides = {}): Scenario {
  return defineScenario({
    schema: 1,
    name: 'small',
    question: 'Does it hold?',
    seed: 1,
    clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(8), drain: minutes(1) },
    catalogue: { titles: 60 },
    ...overrides,
    audience: { viewers: 20, ...overrides.audience },
  });
}

/** Services with so many workers that nobody ever waits for anybody. */
export function ampleServices(): ScenarioInput['services'] {
  const service = {
    replicas: 1,
    workersPerReplica: 500,
    baseTime: lognormal(ms(5), 0.5),
    timePerEntity: us(100),
  };
  return { movie: service, production: service, talent: service };
}

/** Gateways of the same kind. */
export function ampleGateways(): ScenarioInput['architectures'] {
  const gateway = {
    replicas: 1,
    workersPerReplica: 500,
    planTime: us(500),
    mergeTimePerFetch: us(100),
    mergeTimePerKib: us(20),
  };
  return { aggregation: gateway, federated: gateway };
}

/** A world that has run, and its warehouse: close it. */
export async function runWorld(
  scenario: Scenario,
  options: {
    readonly architecture?: ArchitectureName;
    readonly replication?: number;
    readonly interpreter?: InterpreterName;
    /** Before it runs. */
    readonly look?: (world: World) => void;
  } = {},
): Promise<{ readonly world: World; readonly warehouse: Warehouse }> {
  const { catalogue, arrivals } = await readRunInputs(scenario, {});
  const warehouse = openWarehouse({ path: ':memory:' });
  const world = assemble({
    scenario,
    architecture: options.architecture ?? 'federated',
    interpreter: options.interpreter,
    replication: options.replication ?? 0,
    catalogue,
    arrivals,
    warehouse,
  });
  options.look?.(world);
  world.run();
  return { world, warehouse };
}
