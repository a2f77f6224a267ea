/** `diff`: two recorded results side by side: where they come from, the first event and the first
 * draw in which they part, and what that did to their metrics. Spec: E360–E365. */

import { EngineError, nearestName } from '../../kernel/errors.ts';
import { METRICS } from '../campaign/metrics.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { type Bundle, type Reproducible, replicationsOf } from './bundle.ts';
import { type JsonDifference, jsonDifferences } from './json-differences.ts';
import { type Divergence, locateDivergence, type Starter } from './locate-divergence.ts';
import { worldMaker } from './open-world.ts';

/** Options of {@link diffBundles}. */
export interface DiffOptions {
  /** What is compared with what, by names in the two documents; default: what both have. */
  readonly pair?: readonly [a: string, b: string] | undefined;
  /** Events shown before and after the one that differs. Default 20. */
  readonly context?: number | undefined;
  readonly onPair?: ((a: string, b: string) => void) | undefined;
}

/** A metric on both sides. */
export interface MetricDelta {
  readonly metric: string;
  readonly unit: string;
  readonly a: number | null;
  readonly b: number | null;
  /** b − a, and that as a share of a; null where not defined. */
  readonly delta: number | null;
  readonly relative: number | null;
}

/** One subject of either result. */
export interface DiffedPair {
  readonly a: string;
  readonly b: string;
  /** Of a, and of b where that is another one: single runs have one each. */
  readonly replication: number;
  readonly replicationOfB: number;
  /** As recorded; null where the document holds none. */
  readonly digests: { readonly a: string | null; readonly b: string | null };
  readonly isEqual: boolean;
  /** Null where they are equal, or run alike here whatever was recorded. */
  readonly divergence: Divergence | null;
  readonly metrics: readonly MetricDelta[];
}

/** Where one of the results comes from. */
export interface DiffedResult {
  readonly path: string;
  readonly scenario: string;
  readonly seed: number;
  readonly backlot: string;
  readonly node: string;
  readonly digest: string;
}

/** `backlot diff`. */
export interface DiffDocument {
  readonly schema: 'backlot.diff/1';
  readonly backlot: string;
  readonly node: string;
  readonly a: DiffedResult;
  readonly b: DiffedResult;
  readonly isEqual: boolean;
  /** Fields of the documents that say where they come from. */
  readonly provenance: readonly JsonDifference[];
  /** Fields of the scenarios. */
  readonly scenario: readonly JsonDifference[];
  readonly pairs: readonly DiffedPair[];
  readonly notes: readonly string[];
}

const DEFAULT_CONTEXT = 20;

/** Compares two results, or two subjects of one.
 * @throws EngineError `CLI_USAGE` for a name that is not there; as runs do.
 * Cost: nothing but the documents where digests are equal, else as {@link locateDivergence}. */
export async function diffBundles(
  a: Bundle,
  b: Bundle,
  options: DiffOptions = {},
): Promise<DiffDocument> {
  const pairs: DiffedPair[] = [];
  for (const [nameA, nameB] of pairsOf(a, b, options.pair)) {
    options.onPair?.(nameA, nameB);
    pairs.push(await diffPair({ bundle: a, name: nameA }, { bundle: b, name: nameB }, options));
  }
  return {
    schema: 'backlot.diff/1',
    backlot: PACKAGE_VERSION,
    node: process.version,
    a: resultOf(a),
    b: resultOf(b),
    isEqual: pairs.every(({ isEqual }) => isEqual),
    provenance: jsonDifferences(originOf(a.document), originOf(b.document)),
    scenario: jsonDifferences(a.scenario, b.scenario),
    pairs,
    notes: notesOf(a, b, pairs),
  };
}

function resultOf({ path, document }: Bundle): DiffedResult {
  const { scenario, seed, backlot, node, digest } = document;
  return { path, scenario, seed, backlot, node, digest };
}

/** What a document says of where it comes from. */
function originOf(document: Reproducible) {
  const { schema, backlot, node, scenario, seed, startUtc, virtualHours } = document;
  const { catalogue, arrivals, proof } = document;
  const replication = document.schema === 'backlot.run/1' ? (document.replication ?? 0) : undefined;
  const { scenarioSha256, inputs = [] } = proof ?? {};
  const files = inputs.map(({ role, sha256 }) => ({ role, sha256 }));
  const named = { schema, backlot, node, scenario, seed, startUtc, virtualHours };
  return { ...named, replication, catalogue, arrivals, scenarioSha256, inputs: files };
}

function notesOf(a: Bundle, b: Bundle, pairs: readonly DiffedPair[]): readonly string[] {
  const notes = [a, b]
    .filter(({ document }) => document.backlot !== PACKAGE_VERSION)
    .map(
      ({ path, document }) =>
        `${path} was recorded by backlot ${document.backlot} and is run again by ` +
        `${PACKAGE_VERSION}: digests hold for one version`,
    );
  const alike = pairs.filter(({ isEqual, divergence }) => !isEqual && divergence === null);
  return [
    ...new Set(notes),
    ...alike.map(
      (pair) => `${pair.a} and ${pair.b} run alike here, whatever was recorded: see backlot verify`,
    ),
  ];
}

function pairsOf(
  a: Bundle,
  b: Bundle,
  pair: DiffOptions['pair'],
): readonly (readonly [string, string])[] {
  const [ofA, ofB] = [a, b].map(({ variants }) => variants.map(({ name }) => name)) as [
    string[],
    string[],
  ];
  if (pair !== undefined) {
    checkName(pair[0], ofA);
    checkName(pair[1], ofB);
    return [pair];
  }
  const common = ofA.filter((name) => ofB.includes(name));
  if (common.length > 0) return common.map((name) => [name, name]);
  const argument = `${ofA.join(', ')} / ${ofB.join(', ')}`;
  const message = `${argument}: the results have no name in common; pair two with --arch a,b`;
  throw new EngineError('CLI_USAGE', message, { argument });
}

function checkName(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  const message = `"${name}" is not in the result${hint}; it has ${known.join(', ')}`;
  throw new EngineError('CLI_USAGE', message, { argument: name });
}

/** One subject in one result. */
interface Side {
  readonly bundle: Bundle;
  readonly name: string;
}

async function diffPair(a: Side, b: Side, options: DiffOptions): Promise<DiffedPair> {
  const matched = matchedDigests(a, b);
  const { digests, replication, replicationOfB } =
    matched.find((one) => one.digests.a !== one.digests.b) ?? matched[0] ?? unmatched(a, b);
  const isEqual = digests.a !== null && digests.a === digests.b;
  const found = isEqual
    ? undefined
    : locateDivergence(
        [await starterOf(a, replication), await starterOf(b, replicationOfB)],
        options.context ?? DEFAULT_CONTEXT,
      );
  return {
    a: a.name,
    b: b.name,
    replication,
    replicationOfB,
    digests,
    isEqual: isEqual || (digests.a === null && found === undefined),
    divergence: found ?? null,
    metrics: deltas(metricsOf(a), metricsOf(b)),
  };
}

type Matched = Pick<DiffedPair, 'digests' | 'replication' | 'replicationOfB'>;

/** Recorded digests of the replications that both sides have; where they have none in common, of
 * the first of either. Empty where a side has no digests. */
function matchedDigests(a: Side, b: Side): readonly Matched[] {
  const [ofA, ofB] = [digestsOf(a), digestsOf(b)];
  const common = [...ofA].flatMap(([replication, digest]): readonly Matched[] => {
    const other = ofB.get(replication);
    if (other === undefined) return [];
    return [{ replication, replicationOfB: replication, digests: { a: digest, b: other } }];
  });
  const [[firstA], [firstB]] = [[...ofA], [...ofB]];
  if (common.length > 0 || firstA === undefined || firstB === undefined) return common;
  const [[replication, own], [replicationOfB, other]] = [firstA, firstB];
  return [{ replication, replicationOfB, digests: { a: own, b: other } }];
}

/** Documents of before hold no digests of comparisons. */
function unmatched(a: Side, b: Side): Matched {
  const [replication = 0] = replicationsOf(a.bundle.document);
  const [replicationOfB = 0] = replicationsOf(b.bundle.document);
  return { replication, replicationOfB, digests: { a: null, b: null } };
}

/** By replication. */
function digestsOf({ bundle: { document }, name }: Side): ReadonlyMap<number, string> {
  const replications = replicationsOf(document);
  const digests =
    document.schema === 'backlot.compare/1'
      ? (document.architectures.find((one) => one.name === name)?.digests ?? [])
      : document.architectures.filter((one) => one.name === name).map(({ digest }) => digest);
  return new Map(digests.map((digest, i) => [replications[i] ?? i, digest]));
}

async function starterOf({ bundle, name }: Side, replication: number): Promise<Starter> {
  const variant = bundle.variants.find((one) => one.name === name);
  if (variant === undefined) throw new EngineError('CLI_USAGE', name, { argument: name });
  const make = await worldMaker(bundle, variant, replication);
  return (watchers) => {
    const { world, close } = make(watchers);
    const { digest, endUs, simulation } = world;
    return { digest, endUs, close, runTo: (untilUs) => void simulation.run(untilUs) };
  };
}

type Metrics = ReadonlyMap<string, { readonly unit: string; readonly value: number | null }>;

function metricsOf({ bundle: { document }, name }: Side): Metrics {
  if (document.schema === 'backlot.compare/1') {
    const { metrics = {} } = document.architectures.find((one) => one.name === name) ?? {};
    return new Map(
      Object.entries(metrics).map(([metric, { unit, value }]) => [metric, { unit, value }]),
    );
  }
  const result = document.architectures.find((one) => one.name === name);
  if (result === undefined) return new Map();
  return new Map(
    METRICS.flatMap(({ name: metric, unit, of, isRare }) => {
      const value = of(result);
      return value === null && isRare === true ? [] : [[metric, { unit, value }]];
    }),
  );
}

function deltas(a: Metrics, b: Metrics): readonly MetricDelta[] {
  return [...a].flatMap(([metric, { unit, value }]) => {
    const other = b.get(metric);
    if (other === undefined) return [];
    const both = value !== null && other.value !== null;
    const delta = both ? other.value - value : null;
    const relative = delta === null || !value ? null : delta / value;
    return [{ metric, unit, a: value, b: other.value, delta, relative }];
  });
}
