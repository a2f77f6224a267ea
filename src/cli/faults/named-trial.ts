/** The trial that `--replay` names: a token, or a file. */
import { promises } from 'node:fs';
import { EngineError } from '../../kernel/errors.ts';
import { replayToken } from '../../testing/story/replay-token.ts';
import type { Trial } from '../../testing/trial/trial.ts';

/** A trial, and the invariant that it is about where it was kept for one. */
export interface NamedTrial {
  readonly trial: Trial;
  readonly invariant: string | undefined;
}

/** How tokens begin. */
const TOKEN = 'bl1.';
const TRIAL = 'backlot.trial/1';
const COUNTEREXAMPLE = 'backlot.counterexample/1';
const KINDS: readonly unknown[] = ['trial', 'architecture'];

/** Finds it: a token of a campaign or of `checkArchitecture`, a file of a corpus, or a trial as
 * JSON. @throws EngineError `CLI_USAGE`, `TESTING_BAD_TOKEN`. */
export async function trialNamed(named: string): Promise<NamedTrial> {
  const found = named.startsWith(TOKEN) ? replayToken(named) : await documentIn(named);
  const { kind, property, input, schema } = found as Record<string, unknown>;
  if (schema === TRIAL) return { trial: found as unknown as Trial, invariant: undefined };
  const isKept = schema === undefined || schema === COUNTEREXAMPLE;
  const trial = input as Trial | undefined;
  if (isKept && KINDS.includes(kind) && trial?.schema === TRIAL) {
    return { trial, invariant: String(property) };
  }
  throw noTrial('it is of another kind', undefined);
}

async function documentIn(path: string): Promise<object> {
  try {
    const document: unknown = JSON.parse(await promises.readFile(path, 'utf8'));
    if (typeof document === 'object' && document !== null) return document;
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code !== 'ENOENT';
    throw noTrial(isThere ? `${path} is no JSON` : `there is no file ${path}`, cause);
  }
  throw noTrial(`${path} is no document`, undefined);
}

function noTrial(why: string, cause: unknown): EngineError {
  const message =
    `--replay names no trial: ${why}; give a token, a file of a corpus, or a file with a trial ` +
    `(${TRIAL}) as JSON`;
  return new EngineError('CLI_USAGE', message, { argument: '--replay' }, { cause });
}
