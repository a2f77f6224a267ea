/** The clock of a world put together: it takes turns, and reads the machines on its way. */
import type { Simulation } from '../../kernel/simulation.ts';
import type { FaultBoard } from '../faults/board/fault-board.ts';
import type { WiredPath } from '../requests/wiring/create-path.ts';
import { type MachineTime, readMachineTime } from '../world/machine-time.ts';
import type { Expected } from './ready-for.ts';
import { refuseTurnsToCome, TurnedSimulation, type Turns } from './turned-simulation.ts';
import { makeChange } from './world-change.ts';

/** What a world has of its clock. */
export interface TurnedClock {
  /** The clock as those see it who run the world: it takes the turns. */
  readonly simulation: Simulation;
  readonly turns: Turns;
  /** Of every server at the end of `clock.duration`, in the order of `wired.servers`. */
  readonly machineTime: readonly MachineTime[];
}

/** Puts it together. */
export function turnedClock(
  { scenario, turns = [] }: Expected,
  parts: {
    readonly simulation: Simulation;
    readonly board: FaultBoard;
    readonly wired: WiredPath;
  },
): TurnedClock {
  const { simulation, board, wired } = parts;
  const machineTime: MachineTime[] = [];
  const turned = new TurnedSimulation({
    kernel: simulation,
    turns,
    makeChange: (change) => makeChange({ board, guards: wired.guards }, change),
    mark: {
      atUs: scenario.clock.duration,
      onReached: () => machineTime.push(...readMachineTime(wired)),
    },
  });
  return { simulation: turned, turns: turned, machineTime };
}

/** Runs to the end. @param afterEvent - Called after every event; changes nothing.
 * @throws EngineError `COMMANDS_REFUSED` for turns of another run. */
export function runThrough(
  { simulation, turns }: TurnedClock,
  endUs: number,
  afterEvent: (() => void) | undefined,
): void {
  if (afterEvent === undefined) simulation.run(endUs);
  else while (simulation.step(endUs)) afterEvent();
  refuseTurnsToCome(turns);
}
