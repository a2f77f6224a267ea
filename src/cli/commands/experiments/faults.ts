/** `backlot faults`: swarm campaigns. The seed is printed first, before anything can go wrong. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  FAULT_KIND_NAMES,
  type FaultKindName,
} from '../../../experiment/faults/catalogue/fault-kinds.ts';
import type { ArchitectureName } from '../../../gateway/architecture.ts';
import { EngineError, nearestName } from '../../../kernel/errors.ts';
import type { FaultsDocument } from '../../../testing/swarm/campaign/faults-document.ts';
import type { SwarmSource } from '../../../testing/swarm/campaign/swarm-source.ts';
import { decisiveExit, EXIT } from '../../exit-codes.ts';
import { parseArchitectures, parseCount } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

interface FaultsCommandOptions {
  readonly swarm: boolean | undefined;
  readonly runs: number | undefined;
  readonly time: number | undefined;
  readonly seed: string | undefined;
  readonly arch: readonly ArchitectureName[] | undefined;
  readonly kinds: readonly FaultKindName[] | undefined;
  readonly span: number | undefined;
  readonly viewers: number | undefined;
  readonly threads: number | undefined;
  readonly shrinkRuns: number | undefined;
  readonly demandMarks: boolean | undefined;
  readonly replay: string | undefined;
  readonly bisect: boolean | undefined;
  readonly corpus: string | undefined;
  readonly out: string | undefined;
  readonly json: boolean | undefined;
}

const RUNS = 200;
const UNBOUNDED_RUNS = 2 ** 31;

/** Adds the command. */
export function addFaultsCommand(program: Command, terminal: Terminal): void {
  program
    .command('faults')
    .description('run many small trials under drawn faults, and shrink what breaks an invariant')
    .argument('[scenario]', 'a scenario file; without, --swarm draws everything')
    .option('--swarm', 'draw topology, policies, clickstream and workload, too')
    .option(
      '--runs <number>',
      `trials (default: ${RUNS}; with --time: as many as there is time for)`,
      parseCount,
    )
    .option('--time <duration>', 'take no new trial after so long, like 90s or 10m', parseSpan)
    .option('--seed <seed>', 'a number, a commit hash, or "commit" (default: 1; in CI: the commit)')
    .option('--arch <names>', 'all, or names of architectures', parseArchitectures)
    .option('--kinds <names>', 'kinds of faults, or families like network', parseKinds)
    .option('--span <duration>', 'how much of the scenario a trial runs (default: 3m)', parseSpan)
    .option('--viewers <number>', 'viewers of the scenario in a trial at most', parseCount)
    .option('--threads <number>', 'worker threads', parseCount)
    .addOption(
      new Option('--shrink-runs <number>', 'trials to shrink a failure (default: 600)').argParser(
        parseCount,
      ),
    )
    .option('--demand-marks', 'exit code 10 where a mark was missed or nothing was checked')
    .option('--corpus <directory>', 'counterexamples run first, and new ones are added')
    .option('--replay <trial>', 'run one trial: a token, or a file of the corpus or with a trial')
    .option('--bisect', 'with --replay: after which event does ending all faults no longer help?')
    .option('--out <directory>', 'where faults.json is written')
    .option('--json', 'print the document on standard output')
    .action((path: string | undefined, options: FaultsCommandOptions) =>
      faults(path, options, terminal),
    );
}

async function faults(
  path: string | undefined,
  options: FaultsCommandOptions,
  terminal: Terminal,
): Promise<void> {
  if (options.replay !== undefined) {
    requireNothingElse(path, options);
    const { replayTrial } = await import('../../faults/replay-trial.ts');
    await replayTrial(options.replay, { ...options, terminal });
    return;
  }
  if (options.bisect === true) throw usage('--bisect', 'name the trial with --replay');
  const { campaignSeed } = await import('../../faults/campaign-seed.ts');
  const { seed, commit } = await campaignSeed(options.seed);
  terminal.complain(`seed ${seed}${commit === null ? '' : ` (commit ${commit})`}`);
  const { performFaults } = await import('../../faults/perform-faults.ts');
  const source = await sourceOf(path, options);
  const document = await performFaults({
    ...options,
    source,
    seed,
    commit,
    runs: options.runs ?? (options.time === undefined ? RUNS : UNBOUNDED_RUNS),
    path,
    terminal,
  });
  const isMissing = document.invariants.some(
    ({ verdict }) => verdict === 'missed' || verdict === 'vacuous',
  );
  terminal.exitCode = decisiveExit([
    ...(document.stoppedBy === 'interruption' ? [EXIT.interrupted] : []),
    ...(isBroken(document) ? [EXIT.invariant] : []),
    ...(options.demandMarks === true && isMissing ? [EXIT.inconclusive] : []),
  ]);
}

function isBroken({ failures, corpus }: FaultsDocument): boolean {
  return failures.length > 0 || corpus.some(({ verdict }) => verdict === 'broken');
}

/** What `--replay` leaves nothing to do for. */
const OF_CAMPAIGNS = [
  ...(['swarm', 'runs', 'time', 'seed', 'arch', 'kinds', 'span', 'viewers', 'threads'] as const),
  ...(['shrinkRuns', 'demandMarks', 'corpus', 'out'] as const),
];

function requireNothingElse(path: string | undefined, options: FaultsCommandOptions): void {
  const found = path ?? OF_CAMPAIGNS.find((name) => options[name] !== undefined);
  if (found === undefined) return;
  throw usage(found, '--replay runs one trial as it is; leave it out');
}

function usage(argument: string, remedy: string): EngineError {
  return new EngineError('CLI_USAGE', `${argument}: ${remedy}`, { argument });
}

async function sourceOf(
  path: string | undefined,
  options: FaultsCommandOptions,
): Promise<SwarmSource> {
  const { arch: architectures, kinds, span: spanUs, viewers: viewersMax, swarm = false } = options;
  if ((path === undefined) !== swarm) {
    const argument = swarm ? '--swarm' : '<scenario>';
    const remedy = 'give either a scenario file or --swarm, which draws everything';
    throw new EngineError('CLI_USAGE', remedy, { argument });
  }
  if (path === undefined) return { kind: 'swarm', options: { architectures, kinds } };
  const { loadScenario } = await import('../../../experiment/io/load-scenario.ts');
  const scenario = await loadScenario(path);
  return { kind: 'scenario', scenario, options: { architectures, kinds, spanUs, viewersMax } };
}

const UNITS_US: Readonly<Record<string, number>> = { ms: 1e3, s: 1e6, m: 60e6, h: 3_600e6 };

/** µs of `90s`, `10m`, `1h`. */
function parseSpan(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  const spanUs = Number(amount) * (UNITS_US[unit] ?? Number.NaN);
  if (spanUs > 0) return Math.round(spanUs);
  throw new InvalidArgumentError(`"${text}" is no duration like 90s, 10m or 1h`);
}

/** Names apart by commas; the name of a family stands for its kinds. */
function parseKinds(text: string): readonly FaultKindName[] {
  const wanted = text.split(',').flatMap((name) => kindsNamed(name.trim()));
  return FAULT_KIND_NAMES.filter((kind) => wanted.includes(kind));
}

function kindsNamed(name: string): readonly FaultKindName[] {
  const found = FAULT_KIND_NAMES.filter((kind) => kind === name || kind.startsWith(`${name}.`));
  if (found.length > 0) return found;
  const nearest = nearestName(name, FAULT_KIND_NAMES);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  throw new InvalidArgumentError(`no kind of fault "${name}"${hint}`);
}
