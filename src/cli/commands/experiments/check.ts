/** `backlot check`: problems, lints and the analytic pre-flight of scenarios. Runs nothing. */
import type { Command } from 'commander';
import type { CheckDocument } from '../../../experiment/check/check-document.ts';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../../gateway/architecture.ts';
import { EngineError } from '../../../kernel/errors.ts';
import { EXIT } from '../../exit-codes.ts';
import { parseArchitectures, parseCount } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

interface CheckCommandOptions {
  readonly arch: readonly ArchitectureName[] | undefined;
  readonly strict: boolean | undefined;
  readonly all: boolean | undefined;
  readonly replications: number | undefined;
  readonly catalogue: string | undefined;
  readonly arrivals: string | undefined;
  readonly json: boolean | undefined;
}

/** Adds the command. */
export function addCheckCommand(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .description('look a scenario over without running it: problems, lints, theory of each station')
    .argument('<scenarios...>', 'scenario files (.ts, .js or .json)')
    .option(
      '--arch <names>',
      `all, or names of ${ARCHITECTURE_NAMES.join(', ')}`,
      parseArchitectures,
    )
    .option('--strict', `warnings fail too, with exit code ${EXIT.objective}`)
    .option('--all', 'list idle stations too')
    .option('--replications <number>', 'how many are meant to be run, for objectives', parseCount)
    .option('--catalogue <file>', 'titles: Netflix CSV or Wikipedia JSON')
    .option('--arrivals <file>', 'shape of arrivals: CSV of counts per period')
    .option('--json', 'print the document on standard output')
    .action((paths: readonly string[], options: CheckCommandOptions) =>
      check(paths, options, terminal),
    );
}

async function check(
  paths: readonly string[],
  options: CheckCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const started = performance.now();
  const documents: CheckDocument[] = [];
  for (const path of paths) documents.push(await checkFile(path, options));
  if (options.json === true) {
    const all = { schema: 'backlot.checks/1', checks: documents };
    const printed = documents.length === 1 ? documents[0] : all;
    terminal.print(`${JSON.stringify(printed, null, 2)}\n`);
  } else {
    const { checkText } = await import('../../../report/summary/planning/check-lines.ts');
    const layout = { width: terminal.width, all: options.all === true };
    terminal.print(documents.map((document) => checkText(document, layout)).join('\n'));
    const seconds = ((performance.now() - started) / 1_000).toFixed(2);
    const canRun = documents.every(({ errors }) => errors === 0);
    const next = canRun && paths.length === 1 ? ` Next: backlot run ${paths[0]}` : '';
    terminal.print(`Checked in ${seconds} s, nothing was run.${next}\n`);
  }
  if (documents.some(({ errors }) => errors > 0)) terminal.exitCode = EXIT.scenario;
  else if (options.strict === true && documents.some(({ warnings }) => warnings > 0)) {
    terminal.exitCode = EXIT.objective;
  }
}

async function checkFile(path: string, options: CheckCommandOptions): Promise<CheckDocument> {
  // Loaded for those who check: help and usage errors do not wait for it.
  const { loadScenario } = await import('../../../experiment/io/load-scenario.ts');
  const { checkScenario, refusedScenario } = await import(
    '../../../experiment/check/check-scenario.ts'
  );
  try {
    const scenario = await loadScenario(path, false);
    const { arch, replications } = options;
    return await checkScenario(scenario, {
      file: path,
      architectures: arch,
      replications,
      files: options,
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // What is wrong with the file is what was asked; a wrong command line or input is not.
    if (!error.code.startsWith('SCENARIO_') && !error.code.startsWith('PLAN_')) throw error;
    return refusedScenario(path, error);
  }
}
