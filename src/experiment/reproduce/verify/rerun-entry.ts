/** The entry of a fresh process that runs a recorded result again: gets one task over its channel,
 * answers once, and ends. */
import { EngineError } from '../../../kernel/errors.ts';
import { sampleOf } from '../../campaign/sample-of.ts';
import type { ArchitectureResult, RunDocument } from '../../result.ts';
import { runScenario } from '../../run.ts';
import { type InputFiles, readRunInputs } from '../../run-inputs.ts';
import { performRuns } from '../../run-pool.ts';
import type { CarriedError } from '../../run-worker.ts';
import { type Bundle, isAntithetic, openBundle, replicationsOf } from '../bundle.ts';
import { type DigestParts, digestParts } from '../digest-parts.ts';
import { worldMaker } from '../open-world.ts';

/** What is to be run again: a whole document, some replications, or one world's digest. */
export type RerunWant =
  | { readonly kind: 'document' }
  | { readonly kind: 'replications'; readonly replications: readonly number[] }
  | { readonly kind: 'digest'; readonly name: string; readonly replication: number };

/** A task for a fresh process: plain data. */
export interface RerunTask {
  /** Of the recorded document. */
  readonly path: string;
  readonly files: InputFiles;
  readonly threads: number | undefined;
  readonly want: RerunWant;
}

/** One replication of one subject, as it came out. */
export interface RerunSample extends Pick<ArchitectureResult, 'name' | 'digest' | 'ledger'> {
  readonly replication: number;
  readonly stations: ArchitectureResult['stations'];
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** What comes back, by kind of task. */
export interface RerunAnswers {
  readonly document: RunDocument;
  readonly replications: readonly RerunSample[];
  readonly digest: DigestParts & { readonly value: string };
}

/** What the process sends. */
export type RerunAnswer =
  | { readonly ok: true; readonly answer: RerunAnswers[RerunWant['kind']] }
  | { readonly ok: false; readonly error: CarriedError };

process.once('message', (task) => void answerTo(task as RerunTask));

async function answerTo(task: RerunTask): Promise<void> {
  const answer = await perform(task);
  process.send?.(answer, () => process.disconnect());
}

async function perform(task: RerunTask): Promise<RerunAnswer> {
  try {
    const bundle = await openBundle(task.path, task.files);
    return { ok: true, answer: await answerOf(bundle, task) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof EngineError ? error.code : undefined;
    const details = error instanceof EngineError ? error.details : undefined;
    return { ok: false, error: { code, message, stack, details } };
  }
}

async function answerOf(bundle: Bundle, { want, threads }: RerunTask) {
  if (want.kind === 'document') return documentOf(bundle, threads);
  if (want.kind === 'replications') return samplesOf(bundle, want.replications, threads);
  return digestOf(bundle, want);
}

async function documentOf(
  { scenario, files, document, variants, commands }: Bundle,
  threads: number | undefined,
): Promise<RunDocument> {
  const { replayCommand } = document;
  const architectures = [...new Set(variants.map(({ architecture }) => architecture))];
  const names = variants.map(({ name }) => name);
  const [replication] = replicationsOf(document);
  const same = { architectures, variants: names, replication, replayCommand, commands };
  return runScenario(scenario, { ...same, files, threads });
}

async function samplesOf(
  { scenario, files, variants, document }: Bundle,
  replications: readonly number[],
  threads: number | undefined,
): Promise<readonly RerunSample[]> {
  const { catalogue, arrivals } = await readRunInputs(scenario, files);
  const mirrored = { isAntithetic: isAntithetic(document) };
  const inputs = { catalogue, arrivals, ...mirrored, directory: undefined, trace: false };
  const asked = replications.flatMap((replication) =>
    variants.map((variant) => ({ ...variant, ...inputs, replication })),
  );
  const made = await performRuns(asked, { threads });
  return made.map((figures, i) => {
    const replication = asked[i]?.replication ?? 0;
    const { name, digest, ledger, stations, metrics } = sampleOf(figures, replication);
    return { name, replication, digest, ledger, stations, metrics };
  });
}

async function digestOf(
  bundle: Bundle,
  { name, replication }: { readonly name: string; readonly replication: number },
): Promise<RerunAnswers['digest']> {
  const variant = bundle.variants.find((one) => one.name === name);
  if (variant === undefined) return { value: '', slices: [], actors: [] };
  const { world, close } = (await worldMaker(bundle, variant, replication))({});
  try {
    world.run();
    return { value: world.digest.value(), ...digestParts(world.digest) };
  } finally {
    close();
  }
}
