/** `backlot compare`: replications on common random numbers, paired differences with intervals. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { EngineError } from '../../../kernel/errors.ts';
import {
  addCampaignOptions,
  type CampaignCommandOptions,
  campaignTarget,
} from '../../campaign/campaign-options.ts';
import { decisiveExit } from '../../exit-codes.ts';
import {
  addScenarioOptions,
  append,
  parseCount,
  replayCommand,
  type ScenarioOptions,
} from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

interface CompareCommandOptions extends ScenarioOptions, CampaignCommandOptions {
  readonly replications: number | undefined;
  readonly precision: number | undefined;
  readonly metric: readonly string[] | undefined;
  readonly minReplications: number | undefined;
  readonly maxReplications: number | undefined;
  readonly selectBest: boolean | undefined;
  readonly indifference: number;
  readonly confidence: number;
  readonly antithetic: boolean | undefined;
  readonly controlVariates: boolean | undefined;
  readonly baseline: string | undefined;
  readonly tolerance: number;
}

const DEFAULT_REPLICATIONS = 10;
const INDIFFERENCE = 0.05;
const CONFIDENCE = 0.95;
const TOLERANCE = 0.01;

/** Adds the command. */
export function addCompareCommand(program: Command, terminal: Terminal): void {
  const command = addScenarioOptions(program.command('compare'))
    .description('compare architectures or variants over replications on common random numbers')
    .option('--replications <number>', 'exactly so many, at least 2 (default: 10)', parseCount)
    .option('--precision <percent>', 'until metrics are as precise, like 2%', parsePercent)
    .option('--metric <name>', 'what has to be precise (default: "page load p95")', append)
    .option('--min-replications <number>', 'before precision is judged (default: 5)', parseCount)
    .option('--max-replications <number>', 'then exit code 7 (default: 200)', parseCount)
    .option('--select-best', 'select the best by the first metric (Kim and Nelson)')
    .addOption(percentOption('--indifference', 'smallest gain worth telling', INDIFFERENCE))
    .addOption(percentOption('--confidence', 'of the selection', CONFIDENCE))
    .option('--antithetic', 'run replications in antithetic pairs')
    .option('--control-variates', 'correct means by how many viewers arrived')
    .option('--baseline <path>', 'an earlier compare.json: exit code 9 on a regression')
    .addOption(percentOption('--tolerance', 'regression that is tolerated', TOLERANCE));
  addCampaignOptions(command).action((path: string, options: CompareCommandOptions) =>
    compare(path, options, terminal),
  );
}

async function compare(
  path: string,
  options: CompareCommandOptions,
  terminal: Terminal,
): Promise<void> {
  requireStaticList(options);
  // Loaded for those who compare: help and usage errors do not wait for it.
  const { loadScenario } = await import('../../../experiment/io/load-scenario.ts');
  const { compareExit, performCompare, readBaseline, stoppingNote } = await import(
    '../../campaign/compare-command.ts'
  );
  const { runCampaign } = await import('../../campaign/run-campaign.ts');
  const { RESULT_RENDERING } = await import('../../publish.ts');
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const { report, json = false, catalogue, arrivals } = options;
  const target = campaignTarget('compare', { name: scenario.name, seed }, options);
  const asked = {
    command: 'compare' as const,
    scenario,
    files: { catalogue, arrivals },
    comparison: comparisonOf(path, { ...options, seed }),
  };
  const baseline =
    options.baseline === undefined
      ? undefined
      : { document: readBaseline(options.baseline), tolerance: options.tolerance };
  await runCampaign({
    scenario: { ...scenario, seed },
    publish: { target, fileName: 'compare.json', report, json, terminal },
    options,
    campaign: { ...options, files: asked.files, isAntithetic: options.antithetic },
    description: asked,
    rendering: RESULT_RENDERING,
    perform: async (campaign, progress) => {
      const document = await performCompare(campaign, asked, {
        baseline,
        onLook: (stopping, expected) => {
          progress.expect(expected);
          progress.note(stoppingNote(stopping));
        },
      });
      if (campaign.stopped === 'shard' || document === undefined) return undefined;
      terminal.exitCode = decisiveExit([terminal.exitCode, compareExit(document)]);
      return document;
    },
  });
}

function comparisonOf(path: string, options: CompareCommandOptions & { readonly seed: number }) {
  const { precision, metric, maxReplications, arch, seed } = options;
  const replications = options.replications ?? options.minReplications;
  return {
    replications,
    precision,
    metrics: metric,
    maxReplications,
    architectures: arch,
    seed,
    selection:
      options.selectBest === true
        ? { indifference: options.indifference, confidence: options.confidence }
        : undefined,
    isAntithetic: options.antithetic,
    hasControls: options.controlVariates,
    replayCommand: replayCommand('compare', path, { ...options, extra: extraArguments(options) }),
    runCommand: replayCommand('run', path, { ...options, arch: undefined }),
  };
}

/** What changes the document besides scenario, seed and files. */
function extraArguments(options: CompareCommandOptions): readonly string[] {
  const { replications, precision, metric = [], minReplications, maxReplications } = options;
  const percent = (share: number) => `${share * 100}%`;
  const count = replications ?? (precision === undefined ? DEFAULT_REPLICATIONS : undefined);
  return [
    ...(count === undefined ? [] : [`--replications ${count}`]),
    ...(precision === undefined ? [] : [`--precision ${percent(precision)}`]),
    ...metric.map((name) => `--metric "${name}"`),
    ...(minReplications === undefined ? [] : [`--min-replications ${minReplications}`]),
    ...(maxReplications === undefined ? [] : [`--max-replications ${maxReplications}`]),
    ...(options.selectBest === true
      ? [`--select-best --indifference ${percent(options.indifference)}`]
      : []),
    ...(options.antithetic === true ? ['--antithetic'] : []),
    ...(options.controlVariates === true ? ['--control-variates'] : []),
  ];
}

/** Shares are of a list that is known beforehand. */
function requireStaticList({ shard, precision, selectBest }: CompareCommandOptions): void {
  if (shard === undefined || (precision === undefined && selectBest !== true)) return;
  throw new EngineError(
    'CLI_USAGE',
    'a shard takes a fixed number of replications: give --replications instead of --precision ' +
      'and --select-best, which decide on the way how many there will be',
    { argument: '--shard' },
  );
}

function percentOption(flag: string, what: string, usual: number): Option {
  return new Option(`${flag} <percent>`, what)
    .argParser(parsePercent)
    .default(usual, `${usual * 100}%`);
}

function parsePercent(text: string): number {
  const [, amount, sign] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const share = Number(amount) / (sign === '%' ? 100 : 1);
  if (amount !== undefined && share >= 0 && share < 1) return share;
  throw new InvalidArgumentError(`"${text}" is no percentage like 2%, below 100%`);
}
