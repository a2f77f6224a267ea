/** `backlot load`: ramps the traffic up to the knee, and says what binds there. */
import { type Command, InvalidArgumentError } from 'commander';
import {
  addCampaignOptions,
  type CampaignCommandOptions,
  campaignTarget,
} from '../../campaign/campaign-options.ts';
import { decisiveExit, EXIT } from '../../exit-codes.ts';
import {
  addScenarioOptions,
  parseCount,
  replayCommand,
  type ScenarioOptions,
} from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { refuseShard } from './plan.ts';

interface LoadCommandOptions extends ScenarioOptions, CampaignCommandOptions {
  readonly from: number;
  readonly to: number;
  readonly replications: number;
}

/** Adds the command. */
export function addLoadCommand(program: Command, terminal: Terminal): void {
  addCampaignOptions(addScenarioOptions(program.command('load')), false)
    .description('ramp the traffic up until objectives are missed')
    .option('--from <factor>', "the least, as a factor of the scenario's traffic", parseFactor, 0.5)
    .option('--to <factor>', 'the most', parseFactor, 4)
    .option('--replications <number>', 'at least 2', parseCount, 6)
    .action((path: string, options: LoadCommandOptions) => load(path, options, terminal));
}

async function load(path: string, options: LoadCommandOptions, terminal: Terminal): Promise<void> {
  refuseShard(options);
  // Loaded for those who load: help and usage errors do not wait for it.
  const [{ loadScenario }, { loadCapacity }, { runCampaign }, { RESULT_RENDERING }] =
    await Promise.all([
      import('../../../experiment/io/load-scenario.ts'),
      import('../../../experiment/capacity/load.ts'),
      import('../../campaign/run-campaign.ts'),
      import('../../publish.ts'),
    ]);
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const { report, json = false, from, to, replications, maxRuns } = options;
  await runCampaign({
    scenario: { ...scenario, seed },
    publish: {
      target: campaignTarget('load', { name: scenario.name, seed }, options),
      fileName: 'load.json',
      report,
      json,
      terminal,
    },
    options,
    campaign: { threads: options.threads, files: options, interpreter: options.interpreter },
    description: { command: 'load', scenario, seed, from, to, replications, arch: options.arch },
    rendering: RESULT_RENDERING,
    perform: async (campaign, progress) => {
      const document = await loadCapacity(scenario, {
        campaign,
        architectures: options.arch,
        seed,
        files: options,
        from,
        to,
        replications,
        maxRuns,
        replayCommand: replayCommand('load', path, {
          ...options,
          seed,
          extra: [`--from ${from} --to ${to} --replications ${replications}`],
        }),
        onPoint: (line) => progress.note(line),
      });
      terminal.exitCode = decisiveExit([terminal.exitCode, EXIT_OF[document.verdict]]);
      return document;
    },
  });
}

const EXIT_OF = {
  found: EXIT.ok,
  'never-saturated': EXIT.ok,
  saturated: EXIT.objective,
  inconclusive: EXIT.inconclusive,
  budget: EXIT.budget,
  interrupted: EXIT.interrupted,
} as const;

function parseFactor(text: string): number {
  const value = Number(text);
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new InvalidArgumentError(`"${text}" is no factor above 0, like 0.5`);
}
