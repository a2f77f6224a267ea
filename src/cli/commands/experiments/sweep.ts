/** `backlot sweep`: what matters how much, over a design of experiments. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { SWEEP_DESIGNS, type SweepDesign } from '../../../experiment/sweep/sweep-document.ts';
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

interface SweepCommandOptions extends ScenarioOptions, CampaignCommandOptions {
  readonly vary: readonly string[];
  readonly design: SweepDesign;
  readonly points: number | undefined;
  readonly replications: number;
  readonly metric: readonly string[] | undefined;
  readonly point: string | undefined;
}

const DEFAULT_REPLICATIONS = 5;

/** Adds the command. */
export function addSweepCommand(program: Command, terminal: Terminal): void {
  const command = addScenarioOptions(program.command('sweep'))
    .description('vary fields of a scenario over a design: effects, interactions, the best point')
    .requiredOption(
      '--vary <path=levels>',
      'path=1,2,4 or path=0.5..2; path*=0.5..2 scales what is there; repeatable',
      append,
    )
    .addOption(
      new Option('--design <name>', 'which points').choices([...SWEEP_DESIGNS]).default('grid'),
    )
    .option('--points <number>', 'of lhs and sobol (default: 16); most of a grid', parseCount)
    .option('--replications <number>', 'of each point', parseCount, DEFAULT_REPLICATIONS)
    .option('--metric <name>', 'repeatable; the first one tells the best point', append)
    .option('--point <name>', 'run this point only, like federated/07', parsePoint);
  addCampaignOptions(command).action((path: string, options: SweepCommandOptions) =>
    sweep(path, options, terminal),
  );
}

async function sweep(
  path: string,
  options: SweepCommandOptions,
  terminal: Terminal,
): Promise<void> {
  // Loaded for those who sweep: help and usage errors do not wait for it.
  const { loadScenario } = await import('../../../experiment/io/load-scenario.ts');
  const { planSweep } = await import('../../../experiment/sweep/plan-sweep.ts');
  const { performSweep, sweepExit } = await import('../../campaign/sweep-command.ts');
  const { runCampaign } = await import('../../campaign/run-campaign.ts');
  const { RESULT_RENDERING } = await import('../../publish.ts');
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const { report, json = false, catalogue, arrivals } = options;
  const target = campaignTarget('sweep', { name: scenario.name, seed }, options);
  const asked = {
    command: 'sweep' as const,
    scenario,
    files: { catalogue, arrivals },
    sweep: {
      vary: options.vary,
      design: options.design,
      points: options.points,
      replications: options.replications,
      metrics: options.metric,
      architectures: options.arch,
      seed,
      only: options.point,
      replayCommand: replayCommand('sweep', path, {
        ...options,
        seed,
        extra: extraArguments(options),
      }),
    },
  };
  // What is wrong with the sweep is told before a directory or a thread is made.
  planSweep(scenario, asked.sweep);
  await runCampaign({
    scenario: { ...scenario, seed },
    publish: { target, fileName: 'sweep.json', report, json, terminal },
    options,
    campaign: { ...options, files: asked.files },
    description: asked,
    rendering: RESULT_RENDERING,
    perform: async (campaign) => {
      const document = await performSweep(campaign, asked);
      if (document !== undefined) {
        terminal.exitCode = decisiveExit([terminal.exitCode, sweepExit(document)]);
      }
      return document;
    },
  });
}

/** What changes the document besides scenario, seed and files. */
function extraArguments(options: SweepCommandOptions): readonly string[] {
  const { vary, design, points, replications, metric = [] } = options;
  return [
    ...vary.map((text) => `--vary '${text}'`),
    `--design ${design}`,
    ...(points === undefined ? [] : [`--points ${points}`]),
    `--replications ${replications}`,
    ...metric.map((name) => `--metric "${name}"`),
  ];
}

function parsePoint(text: string): string {
  if (/^[^/]+\/\d+$/.test(text)) return text;
  throw new InvalidArgumentError(`"${text}" is no point like federated/07`);
}
