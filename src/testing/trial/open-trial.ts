/** The world of a trial, wired as often as one asks for it: for whoever runs it more than once,
 * watches it, or stops on the way. */
import { createMachineShelf } from '../../actors/runtime/machine-shelf.ts';
import { assemble } from '../../experiment/assemble.ts';
import type { WorldMaker } from '../../experiment/reproduce/open-world.ts';
import { readRunInputs } from '../../experiment/run-inputs.ts';
import { defineScenario } from '../../experiment/scenario/define-scenario.ts';
import { openWarehouse } from '../../storage/warehouse.ts';
import { Watchtower } from '../invariants/view/watchtower.ts';
import type { Trial } from './trial.ts';

/** Trials run one after the other. */
const shelf = createMachineShelf();

/** Reads a trial's inputs once. @returns what wires its world; close each when done with it.
 * @throws EngineError `SCENARIO_INVALID`. */
export async function openTrial(trial: Trial): Promise<WorldMaker> {
  const scenario = defineScenario(trial.scenario);
  const inputs = await readRunInputs(scenario, {});
  return (watchers) => {
    const warehouse = openWarehouse({ path: ':memory:', isSmall: true });
    const { machineOf, giveBack } = shelf.borrow();
    const world = assemble({
      scenario,
      architecture: trial.architecture,
      replication: 0,
      tieOrder: trial.tieOrder,
      catalogue: inputs.catalogue,
      arrivals: inputs.arrivals,
      warehouse,
      machineOf,
      probe: new Watchtower(trial, inputs),
      ...watchers,
    });
    const close = () => {
      warehouse.close();
      giveBack();
    };
    return { world, close };
  };
}
