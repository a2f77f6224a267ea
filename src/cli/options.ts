/** Options that commands share, and how their texts become values. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { INTERPRETERS, type InterpreterName } from '../actors/runtime/interpreters.ts';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../gateway/architecture.ts';
import { nearestName } from '../kernel/errors.ts';

/** Options of every command that runs scenarios. */
export interface ScenarioOptions {
  readonly arch: readonly ArchitectureName[] | undefined;
  readonly seed: number | undefined;
  readonly catalogue: string | undefined;
  readonly arrivals: string | undefined;
  readonly threads: number | undefined;
  readonly interpreter: InterpreterName;
  readonly out: string | undefined;
  readonly report: boolean;
  readonly json: boolean | undefined;
}

/** Adds the options of {@link ScenarioOptions}. */
export function addScenarioOptions(command: Command): Command {
  command
    .argument('<scenario>', 'a scenario file (.ts, .js or .json)')
    .option(
      '--arch <names>',
      `all, or names of ${ARCHITECTURE_NAMES.join(', ')}; of variants, those of these`,
      parseArchitectures,
    );
  return addInputOptions(command)
    .option('--no-report', 'write no HTML report')
    .option('--json', 'print the result document on standard output');
}

/** Those among them that say what is run, and where results go. */
export function addInputOptions(command: Command): Command {
  return command
    .option('--seed <number>', "instead of the scenario's seed", parseSeed)
    .option('--catalogue <file>', 'titles: Netflix CSV or Wikipedia JSON')
    .option('--arrivals <file>', 'shape of arrivals: CSV of counts per period')
    .option('--threads <number>', 'worker threads', parseCount)
    .addOption(
      new Option('--interpreter <name>', 'what runs the statecharts; results are the same')
        .choices(Object.keys(INTERPRETERS))
        .default('compiled'),
    )
    .option('--out <directory>', 'where results are written');
}

/** A whole number ≥ 1. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError(`"${text}" is no whole number from 1 on`);
}

/** Gathers the values of an option that may be given several times. */
export function append(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** A whole number ≥ 0. */
export function parseWhole(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError(`"${text}" is no whole number from 0 on`);
}

/** Virtual seconds a second: a number > 0. */
export function parseSpeed(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError(`"${text}" is no number above 0`);
}

/** A seed: a whole number of 32 bits. */
export function parseSeed(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 0xffff_ffff) return value;
  throw new InvalidArgumentError(`"${text}" is no whole number from 0 to 4294967295`);
}

/** `all` (undefined), or names of architectures apart by commas. */
export function parseArchitectures(text: string): readonly ArchitectureName[] | undefined {
  if (text === 'all') return undefined;
  const wanted = text.split(',').map((name) => name.trim());
  for (const name of wanted) {
    if ((ARCHITECTURE_NAMES as readonly string[]).includes(name)) continue;
    const nearest = nearestName(name, ARCHITECTURE_NAMES);
    const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
    throw new InvalidArgumentError(
      `no architecture "${name}"${hint}; there are ${ARCHITECTURE_NAMES.join(', ')}`,
    );
  }
  return ARCHITECTURE_NAMES.filter((name) => wanted.includes(name));
}

/** The command that repeats a run, for its document. Files are named as they were given. */
export function replayCommand(
  command: string,
  scenario: string,
  options: Pick<ScenarioOptions, 'arch' | 'catalogue' | 'arrivals'> & {
    readonly seed: number;
    readonly extra?: readonly string[];
  },
): string {
  return [
    `npx backlot ${command} ${scenario}`,
    ...(options.arch === undefined ? [] : [`--arch ${options.arch.join(',')}`]),
    `--seed ${options.seed}`,
    ...(options.catalogue === undefined ? [] : [`--catalogue ${options.catalogue}`]),
    ...(options.arrivals === undefined ? [] : [`--arrivals ${options.arrivals}`]),
    ...(options.extra ?? []),
  ].join(' ');
}
