/** The command line: parses, calls one command, turns errors into one line and an exit code. */
import { Command, CommanderError } from 'commander';
import { PACKAGE_VERSION } from '../experiment/version.ts';
import { EngineError, type ErrorCode } from '../kernel/errors.ts';
import { addLearnCommand } from './commands/analytics/learn.ts';
import { addPoliciesCommand } from './commands/analytics/policies.ts';
import { addQueryCommand } from './commands/analytics/query.ts';
import { addBackfillCommand } from './commands/clickstream/backfill.ts';
import { addExplainCommand } from './commands/clickstream/explain.ts';
import { addIngestCommand } from './commands/clickstream/ingest.ts';
import { addRecoverCommand } from './commands/clickstream/recover.ts';
import { addAdviseCommand } from './commands/experiments/advise.ts';
import { addCheckCommand } from './commands/experiments/check.ts';
import { addCompareCommand } from './commands/experiments/compare.ts';
import { addFaultsCommand } from './commands/experiments/faults.ts';
import { addLoadCommand } from './commands/experiments/load.ts';
import { addMergeCommand } from './commands/experiments/merge.ts';
import { addPlanCommand } from './commands/experiments/plan.ts';
import { addRunCommand } from './commands/experiments/run.ts';
import { addSweepCommand } from './commands/experiments/sweep.ts';
import { addExportCommand } from './commands/exports/export.ts';
import { addSchemaCommand } from './commands/exports/schema.ts';
import { addGatewayCommand } from './commands/gateway.ts';
import { addDashCommand } from './commands/results/dash.ts';
import { addDiffCommand } from './commands/results/diff.ts';
import { addReplayCommand } from './commands/results/replay.ts';
import { addReportCommand } from './commands/results/report.ts';
import { addVerifyCommand } from './commands/results/verify.ts';
import { addServeCommand } from './commands/serve.ts';
import { EXIT } from './exit-codes.ts';
import { createTerminal } from './terminal.ts';

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
  addCheckCommand(program, terminal);
  addCompareCommand(program, terminal);
  addPlanCommand(program, terminal);
  addAdviseCommand(program, terminal);
  addPoliciesCommand(program, terminal);
  addFaultsCommand(program, terminal);
  addLoadCommand(program, terminal);
  addSweepCommand(program, terminal);
  addMergeCommand(program, terminal);
  addVerifyCommand(program, terminal);
  addDiffCommand(program, terminal);
  addReplayCommand(program, terminal);
  addDashCommand(program, terminal);
  addReportCommand(program, terminal);
  addLearnCommand(program, terminal);
  addExportCommand(program, terminal);
  addSchemaCommand(program, terminal);
  addGatewayCommand(program, terminal);
  addServeCommand(program, terminal);
  addIngestCommand(program, terminal);
  addBackfillCommand(program, terminal);
  addExplainCommand(program, terminal);
  addRecoverCommand(program, terminal);
  addQueryCommand(program, terminal);
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
    return terminal.exitCode;
  } catch (error) {
    return report(error, { program, argv, complain: terminal.complain });
  }
}

function report(
  error: unknown,
  options: {
    readonly program: Command;
    readonly argv: readonly string[];
    readonly complain: (line: string) => void;
  },
): number {
  const { program, argv, complain } = options;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    if (error.code === 'commander.help') {
      complain(program.helpInformation());
      return EXIT.usage;
    }
    const what = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    complain(`CLI_USAGE: ${what}; see \`${helpFor(argv[2], program)}\``);
    return EXIT.usage;
  }
  if (error instanceof EngineError) {
    complain(error.message.replaceAll('\n', ' '));
    return exitCodeOf(error.code);
  }
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.internal;
}

/** The help that tells most: that of the command, where it is one. */
function helpFor(name: string | undefined, { commands }: Command): string {
  return commands.some((one) => one.name() === name) ? `backlot ${name} --help` : 'backlot --help';
}

function exitCodeOf(code: ErrorCode): number {
  if (code.startsWith('SCENARIO_') || code.startsWith('SIM_')) return EXIT.scenario;
  if (code.startsWith('ACTOR_')) return EXIT.internal;
  return EXIT.usage;
}
