/** A corpus: a directory of counterexamples, one small JSON file each, which are run before
 * anything is drawn. One that passes stays: from then on it is a regression test. Files are written
 * whole or not at all. Spec: T102. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { canonicalJson } from '../../streams/checkpoints/canonical-json.ts';
import { type CheckKind, checkSum, type Replay } from '../story/replay-token.ts';

const SCHEMA = 'backlot.counterexample/1';

/** A counterexample that is kept. */
export interface CorpusEntry extends Replay {
  readonly file: string;
}

/** Counterexamples of one check, by name of file. A directory that is not there is empty.
 * @throws EngineError `TESTING_CORPUS_UNREADABLE` with the file that is none. */
export function readCorpus(
  directory: string,
  { kind, name }: { readonly kind: CheckKind; readonly name: string },
): readonly CorpusEntry[] {
  return namesIn(directory)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => readEntry(join(directory, file)))
    .filter((entry) => entry.kind === kind && entry.name === name);
}

/** Keeps a counterexample. The same one is kept once. @returns the file.
 * @throws EngineError `TESTING_CORPUS_UNREADABLE` where it cannot be written. */
export function keepInCorpus(
  directory: string,
  counterexample: Replay & { readonly finding: string; readonly seed: number },
): string {
  const { kind, name, property, input, finding, seed } = counterexample;
  const hash = checkSum(canonicalJson({ kind, name, property, input })).slice(0, 8);
  const file = join(directory, `${fileName(name)}-${fileName(property)}-${hash}.json`);
  const document = { schema: SCHEMA, kind, name, property, finding, seed, input };
  try {
    mkdirSync(directory, { recursive: true });
    const pending = `${file}.${process.pid}.pending`;
    writeFileSync(pending, `${JSON.stringify(document, null, 2)}\n`, { flush: true });
    try {
      renameSync(pending, file);
    } catch (cause) {
      rmSync(pending, { force: true });
      throw cause;
    }
  } catch (cause) {
    throw unreadable(file, 'it cannot be written', cause);
  }
  return file;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(directory, 'it cannot be listed', cause);
  }
}

function readEntry(file: string): CorpusEntry {
  let found: Partial<CorpusEntry & { readonly schema: string }>;
  try {
    found = JSON.parse(readFileSync(file, 'utf8')) ?? {};
  } catch (cause) {
    throw unreadable(file, 'it is no JSON', cause);
  }
  const { schema, kind, name, property, input } = found;
  const isWhole = kind !== undefined && name !== undefined && property !== undefined;
  if (schema !== SCHEMA || !isWhole || input === undefined) {
    throw unreadable(file, `it is no ${SCHEMA}`);
  }
  return { kind, name, property, input: input as PlainValue, file };
}

function fileName(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'unnamed' : name.slice(0, 60);
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  const message = `corpus ${path}: ${reason}; mend the file, or delete it`;
  return new EngineError('TESTING_CORPUS_UNREADABLE', message, { path, reason }, { cause });
}
