/** `run`: one replication of a scenario on one architecture or several, as one document. */
import { createHash } from 'node:crypto';
import type { InterpreterName } from '../actors/runtime/interpreters.ts';
import type { ArchitectureName } from '../gateway/architecture.ts';
import { EngineError } from '../kernel/errors.ts';
import { US_PER_HOUR } from '../kernel/time.ts';
import { sampleOf } from './campaign/sample-of.ts';
import { judgeObjectives } from './objectives/judge-objectives.ts';
import { configurationOf } from './reproduce/configuration.ts';
import { proofOf, sha256 } from './reproduce/proof.ts';
import type { ArchitectureResult, Provenance, RunDocument } from './result.ts';
import { commonSections, pairedDifferences, sectionMetrics } from './results/differences.ts';
import { documentFaults } from './results/document-faults.ts';
import { sumLedgers } from './results/ledger.ts';
import { SECTION_COUNT } from './results/page-loads.ts';
import type { RunFigures } from './results/summarise.ts';
import { type InputFiles, type RunInputs, readRunInputs } from './run-inputs.ts';
import { type PoolOptions, performRuns } from './run-pool.ts';
import type { RunTask } from './run-task.ts';
import type { Scenario } from './scenario/schema.ts';
import { namedVariants, type Variant, variantsOf } from './scenario/variants.ts';
import { type CommandLogs, commandLogText } from './turns/command-log.ts';
import { drivenScenario } from './turns/driven-faults.ts';
import { PACKAGE_VERSION } from './version.ts';

/** Options of {@link runScenario}. */
export interface RunOptions extends PoolOptions {
  /** Default: all four. */
  readonly architectures?: readonly ArchitectureName[] | undefined;
  /** Runs the actors; changes nothing but the time it takes. Default `compiled`. */
  readonly interpreter?: InterpreterName | undefined;
  /** Only variants of these names; default: all of the architectures. */
  readonly variants?: readonly string[] | undefined;
  /** Which replication of a comparison to run: the same draws. Default 0. Spec: E359. */
  readonly replication?: number | undefined;
  /** Default: the scenario's. */
  readonly seed?: number | undefined;
  readonly files?: InputFiles | undefined;
  /** Where warehouses (and traces) are written; left out, nothing is written. */
  readonly directory?: string | undefined;
  readonly trace?: boolean | undefined;
  /** Whether each run writes a lake into the directory. */
  readonly lake?: boolean | undefined;
  /** Whether each run compares the metrics of truth, batch and stream. */
  readonly agreement?: boolean | undefined;
  /** How to run it again, for the document. @param driven - The subjects with command logs. */
  readonly replayCommand?: string | ((driven: readonly string[]) => string) | undefined;
  /** Changes that are made on the way, by the name of the architecture or variant. */
  readonly commands?: CommandLogs | undefined;
  /** Performs the runs: for whoever watches them. Default: {@link performRuns}. */
  readonly perform?: ((tasks: readonly RunTask[]) => Promise<readonly RunFigures[]>) | undefined;
}

/** Runs a scenario.
 * @returns the document; the same scenario, seed and version give the same one but for `node`.
 * @throws EngineError `CLI_USAGE` for a variant that is not there; as inputs, kernel and actors do.
 * Cost: `npm run bench -- actors`. */
export async function runScenario(
  scenario: Scenario,
  options: RunOptions = {},
): Promise<RunDocument> {
  const seeded = { ...scenario, seed: options.seed ?? scenario.seed };
  const inputs = await readRunInputs(seeded, options.files ?? {});
  const { replication = 0 } = options;
  const variants = namedVariants(variantsOf(seeded, options.architectures), options.variants);
  const { commands, perform = (tasks) => performRuns(tasks, options) } = options;
  checkSubjects(commands, variants);
  const figures = await perform(
    variants.map(({ name, architecture, scenario: varied }) => ({
      scenario: varied,
      architecture,
      name,
      interpreter: options.interpreter,
      replication,
      catalogue: inputs.catalogue,
      arrivals: inputs.arrivals,
      directory: options.directory,
      trace: options.trace ?? false,
      lake: options.lake,
      agreement: options.agreement,
      turns: commands?.get(name),
    })),
  );
  const results = figures.map(({ result }) => result);
  const sections = commonSections(figures.map((figure) => figure.sections));
  const from = provenanceOf(seeded, inputs, { figures, replayCommand: options.replayCommand });
  return {
    schema: 'backlot.run/1',
    ...from,
    replication,
    ...drivenBy(figures),
    digest: combinedDigest(results.map((result) => result.digest)),
    architectures: results,
    ledger: {
      requests: sumLedgers(results.map((result) => result.ledger.requests)),
      events: sumLedgers(results.map((result) => result.ledger.events)),
    },
    differences: pairedDifferences(
      results.flatMap(({ name }, i) => sectionMetrics(name, sections[i] ?? [])),
    ),
    differencesMethod:
      `paired over ${SECTION_COUNT} sections of the same viewers or users in one replication ` +
      '(backlot compare replicates)',
    verdicts: judgeObjectives({
      objectives: seeded.objectives,
      samples: new Map(figures.map((one) => [one.result.name, [sampleOf(one, replication)]])),
      replayCommand: () => from.replayCommand,
    }),
    references: seeded.references.flatMap((reference) => {
      const result = results.find(({ name }) => name === reference.variant);
      return result === undefined ? [] : [compared(reference, result)];
    }),
    faults: documentFaults(
      variants.map((variant, i) => ({
        ...variant,
        scenario: drivenScenario(variant.scenario, figures[i]?.turns ?? []),
      })),
    ),
  };
}

/** Where a run comes from, the logs of those who drove it included. */
function provenanceOf(
  scenario: Scenario,
  inputs: RunInputs,
  {
    figures,
    replayCommand,
  }: { readonly figures: readonly RunFigures[] } & Pick<RunOptions, 'replayCommand'>,
): Provenance {
  const driven = figures.filter(({ turns }) => turns.length > 0);
  const names = driven.map(({ result }) => result.name);
  const again = typeof replayCommand === 'function' ? replayCommand(names) : replayCommand;
  const from = provenance(scenario, inputs, again);
  if (driven.length === 0 || from.proof === undefined) return from;
  const commands = driven.map(({ result: { name }, turns }) => ({
    subject: name,
    sha256: sha256(commandLogText(name, turns)),
  }));
  return { ...from, proof: { ...from.proof, commands } };
}

/** How often somebody changed something; nothing where nobody did. */
function drivenBy(figures: readonly RunFigures[]): Pick<RunDocument, 'commands'> {
  const commands = figures.reduce((sum, { turns }) => sum + turns.length, 0);
  return commands === 0 ? {} : { commands };
}

/** @throws EngineError `COMMANDS_REFUSED` for commands to somebody who does not run. */
function checkSubjects(commands: CommandLogs = new Map(), variants: readonly Variant[]): void {
  const names = variants.map(({ name }) => name);
  for (const subject of commands.keys()) {
    if (names.includes(subject)) continue;
    const problem = `commands for "${subject}": it is not run here; there are ${names.join(', ')}`;
    throw new EngineError('COMMANDS_REFUSED', problem, { problems: [problem] });
  }
}

/** A published figure beside the measured one. */
function compared(
  reference: Scenario['references'][number],
  result: ArchitectureResult,
): RunDocument['references'][number] {
  const { pagesPerSec, meanPageLoadTimeMs, pageLoadTimeMs } = result;
  const measured = {
    pagesPerSec,
    meanMs: meanPageLoadTimeMs ?? Number.NaN,
    p95Ms: pageLoadTimeMs.p95,
  }[reference.metric];
  const { value: published, ...rest } = reference;
  return { ...rest, published, measured, relativeError: measured / published - 1 };
}

/** What a document says of where it comes from. */
export function provenance(
  scenario: Scenario,
  inputs: RunInputs,
  replayCommand: string | undefined,
): Provenance {
  return {
    backlot: PACKAGE_VERSION,
    node: process.version,
    scenario: scenario.name,
    question: scenario.question,
    seed: scenario.seed,
    startUtc: new Date(scenario.clock.start).toISOString(),
    virtualHours: (scenario.clock.duration + scenario.clock.drain) / US_PER_HOUR,
    catalogue: `${inputs.catalogue.source} (${inputs.catalogue.titles.length} titles)`,
    arrivals: inputs.arrivalsSource,
    proof: proofOf(scenario, inputs.files),
    configuration: configurationOf(scenario),
    replayCommand: replayCommand ?? `runScenario(${scenario.name}, { seed: ${scenario.seed} })`,
  };
}

/** One digest of several, in their order. */
export function combinedDigest(digests: readonly string[]): string {
  return createHash('sha256').update(digests.join('\n')).digest('hex').slice(0, 32);
}
