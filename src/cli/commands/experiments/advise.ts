/** `backlot advise`: what should be done? Ranked actions with simulated effects, and the plan. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { AdviceDocument } from '../../../experiment/advise/advice-document.ts';
import { EngineError } from '../../../kernel/errors.ts';
import {
  addCampaignOptions,
  type CampaignCommandOptions,
  campaignTarget,
} from '../../campaign/campaign-options.ts';
import { decisiveExit, EXIT, type ExitCode } from '../../exit-codes.ts';
import {
  addInputOptions,
  append,
  parseCount,
  replayCommand,
  type ScenarioOptions,
} from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { refuseShard } from './plan.ts';

interface AdviseCommandOptions
  extends CampaignCommandOptions,
    Omit<ScenarioOptions, 'arch' | 'report'> {
  readonly architecture: string | undefined;
  readonly actions: number | undefined;
  readonly replications: number | undefined;
  readonly budget: number | undefined;
  readonly try: readonly string[] | undefined;
  /** False for none, true for one beside the results, or one more file. */
  readonly report: boolean | string;
}

/** Adds the command. */
export function addAdviseCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('advise')
    .description('what should be done: ranked actions with simulated effects, and a plan')
    .argument('<scenario>', 'a scenario file (.ts, .js or .json)')
    .option('--architecture <name>', 'the architecture or variant to advise on')
    .option('--actions <number>', 'actions that are confirmed at most (default: 10)', parseCount)
    .option('--replications <number>', 'that confirm each of them (default: 8)', parseCount)
    .option('--budget <runs>', 'the same as --max-runs', parseCount)
    .option('--try <path=value>', 'a change to try in any case; repeatable', append);
  addInputOptions(command)
    .option('--report <file>', 'write the HTML report to this file as well')
    .option('--no-report', 'write no HTML report')
    .option('--json', 'print the result document on standard output');
  addCampaignOptions(command, false).action((path: string, options: AdviseCommandOptions) =>
    advise(path, options, terminal),
  );
}

async function advise(
  path: string,
  options: AdviseCommandOptions,
  terminal: Terminal,
): Promise<void> {
  refuseShard(options);
  // Loaded for those who want advice: help and usage errors do not wait for it.
  const [{ loadScenario }, { adviseOn }, { askedSettings }, { runCampaign }, { RESULT_RENDERING }] =
    await Promise.all([
      import('../../../experiment/io/load-scenario.ts'),
      import('../../../experiment/advise/advise.ts'),
      import('../../../experiment/advise/asked-settings.ts'),
      import('../../campaign/run-campaign.ts'),
      import('../../publish.ts'),
    ]);
  const scenario = await loadScenario(path);
  const seed = options.seed ?? scenario.seed;
  const { architecture, actions, replications, json = false, report, threads } = options;
  const maxRuns = options.budget ?? options.maxRuns;
  const asked = askedSettings(scenario, options.try ?? []);
  const target = campaignTarget('advise', { name: scenario.name, seed }, options);
  const question = { subject: architecture, actions, replications, seed, asked, maxRuns };
  await runCampaign({
    scenario: { ...scenario, seed },
    publish: { target, fileName: 'advice.json', report: report !== false, json, terminal },
    options: { ...options, maxRuns },
    campaign: { threads, files: options, interpreter: options.interpreter },
    description: { command: 'advise', scenario, ...question },
    rendering: RESULT_RENDERING,
    perform: async (campaign, progress) => {
      const document = await adviseOn(campaign, scenario, {
        ...question,
        files: options,
        replayCommand: replayCommand('advise', path, {
          ...options,
          arch: undefined,
          seed,
          extra: extraOf(options),
        }),
        onNote: (line) => progress.note(line),
      });
      terminal.exitCode = decisiveExit([terminal.exitCode, adviceExit(document)]);
      return document;
    },
  });
  if (typeof report === 'string') copyReport(join(target, 'report.html'), report);
}

/** Met or needing nothing is well; what is shown to be missed still is a missed objective. */
function adviceExit({ verdict, objectives, plan }: AdviceDocument): ExitCode {
  if (verdict === 'budget') return EXIT.budget;
  if (verdict === 'interrupted') return EXIT.interrupted;
  if (verdict === 'needs nothing' || verdict === 'met') return EXIT.ok;
  const after =
    verdict === 'improved' && plan !== null
      ? plan.after
      : objectives.map(({ verdict: before }) => before);
  const isMissed = after.some((one) => one.severity === 'fail' && one.verdict === 'fail');
  return isMissed ? EXIT.objective : EXIT.inconclusive;
}

/** What the command was given, to be given again. */
function extraOf(options: AdviseCommandOptions): readonly string[] {
  const said = (flag: string, value: unknown) => (value === undefined ? [] : [`${flag} ${value}`]);
  return [
    ...said('--architecture', options.architecture),
    ...said('--actions', options.actions),
    ...said('--replications', options.replications),
    ...(options.try ?? []).map((text) => `--try '${text}'`),
    ...said('--max-runs', options.budget ?? options.maxRuns),
  ];
}

function copyReport(from: string, to: string): void {
  try {
    copyFileSync(from, to);
  } catch (cause) {
    const message = `${to}: it cannot be written; choose a writable --report`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path: to }, { cause });
  }
}
