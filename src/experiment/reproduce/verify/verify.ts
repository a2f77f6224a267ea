/** `verify`: runs a recorded result again in fresh processes and holds everything to the recording:
 * digests, the whole document, ledgers, station laws. Spec: E354–E358. */

import type { CompareDocument, RunDocument } from '../../result.ts';
import { combinedDigest } from '../../run.ts';
import type { PoolOptions } from '../../run-pool.ts';
import { PACKAGE_VERSION } from '../../version.ts';
import { type Bundle, isAntithetic, readDigestParts, replicationsOf } from '../bundle.ts';
import { type DigestDivergence, firstDivergence } from '../digest-parts.ts';
import { type JsonDifference, jsonDifferences } from '../json-differences.ts';
import { type BalanceCheck, checkBalances } from './balances.ts';
import { rerunFresh } from './fresh-process.ts';
import type { RerunSample } from './rerun-entry.ts';

/** Options of {@link verifyBundle}. */
export interface VerifyOptions extends Pick<PoolOptions, 'threads'> {
  /** Fresh processes, each of which runs it once. Default 1. */
  readonly times?: number | undefined;
  /** Whether all replications of a comparison are run again, or a sample. */
  readonly all?: boolean | undefined;
  /** Told before each process. */
  readonly onRerun?: ((n: number, of: number) => void) | undefined;
}

/** One digest, recorded and found. */
export interface DigestCheck {
  readonly name: string;
  readonly replication: number;
  /** Null where the document holds none. */
  readonly recorded: string | null;
  /** One a process. */
  readonly found: readonly string[];
  readonly isEqual: boolean;
}

/** Where a run parts from its recording. */
export interface VerifiedDivergence extends DigestDivergence {
  readonly name: string;
  readonly replication: number;
  /** `every-run`: two fresh runs agree with each other and not with the recording. `each-run`: two
   * fresh runs differ, so the model reads something besides its inputs. */
  readonly kind: 'every-run' | 'each-run';
}

/** `backlot verify`. */
export interface VerifyDocument {
  readonly schema: 'backlot.verify/1';
  readonly backlot: string;
  readonly node: string;
  /** The recorded document. */
  readonly of: {
    readonly schema: string;
    readonly backlot: string;
    readonly node: string;
    readonly scenario: string;
    readonly seed: number;
    readonly digest: string;
  };
  readonly verdict: 'reproduced' | 'diverged' | 'unbalanced';
  /** What has to be known to read the verdict: other versions, samples. */
  readonly notes: readonly string[];
  readonly times: number;
  /** Replications that were run again, of how many. */
  readonly replications: { readonly checked: readonly number[]; readonly recorded: number };
  readonly digests: readonly DigestCheck[];
  /** Of all of them; null where only a sample was run. */
  readonly combined: Omit<DigestCheck, 'name' | 'replication'> | null;
  /** Fields that differ, machine-dependent ones left out; at most {@link SHOWN_MAX} are listed. */
  readonly differenceCount: number;
  readonly differences: readonly JsonDifference[];
  /** Fields that may differ between machines. */
  readonly ignored: readonly string[];
  readonly balances: readonly BalanceCheck[];
  readonly divergence: VerifiedDivergence | null;
}

/** Fields that depend on the machine or the installation. All others are held to the recording;
 * there are no wall times in a document. */
export const MACHINE_FIELDS: readonly string[] = [
  'backlot',
  'node',
  'proof.nodeMajor',
  'proof.inputs',
];

const SHOWN_MAX = 20;
/** Up to so many replications all are run again; of more, this many, spread evenly. */
const REPLICATIONS_SAMPLED = 3;

/** What one kind of document comes to. */
interface Findings
  extends Pick<
    VerifyDocument,
    'digests' | 'combined' | 'differences' | 'balances' | 'replications'
  > {
  readonly notes: readonly string[];
}

/** Verifies a result. @throws EngineError as runs do.
 * Cost: `times` process starts and runs; one or two more where digests differ. */
export async function verifyBundle(
  bundle: Bundle,
  options: VerifyOptions = {},
): Promise<VerifyDocument> {
  const { document } = bundle;
  const findings =
    document.schema === 'backlot.run/1'
      ? await verifyRun(bundle, document, options)
      : await verifyCompare(bundle, document, options);
  const { digests, combined, differences, balances, notes, replications } = findings;
  const isUnbalanced = balances.some(({ holds }) => !holds);
  const isEqual =
    digests.every((one) => one.isEqual) && combined?.isEqual !== false && differences.length === 0;
  const { schema, backlot, node, scenario, seed, digest } = document;
  return {
    schema: 'backlot.verify/1',
    backlot: PACKAGE_VERSION,
    node: process.version,
    of: { schema, backlot, node, scenario, seed, digest },
    verdict: isUnbalanced ? 'unbalanced' : isEqual ? 'reproduced' : 'diverged',
    notes: [...versionNotes(bundle), ...notes],
    times: options.times ?? 1,
    replications,
    digests,
    combined,
    differenceCount: differences.length,
    differences: differences.slice(0, SHOWN_MAX),
    ignored: ignoredFields(bundle),
    balances: balances.filter(({ holds }) => !holds),
    divergence: await locate(bundle, digests),
  };
}

/** An input file that has moved may be called otherwise: its content has been held to its hash. */
function ignoredFields({ document, files }: Bundle): readonly string[] {
  const inputs = document.proof?.inputs ?? [];
  const moved = inputs.filter(({ role, path }) => files[role] !== path);
  return [...MACHINE_FIELDS, ...moved.map(({ role }) => role)];
}

/** Digests hold for one version of backlot on one major version of Node. */
function versionNotes({ document }: Bundle): readonly string[] {
  const notes: string[] = [];
  if (document.backlot !== PACKAGE_VERSION) {
    notes.push(
      `recorded by backlot ${document.backlot}, run again by ${PACKAGE_VERSION}: ` +
        'digests hold for one version',
    );
  }
  const major = process.versions.node.split('.')[0];
  const recorded = String(document.proof?.nodeMajor ?? document.node.replace(/^v(\d+).*/, '$1'));
  if (recorded !== major) {
    notes.push(
      `recorded on Node ${recorded}, run again on ${major}: digests hold for one major version`,
    );
  }
  if (document.proof === undefined) {
    notes.push('the document holds no hashes, so scenario and inputs are taken on trust');
  }
  return notes;
}

async function verifyRun(
  bundle: Bundle,
  document: RunDocument,
  { times = 1, threads, onRerun }: VerifyOptions,
): Promise<Findings> {
  const { path, files } = bundle;
  const found: RunDocument[] = [];
  const [replication = 0] = replicationsOf(document);
  for (let n = 0; n < times; n += 1) {
    onRerun?.(n + 1, times);
    found.push(await rerunFresh({ path, files, threads, want: { kind: 'document' } }));
  }
  return {
    digests: document.architectures.map(({ name, digest }) =>
      checked(
        { name, replication },
        digest,
        found.map((one) => one.architectures.find((other) => other.name === name)?.digest ?? ''),
      ),
    ),
    combined: checked(
      {},
      document.digest,
      found.map((one) => one.digest),
    ),
    differences: found.flatMap((one) =>
      jsonDifferences({ replication, ...document }, one, ignoredFields(bundle)),
    ),
    balances: [
      ...checkBalances('recorded', document.architectures, document.ledger),
      ...found.flatMap((one) => checkBalances('found', one.architectures, one.ledger)),
    ],
    replications: { checked: [replication], recorded: 1 },
    notes: [],
  };
}

async function verifyCompare(
  bundle: Bundle,
  document: CompareDocument,
  { times = 1, all = false, threads, onRerun }: VerifyOptions,
): Promise<Findings> {
  const { path, files } = bundle;
  const recorded = replicationsOf(document);
  const replications = replicationsToCheck(recorded, all);
  const found: (readonly RerunSample[])[] = [];
  for (let n = 0; n < times; n += 1) {
    onRerun?.(n + 1, times);
    const want = { kind: 'replications', replications } as const;
    const samples = await rerunFresh({ path, files, threads, want });
    found.push(samples.filter((sample) => isRecorded(document, recorded, sample)));
  }
  const isWhole = replications.length === recorded.length;
  const recordedOf = ({ name, replication }: RerunSample) =>
    document.architectures.find((one) => one.name === name)?.digests?.[
      recorded.indexOf(replication)
    ] ?? null;
  const [first = []] = found;
  return {
    digests: first.map((sample, i) =>
      checked(
        { name: sample.name, replication: sample.replication },
        recordedOf(sample),
        found.map((samples) => samples[i]?.digest ?? ''),
      ),
    ),
    combined: isWhole
      ? checked(
          {},
          document.digest,
          found.map((samples) => combinedDigest(samples.map(({ digest }) => digest))),
        )
      : null,
    differences: found.flatMap((samples) =>
      samples.flatMap((sample) => metricDifferences(document, sample)),
    ),
    balances: [
      ...checkBalances('recorded', [], document.ledger),
      ...found.flatMap((samples) => checkBalances('found', samples, undefined)),
    ],
    replications: { checked: replications, recorded: recorded.length },
    notes: isWhole
      ? []
      : [`${replications.length} of ${recorded.length} replications; --all runs every one`],
  };
}

/** A subject that was precise enough has fewer replications than the others. */
function isRecorded(
  { architectures }: CompareDocument,
  replications: readonly number[],
  { name, replication }: RerunSample,
): boolean {
  const digests = architectures.find((one) => one.name === name)?.digests;
  return digests === undefined || replications.indexOf(replication) < digests.length;
}

/** All of few, or a few spread evenly over many, the first and the last among them. */
export function replicationsToCheck(recorded: readonly number[], all: boolean): readonly number[] {
  if (all || recorded.length <= REPLICATIONS_SAMPLED) return recorded;
  const between = (recorded.length - 1) / (REPLICATIONS_SAMPLED - 1);
  return Array.from(
    { length: REPLICATIONS_SAMPLED },
    (_, i) => recorded[Math.round(i * between)] ?? 0,
  );
}

/** The recorded values of one replication beside those found; none where values are of pairs. */
function metricDifferences(
  document: CompareDocument,
  sample: RerunSample,
): readonly JsonDifference[] {
  if (isAntithetic(document)) return [];
  const { name, replication } = sample;
  const at = replicationsOf(document).indexOf(replication);
  const index = document.architectures.findIndex((one) => one.name === name);
  return Object.entries(document.architectures[index]?.metrics ?? {}).flatMap(
    ([metric, { values }]) => {
      const [a, b] = [values[at] ?? null, sample.metrics[metric]];
      if (b === undefined || Object.is(a, b)) return [];
      return [{ path: `architectures.${index}.metrics.${metric}.values.${at}`, a, b }];
    },
  );
}

function checked<O extends object>(of: O, recorded: string | null, found: readonly string[]) {
  const expected = recorded ?? found[0];
  return { ...of, recorded, found, isEqual: found.every((one) => one === expected) };
}

/** Where the first digest that differs parts: from the recording where its parts were kept, and
 * from another fresh run in any case. */
async function locate(
  bundle: Bundle,
  digests: readonly DigestCheck[],
): Promise<VerifiedDivergence | null> {
  const differing = digests.find(({ isEqual }) => !isEqual);
  if (differing === undefined) return null;
  const { name, replication } = differing;
  const { path, files } = bundle;
  const want = { kind: 'digest', name, replication } as const;
  const once = await rerunFresh({ path, files, threads: 1, want });
  if (differing.found.some((digest) => digest !== once.value)) {
    const again = await rerunFresh({ path, files, threads: 1, want });
    const each = firstDivergence(once, again) ?? { sliceUs: null, actor: null };
    return { name, replication, kind: 'each-run', ...each };
  }
  const recorded = readDigestParts(bundle, { name, replication });
  const parted = recorded && firstDivergence(recorded, once);
  return { name, replication, kind: 'every-run', sliceUs: null, actor: null, ...parted };
}
