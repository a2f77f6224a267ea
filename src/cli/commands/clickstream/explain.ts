/** `backlot explain`: a pipeline in words, what each target makes of it, and its SQL. */
import { type Command, Option } from 'commander';
import type { Terminal } from '../../terminal.ts';

/** Those that SQL is printed for, and those that are only told about. */
const TARGETS = ['rx', 'duckdb', 'sqlite', 'flink-sql', 'kafka-streams'] as const;
const VARIANTS = ['final', 'update'] as const;

interface ExplainCommandOptions {
  readonly target: (typeof TARGETS)[number] | undefined;
  readonly variant: (typeof VARIANTS)[number];
  readonly json: boolean | undefined;
}

/** Adds the command. */
export function addExplainCommand(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .argument(
      '<pipeline>',
      'a file that exports a plan (TypeScript, JavaScript, JSON), or a built-in one like plays_1m',
    )
    .description('tell what a pipeline does, what it keeps, and where it can run; or print its SQL')
    .addOption(new Option('--target <name>', 'what this target makes of it').choices(TARGETS))
    .addOption(
      new Option('--variant <name>', 'of Flink SQL: final results once, or updated by late rows')
        .choices(VARIANTS)
        .default('final'),
    )
    .option('--json', 'print one JSON document on standard output')
    .action((path: string, options: ExplainCommandOptions) => explainFile(path, options, terminal));
}

async function explainFile(
  path: string,
  { target, variant, json = false }: ExplainCommandOptions,
  terminal: Terminal,
): Promise<void> {
  // Loaded for those who explain: help and usage errors do not wait for it.
  const { loadPlan } = await import('../../../experiment/io/load-plan.ts');
  const { builtInPlan } = await import('../../../experiment/pipelines/built-in-plans.ts');
  const { capabilities, PLAN_TARGETS } = await import('../../../streams/plan/capabilities.ts');
  const { explain } = await import('../../../streams/plan/explain/explain.ts');
  const { planSql } = await import('../../plan-sql.ts');
  const builtIn = builtInPlan(path);
  const loaded = builtIn === undefined ? await loadPlan(path) : { plan: builtIn, functions: [] };
  const { plan } = loaded;
  const targets = target === undefined ? PLAN_TARGETS : [target];
  const isTold = target === undefined || target === 'rx' || target === 'kafka-streams';
  const printed = isTold ? undefined : planSql(loaded, { target, variant });
  if (!json) {
    terminal.print(printed?.sql ?? explain(plan, { targets }));
    return;
  }
  const rows = capabilities(plan).map(({ feature, paths, targets: all }) => ({
    feature,
    paths,
    targets: Object.fromEntries(targets.map((name) => [name, all[name]])),
  }));
  const document = { schema: 'backlot.explain/1', plan, capabilities: rows, ...printed };
  terminal.print(`${JSON.stringify(document, null, 2)}\n`);
}
