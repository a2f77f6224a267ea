/** Options of commands that run a recorded result again: where its input files lie now. */
import type { Command } from 'commander';

/** Input files that moved since. */
export interface MovedInputs {
  readonly catalogue: string | undefined;
  readonly arrivals: string | undefined;
}

/** Adds the options of {@link MovedInputs}. */
export function addMovedInputs(command: Command): Command {
  return command
    .option('--catalogue <file>', 'where the catalogue that was run lies now')
    .option('--arrivals <file>', 'where the arrivals that were run lie now');
}
