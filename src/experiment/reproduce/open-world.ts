/** The world of a recorded result, wired anew: for whoever watches it while it runs again. */
import type { Chance } from '../../kernel/chance.ts';
import { openWarehouse } from '../../storage/warehouse.ts';
import { assemble, type World } from '../assemble.ts';
import type { CataloguedFault } from '../faults/plan/fault-schema.ts';
import type { TraceFile } from '../io/trace-file.ts';
import { readRunInputs } from '../run-inputs.ts';
import type { Variant } from '../scenario/variants.ts';
import type { Turn } from '../turns/turned-simulation.ts';
import { type Bundle, isAntithetic } from './bundle.ts';

/** Who watches. None of them changes anything. */
export interface Watchers {
  /** Told every processed message. */
  readonly trace?: TraceFile | undefined;
  readonly watchChance?: ((chance: Chance) => Chance) | undefined;
  /** Faults that no plan has and that may begin all the same: the world is ready for them. */
  readonly mayBegin?: readonly CataloguedFault[] | undefined;
  /** Changes made on the way, instead of those that were recorded. */
  readonly turns?: readonly Turn[] | undefined;
}

/** A world that has not run yet; close it when it is done with. */
export interface OpenWorld {
  readonly world: World;
  close(): void;
}

/** Wires a world with these watchers, as often as it is asked to. */
export type WorldMaker = (watchers: Watchers) => OpenWorld;

/** Reads the inputs of one variant once. @returns what wires its world.
 * @throws EngineError as inputs do. */
export async function worldMaker(
  { files, document, commands }: Pick<Bundle, 'files' | 'document'> & Partial<Bundle>,
  { name, scenario, architecture }: Variant,
  replication = 0,
): Promise<WorldMaker> {
  const { catalogue, arrivals } = await readRunInputs(scenario, files);
  return (watchers) => {
    const warehouse = openWarehouse({ path: ':memory:' });
    const world = assemble({
      scenario,
      architecture,
      replication,
      isAntithetic: isAntithetic(document),
      catalogue,
      arrivals,
      warehouse,
      turns: commands?.get(name),
      ...watchers,
    });
    return { world, close: () => warehouse.close() };
  };
}
