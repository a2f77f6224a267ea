/** What a result says of what it was made of, so that it can be made again: hashes of the scenario
 * and of the input files, and versions. Users' files are named and hashed, never copied.
 * Spec: E350, E351. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { EngineError } from '../../kernel/errors.ts';
import { type Scenario, scenarioSchema } from '../scenario/schema.ts';

/** What a result was made of. */
export interface Proof {
  /** Of {@link canonicalScenario}, hexadecimal. */
  readonly scenarioSha256: string;
  /** Of the files that replaced built-in inputs. */
  readonly inputs: readonly InputHash[];
  /** Digests hold for one major version of Node: ECMAScript leaves logarithms to the engine. */
  readonly nodeMajor: number;
  /** Of the command logs, where somebody drove the run. */
  readonly commands?: readonly { readonly subject: string; readonly sha256: string }[];
}

/** What an input file stands for. */
export type InputRole = 'catalogue' | 'arrivals';

/** An input file, by its content. */
export interface InputHash {
  readonly role: InputRole;
  /** As it was given. */
  readonly path: string;
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

/** The scenario as JSON, defaults filled in, its seed the one that was run. Fields stand in the
 * schema's order; records keep their own, which has a meaning: who comes first in
 * `audience.countries` takes the first part of a uniform. Ends with a line break. */
export function canonicalScenario(scenario: Scenario): string {
  return `${JSON.stringify(scenarioSchema.parse(scenario), null, 2)}\n`;
}

/** The proof of a result. */
export function proofOf(scenario: Scenario, inputs: readonly InputHash[]): Proof {
  return {
    scenarioSha256: sha256(canonicalScenario(scenario)),
    inputs,
    nodeMajor: Number(process.versions.node.split('.')[0]),
  };
}

/** Hashes the input files that are given. @throws EngineError `INPUT_UNREADABLE`. */
export async function hashInputs(
  files: Readonly<Partial<Record<InputRole, string | undefined>>>,
): Promise<readonly InputHash[]> {
  const hashes: InputHash[] = [];
  for (const role of ['catalogue', 'arrivals'] as const) {
    const path = files[role];
    if (path !== undefined) hashes.push({ role, path, sha256: await sha256OfFile(path) });
  }
  return hashes;
}

/** SHA-256 in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (cause) {
    const message = `${path}: it cannot be read; give a readable file`;
    throw new EngineError('INPUT_UNREADABLE', message, { path }, { cause });
  }
  return hash.digest('hex');
}
