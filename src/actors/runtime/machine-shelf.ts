/** Machines that the worlds of one process lend each other, one after the other. Making a machine,
 * compiling it and getting it hot takes longer than a small world runs, so whoever runs many worlds
 * keeps their machines on a shelf. A machine that is lent again acts in the world of whoever has
 * it: its chart is the same, and what its functions ask of the world is asked there. Spec: A24. */
import type { ActorMachine } from './actor-system.ts';

/** Makes a machine that acts in a world, or lends one. @param create - The chart must be the same
 * whatever the world: members of the world may be read only while the machine acts. */
export type MachineMaker = <W extends object>(
  create: (world: W) => ActorMachine,
  world: W,
) => ActorMachine;

/** Makes a machine that nobody else ever has. */
export const newMachine: MachineMaker = (create, world) => create(world);

/** Machines of one world. */
export interface MachineLoan {
  readonly machineOf: MachineMaker;
  /** The world is over: others may have its machines. Idempotent. */
  giveBack(): void;
}

/** Machines at rest, and who borrows them. */
export interface MachineShelf {
  borrow(): MachineLoan;
}

/** A machine and what it takes for its world. */
interface Lent {
  readonly machine: ActorMachine;
  readonly world: Record<string, unknown>;
}

/** Makes an empty shelf. It holds as many machines as were lent at once. */
export function createMachineShelf(): MachineShelf {
  const free = new Map<unknown, Lent[]>();
  return {
    borrow() {
      let lent: { readonly one: Lent; readonly back: Lent[] }[] = [];
      return {
        machineOf(create, world) {
          const back = free.get(create) ?? [];
          free.set(create, back);
          const one = back.pop() ?? newLent(create, world);
          Object.assign(one.world, world);
          lent.push({ one, back });
          return one.machine;
        },
        giveBack() {
          for (const { one, back } of lent) {
            // A machine at rest keeps nobody's world alive.
            for (const name of Object.keys(one.world)) one.world[name] = undefined;
            back.push(one);
          }
          lent = [];
        },
      };
    },
  };
}

function newLent<W extends object>(create: (world: W) => ActorMachine, world: W): Lent {
  const own = { ...world };
  return { machine: create(own), world: own as Record<string, unknown> };
}
