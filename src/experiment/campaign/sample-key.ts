/** What a sample is known by: a hash of everything that decides it. The same key means the same
 * sample, whoever made it, on whichever machine. */
import { createHash } from 'node:crypto';
import type { RunTask } from '../run-task.ts';
import { PACKAGE_VERSION } from '../version.ts';

const KEY_LENGTH = 32;

/** The key of a task's sample.
 * @param inputsDigest - Of catalogue and arrivals, by {@link contentHash}. Spec: E150. */
export function sampleKey(
  task: Pick<RunTask, 'scenario' | 'architecture' | 'name' | 'replication' | 'isAntithetic'>,
  inputsDigest: string,
): string {
  const { scenario, architecture, replication, isAntithetic = false } = task;
  return contentHash({
    backlot: PACKAGE_VERSION,
    node: nodeMajor(),
    scenario,
    architecture,
    name: task.name ?? architecture,
    replication,
    isAntithetic,
    inputs: inputsDigest,
  });
}

/** Node's major version: mathematical functions may differ between them, and so may digests. */
export function nodeMajor(): string {
  return process.version.split('.')[0] ?? process.version;
}

/** SHA-256 of a value's canonical JSON, as 32 hexadecimal digits. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, KEY_LENGTH);
}

/** JSON with the keys of objects in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const entries = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries);
  });
}
