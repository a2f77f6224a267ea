/** The command line: parses, calls one command, turns errors into one line and an exit code.
 * 0 ok · 1 our own bug · 2 usage, input or output · 3 invalid scenario. */
import { Command, CommanderError } from 'commander';
import { PACKAGE_VERSION } from '../experiment/version.ts';
import { EngineError, type ErrorCode } from '../kernel/errors.ts';
import { addBackfillCommand } from './commands/backfill.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addGatewayCommand } from './commands/gateway.ts';
import { addIngestCommand } from './commands/ingest.ts';
import { addRecoverCommand } from './commands/recover.ts';
import { addRunCommand } from './commands/run.ts';
import { createTerminal } from './terminal.ts';

/** Exit codes. */
export const EXIT = { ok: 0, internal: 1, usage: 2, scenario: 3 } as const;

/** Runs the command line. @param argv - As `process.argv`. @returns the exit code; never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = createTerminal();
  const program = new Command('backlot')
    .description('Rehearse an API architecture and the clickstream pipeline behind it.')
    .version(PACKAGE_VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.print,
      writeErr: () => {},
    })
    .showHelpAfterError(false);
  addRunCommand(program, terminal);
  addCompareCommand(program, terminal);
  addGatewayCommand(program, terminal);
  addIngestCommand(program, terminal);
  addBackfillCommand(program, terminal);
  addExplainCommand(program, terminal);
  addRecoverCommand(program, terminal);
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
    return EXIT.ok;
  } catch (error) {
    return report(error, program, terminal.complain);
  }
}

function report(error: unknown, program: Command, complain: (line: string) => void): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    if (error.code === 'commander.help') {
      complain(program.helpInformation());
      return EXIT.usage;
    }
    const what = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    complain(`CLI_USAGE: ${what}; see \`backlot --help\``);
    return EXIT.usage;
  }
  if (error instanceof EngineError) {
    complain(error.message.replaceAll('\n', ' '));
    return exitCodeOf(error.code);
  }
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.internal;
}

function exitCodeOf(code: ErrorCode): number {
  if (code.startsWith('SCENARIO_') || code.startsWith('SIM_')) return EXIT.scenario;
  if (code.startsWith('ACTOR_')) return EXIT.internal;
  return EXIT.usage;
}
