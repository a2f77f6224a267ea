/** A result directory as a proof bundle: the document, `scenario.json`, and the digests in parts.
 * Whoever opens one gets back what is needed to run it again, held to the hashes in the document.
 * Spec: E350–E353. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../gateway/architecture.ts';
import type { RunDigest } from '../../kernel/digest.ts';
import { EngineError } from '../../kernel/errors.ts';
import { loadScenario } from '../io/load-scenario.ts';
import type { CompareDocument, RunDocument } from '../result.ts';
import type { InputFiles } from '../run-inputs.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type Variant, variantsOf } from '../scenario/variants.ts';
import { type CommandLogs, commandLogName, readCommandLogs } from '../turns/command-log.ts';
import { type DigestParts, digestParts } from './digest-parts.ts';
import { canonicalScenario, hashInputs, sha256 } from './proof.ts';

/** A document that can be made again. */
export type Reproducible = RunDocument | CompareDocument;

/** A result, opened. */
export interface Bundle {
  /** The document's file. */
  readonly path: string;
  readonly directory: string;
  readonly document: Reproducible;
  /** The scenario as it was run, seed included. */
  readonly scenario: Scenario;
  /** Where the input files are now. */
  readonly files: InputFiles;
  /** What was run, by the names in the document. */
  readonly variants: readonly Variant[];
  /** What somebody changed while it ran. */
  readonly commands: CommandLogs;
}

const SCENARIO_FILE = 'scenario.json';
const DOCUMENT_FILES = ['run', 'compare', 'plan', 'load', 'sweep', 'advice', 'faults'].map(
  (name) => `${name}.json`,
);
const SCHEMAS: readonly string[] = ['backlot.run/1', 'backlot.compare/1'];
/** Beyond this many actors a digest is kept by slices only: some 25 bytes an actor. */
const ACTORS_KEPT_MAX = 100_000;

/** Writes the scenario that a result is made of beside it: `publish` hands the directory in the
 * making to whoever works in it. @param scenario - With the seed that is run. */
export function writeScenario(directory: string, scenario: Scenario): void {
  writeFileSync(join(directory, SCENARIO_FILE), canonicalScenario(scenario));
}

/** Writes a run's digest in parts, so that a later run that differs is told where. */
export function writeDigestParts(directory: string, name: string, digest: RunDigest): void {
  const { slices, actors } = digestParts(digest);
  const kept = actors !== null && actors.length <= ACTORS_KEPT_MAX ? actors : null;
  writeFileSync(digestFile(directory, name), `${JSON.stringify({ slices, actors: kept })}\n`);
}

/** The recorded digest of one architecture or variant in one replication; undefined where none was
 * kept: comparisons keep none. */
export function readDigestParts(
  { directory, document }: Pick<Bundle, 'directory' | 'document'>,
  { name, replication }: { readonly name: string; readonly replication: number },
): DigestParts | undefined {
  const path = digestFile(directory, name);
  const isOfRun =
    document.schema === 'backlot.run/1' && replicationsOf(document)[0] === replication;
  return isOfRun && existsSync(path) ? (readJson(path) as DigestParts) : undefined;
}

/** Opens a result. @param path - Its directory, or the document in it. @param moved - Input files
 * that lie elsewhere now.
 * @throws EngineError `RESULT_UNREADABLE`, `RESULT_INPUT_CHANGED`, `INPUT_UNREADABLE`. */
export async function openBundle(path: string, moved: InputFiles = {}): Promise<Bundle> {
  const file = documentFile(path);
  const document = readReproducible(file);
  const directory = dirname(file);
  const scenario = await readScenario(directory, document);
  const files = await checkInputs(document, moved);
  const variants = ran(document, scenario);
  const commands = recordedCommands(directory, document);
  return { path: file, directory, document, scenario, files, variants, commands };
}

/** The numbers of the replications that a document is made of. */
export function replicationsOf(document: Reproducible): readonly number[] {
  if (document.schema === 'backlot.run/1') return [document.replication ?? 0];
  const { stopping, replications } = document as Partial<typeof document>;
  return stopping?.replications ?? Array.from({ length: replications ?? 0 }, (_, i) => i);
}

/** Whether odd replications mirror the draws of those before them. */
export function isAntithetic(document: Reproducible): boolean {
  if (document.schema === 'backlot.run/1') return false;
  return (document as Partial<typeof document>).varianceReduction?.isAntithetic ?? false;
}

/** The document's file in a directory, or the file itself.
 * @throws EngineError `RESULT_UNREADABLE`. */
export function documentFile(path: string): string {
  if (!existsSync(path)) throw unreadable(path, 'no such file or directory; name a result');
  if (!statSync(path).isDirectory()) return path;
  const name = DOCUMENT_FILES.find((one) => existsSync(join(path, one)));
  if (name !== undefined) return join(path, name);
  throw unreadable(path, `it holds no ${DOCUMENT_FILES.join(' and no ')}; name a result directory`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unreadable(path, 'it is no JSON; name the document of a run', cause);
  }
}

function readReproducible(path: string): Reproducible {
  const document = readJson(path) as Partial<Reproducible> | null;
  const schema = document?.schema;
  if (schema !== undefined && SCHEMAS.includes(schema)) return document as Reproducible;
  const found = schema === undefined ? 'no result' : JSON.stringify(schema);
  throw unreadable(path, `it is ${found}; give one of ${SCHEMAS.join(', ')}`);
}

async function readScenario(directory: string, document: Reproducible): Promise<Scenario> {
  const path = join(directory, SCENARIO_FILE);
  if (!existsSync(path)) {
    throw unreadable(path, 'no such file: a result is made again from it; run the scenario anew');
  }
  const recorded = document.proof?.scenarioSha256;
  const found = sha256(readFileSync(path, 'utf8'));
  if (recorded !== undefined && recorded !== found) {
    const rule = 'it is not the scenario that was run; run the scenario anew';
    throw changed(path, { recorded, found, rule });
  }
  return loadScenario(path);
}

async function checkInputs(document: Reproducible, moved: InputFiles): Promise<InputFiles> {
  const files: { -readonly [R in keyof InputFiles]: InputFiles[R] } = {};
  for (const { role, path: recordedPath, sha256: recorded } of document.proof?.inputs ?? []) {
    const path = moved[role] ?? recordedPath;
    if (!existsSync(path)) {
      const message =
        `${path}: the ${role} that the result was made from is not there; ` +
        `say with --${role} where it lies (SHA-256 ${recorded})`;
      throw new EngineError('INPUT_UNREADABLE', message, { path });
    }
    const [found] = await hashInputs({ [role]: path });
    if (found?.sha256 !== recorded) {
      const rule = `it is not the ${role} that was run; give that one with --${role}`;
      throw changed(path, { recorded, found: found?.sha256 ?? '', rule });
    }
    files[role] = path;
  }
  return files;
}

/** The command logs that the document tells of. */
function recordedCommands(directory: string, { proof }: Reproducible): CommandLogs {
  const logs = proof?.commands ?? [];
  for (const { subject, sha256: recorded } of logs) {
    const path = join(directory, commandLogName(subject));
    if (!existsSync(path)) {
      throw unreadable(path, 'no such file: the run was driven by it; without it, it is another');
    }
    const found = sha256(readFileSync(path, 'utf8'));
    if (found === recorded) continue;
    const rule = 'it is not the log of the run; put back the one that was recorded';
    throw changed(path, { recorded, found, rule });
  }
  return readCommandLogs(logs.map(({ subject }) => join(directory, commandLogName(subject))));
}

/** What the document's names stand for. */
function ran(document: Reproducible, scenario: Scenario): readonly Variant[] {
  const used = new Set<string>(document.architectures.map(({ architecture }) => architecture));
  const architectures: ArchitectureName[] = ARCHITECTURE_NAMES.filter((name) => used.has(name));
  const names = new Set(document.architectures.map(({ name }) => name));
  return variantsOf(scenario, architectures).filter(({ name }) => names.has(name));
}

function digestFile(directory: string, name: string): string {
  return join(directory, `digest-${name}.json`);
}

function changed(
  path: string,
  { recorded, found, rule }: { readonly recorded: string; readonly found: string; rule: string },
): EngineError {
  const [is, was] = [found, recorded].map((hash) => `${hash.slice(0, 16)}…`);
  const message = `${path}: SHA-256 ${is}, recorded ${was}; ${rule}`;
  return new EngineError('RESULT_INPUT_CHANGED', message, { path, recorded, found });
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  const message = `${path}: ${reason}`;
  return new EngineError('RESULT_UNREADABLE', message, { path }, { cause });
}
