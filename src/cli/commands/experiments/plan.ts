/** `backlot plan`: the cheapest fleet that meets the objectives, what binds it, and what it
 * bears. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { EngineError } from '../../../kernel/errors.ts';
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

type Range = { readonly min: number; readonly max: number; readonly step: number };
type Demand = readonly { readonly factor: number; readonly probability: number }[];

interface PlanCommandOptions extends ScenarioOptions, CampaignCommandOptions {
  readonly survive: 'nothing' | 'zone' | undefined;
  readonly confidence: number | undefined;
  readonly replications: number | undefined;
  readonly vary: Readonly<Record<string, Range>> | undefined;
  readonly demand: Demand | undefined;
  readonly tier: number | undefined;
  readonly seedFrom: string | undefined;
  readonly headroom: boolean;
}

/** Adds the command. */
export function addPlanCommand(program: Command, terminal: Terminal): void {
  addCampaignOptions(addScenarioOptions(program.command('plan')), false)
    .description('find the cheapest fleet that meets the objectives')
    .addOption(
      new Option('--survive <what>', 'must the objectives hold with any zone lost?').choices([
        'nothing',
        'zone',
      ]),
    )
    .option('--confidence <share>', 'how sure objectives are to hold, like .95', parseConfidence)
    .option('--replications <number>', 'by which a fleet is judged at most', parseCount)
    .option(
      '--vary <path=min..max>',
      'what may be chosen, like services.movie.replicas=1..20',
      addRange,
    )
    .option('--demand <low..high>', 'what the traffic may come to, as factors', parseDemand)
    .option('--tier <number>', 'how critical it is, 0 (most) to 3', parseTier)
    .option('--seed-from <file>', "a start: CapacityDesires of Netflix's service-capacity-modeling")
    .option('--no-headroom', 'do not ask how much more traffic the fleet bears')
    .action((path: string, options: PlanCommandOptions) => plan(path, options, terminal));
}

async function plan(path: string, options: PlanCommandOptions, terminal: Terminal): Promise<void> {
  refuseShard(options);
  // Loaded for those who plan: help and usage errors do not wait for it.
  const [
    { loadScenario },
    { planCapacity },
    { runCampaign },
    { RESULT_RENDERING },
    { readScmDesires },
  ] = await Promise.all([
    import('../../../experiment/io/load-scenario.ts'),
    import('../../../experiment/capacity/plan.ts'),
    import('../../campaign/run-campaign.ts'),
    import('../../publish.ts'),
    import('../../../experiment/capacity/staffing/scm-desires.ts'),
  ]);
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const { report, json = false, seedFrom, maxRuns } = options;
  const { survive, confidence, replications, vary, demand, tier } = options;
  const planning = { survive, confidence, replications, vary, demand: demand?.slice(), tier };
  const seeded = seedFrom === undefined ? undefined : readScmDesires(readText(seedFrom), seedFrom);
  const given = { ...planning, seeded, seed, arch: options.arch };
  await runCampaign({
    scenario: { ...scenario, seed },
    publish: {
      target: campaignTarget('plan', { name: scenario.name, seed }, options),
      fileName: 'plan.json',
      report,
      json,
      terminal,
    },
    options,
    campaign: { threads: options.threads, files: options, interpreter: options.interpreter },
    description: { command: 'plan', scenario, ...given },
    rendering: RESULT_RENDERING,
    perform: async (campaign, progress) => {
      const document = await planCapacity(scenario, {
        campaign,
        architectures: options.arch,
        seed,
        files: options,
        planning,
        maxRuns,
        seeded,
        headroom: options.headroom,
        replayCommand: replayCommand('plan', path, { ...options, seed, extra: extraOf(options) }),
        onTrial: (line) => progress.note(line),
      });
      terminal.exitCode = decisiveExit([terminal.exitCode, EXIT_OF[document.verdict]]);
      return document;
    },
  });
}

const EXIT_OF = {
  met: EXIT.ok,
  impossible: EXIT.objective,
  inconclusive: EXIT.inconclusive,
  budget: EXIT.budget,
  interrupted: EXIT.interrupted,
} as const;

/** What the command was given, to be given again. */
function extraOf(options: PlanCommandOptions): readonly string[] {
  const { survive, confidence, replications, vary, demand, tier, seedFrom, maxRuns } = options;
  const said = (flag: string, value: unknown) => (value === undefined ? [] : [`${flag} ${value}`]);
  return [
    ...said('--survive', survive),
    ...said('--confidence', confidence),
    ...said('--replications', replications),
    ...Object.entries(vary ?? {}).map(([path, { min, max }]) => `--vary ${path}=${min}..${max}`),
    ...said('--demand', demand && `${demand[0]?.factor}..${demand.at(-1)?.factor}`),
    ...said('--tier', tier),
    ...said('--seed-from', seedFrom),
    ...(options.headroom ? [] : ['--no-headroom']),
    ...said('--max-runs', maxRuns),
  ];
}

/** A search asks one fleet after the other: there is nothing to share out.
 * @throws EngineError `CLI_USAGE`. */
export function refuseShard({ shard }: CampaignCommandOptions): void {
  if (shard === undefined) return;
  throw new EngineError(
    'CLI_USAGE',
    '--shard: each step of this search hangs on the one before; give it --threads instead',
    { argument: '--shard' },
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('INPUT_UNREADABLE', `${path}: ${reason}; give a file that there is`, {
      path,
    });
  }
}

/** Repeated flags add up. */
function addRange(
  text: string,
  before: Readonly<Record<string, Range>> | undefined,
): Readonly<Record<string, Range>> {
  const [, path, low, high] = /^([^=]+)=(\d+)\.\.(\d+)$/.exec(text) ?? [];
  const [min, max] = [Number(low), Number(high)];
  if (path !== undefined && min >= 1) return { ...before, [path]: { min, max, step: 1 } };
  throw new InvalidArgumentError(`"${text}" is no range like services.movie.replicas=1..20`);
}

/** The lowest, what the scenario says, the highest: 1/4, 1/2, 1/4. */
function parseDemand(text: string): Demand {
  const [, low, high] = /^([\d.]+)\.\.([\d.]+)$/.exec(text) ?? [];
  const [least, most] = [Number(low), Number(high)];
  if (!(least > 0 && least < 1 && most > 1)) {
    throw new InvalidArgumentError(`"${text}" is no demand like 0.75..1.25, around 1`);
  }
  return [
    { factor: least, probability: 0.25 },
    { factor: 1, probability: 0.5 },
    { factor: most, probability: 0.25 },
  ];
}

function parseConfidence(text: string): number {
  const value = Number(text);
  if (value >= 0.5 && value < 1) return value;
  throw new InvalidArgumentError(`"${text}" is no share from 0.5 to below 1, like .95`);
}

function parseTier(text: string): number {
  if (/^[0-3]$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`"${text}" is no tier from 0 to 3`);
}
