/** Worlds in which something is wrong on purpose, so that no invariant is a check that cannot fail:
 * views with another number in them, news that never happened, and real worlds that are tampered
 * with while they run. */
import { assemble, type World } from '../../../src/experiment/assemble.ts';
import { readRunInputs } from '../../../src/experiment/run-inputs.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import { createSimulation, type Simulation } from '../../../src/kernel/simulation.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import type { Finding, Invariant } from '../../../src/testing/invariants/invariant.ts';
import { invariantNamed } from '../../../src/testing/invariants/library.ts';
import { type Signal, Teller } from '../../../src/testing/invariants/notes/signal.ts';
import { Watchtower } from '../../../src/testing/invariants/view/watchtower.ts';
import type { WorldView } from '../../../src/testing/invariants/view/world-view.ts';
import type { Trial } from '../../../src/testing/trial/trial.ts';
import { smallTrial } from './small-trial.ts';

/** One invariant on a world that does not run. */
export interface Posed {
  readonly tower: Watchtower;
  readonly simulation: Simulation;
  /** Asks after an event, and whether the run were over. */
  look(): Finding | undefined;
  atEnd(): Finding | undefined;
  exercised(): number;
  excused(): string | undefined;
}

/** Sets an invariant on a world that is nothing but what is given of it.
 * @param inner - The kernel under the watchtower, where it is not a real one. */
export function pose(
  name: string | Invariant,
  parts: {
    readonly view?: object;
    readonly world?: object;
    readonly trial?: Trial;
    readonly kernel?: (real: Simulation) => Simulation;
  } = {},
): Posed {
  const { view = {}, world = {}, trial = smallTrial(), kernel = (same) => same } = parts;
  const tower = new Watchtower(trial);
  const simulation = tower.simulation(kernel(createSimulation()));
  const seen = {
    nowUs: 0,
    phase: 'safety',
    isFaultActive: () => false,
    pipeline: { watermarkUs: 0, watermarksUs: [], endOffsets: [1e9, 1e9] },
  };
  // What is changed of the view afterwards shows.
  const doctored: object = Object.setPrototypeOf(view, seen);
  tower.viewOf = () => doctored as WorldView;
  const scenario = defineScenario(trial.scenario);
  const invariant = typeof name === 'string' ? invariantNamed(name) : name;
  const watch = invariant.watch({ scenario, ...world, probe: tower } as unknown as World, trial);
  return {
    tower,
    simulation,
    look: () => watch.afterEvent?.(),
    atEnd: () => watch.atEnd?.(),
    exercised: () => watch.exercised(),
    excused: () => watch.excused?.(),
  };
}

/** Tells news that never happened. */
export function tell<T>(signal: Signal<T>, news: object): void {
  if (signal instanceof Teller) signal.tell(news as T);
  else throw new Error('nobody can tell that');
}

/** Runs a trial whose world is tampered with. @returns the first finding.
 * @param tamper - Before the invariant looks at the world. */
export async function tamperedRun(
  name: string,
  tamper: (world: World) => void,
  trial: Trial = smallTrial(),
): Promise<Finding | undefined> {
  const scenario = defineScenario(trial.scenario);
  const inputs = await readRunInputs(scenario, {});
  const warehouse = openWarehouse({ path: ':memory:' });
  const { architecture } = trial;
  const probe = new Watchtower(trial, inputs);
  const parts = { scenario, architecture, replication: 0, warehouse, probe };
  const world = assemble({ ...parts, catalogue: inputs.catalogue, arrivals: inputs.arrivals });
  tamper(world);
  const watch = invariantNamed(name).watch(world, trial);
  let found: Finding | undefined;
  try {
    world.run(() => {
      found ??= watch.afterEvent?.();
    });
  } catch {
    // What was tampered with may not survive it.
  }
  found ??= watch.atEnd?.();
  warehouse.close();
  return found;
}
