/** The entry of a worker thread: performs the tasks it is sent. Errors cross the thread border as
 * data, because structured cloning would strip their code; samples cross it as JSON, which is what
 * journals hold, so that a sample made and one found are the same to the bit. Inputs come as shared
 * memory and are decoded once a worker. */
import { deserialize, serialize } from 'node:v8';
import { EngineError } from '../kernel/errors.ts';
import { sampleOf } from './campaign/sample-of.ts';
import type { RunFigures } from './results/summarise.ts';
import { performRun, type RunTask } from './run-task.ts';

/** What a worker answers. */
export type WorkerAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CarriedError };

/** An error as it crosses the border. */
export interface CarriedError {
  readonly code: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly details: unknown;
}

/** What tasks of one campaign have in common, and is large. */
export type TaskInputs = Pick<RunTask, 'catalogue' | 'arrivals'>;

/** Inputs packed once for all threads. */
export interface PackedInputs {
  /** Names the content. */
  readonly key: string;
  readonly bytes: SharedArrayBuffer;
}

/** A task whose inputs come packed. */
export interface PackedTask {
  readonly task: Omit<RunTask, keyof TaskInputs>;
  readonly inputs: PackedInputs;
}

/** Inputs that a thread keeps decoded: a sweep that varies them goes through few at a time. */
const KEPT_INPUTS = 4;

const decoded = new Map<string, TaskInputs>();

/** Packs inputs. @param key - Names their content: the same key, the same inputs. */
export function packInputs(key: string, { catalogue, arrivals }: TaskInputs): PackedInputs {
  const flat = serialize({ catalogue, arrivals });
  const bytes = new SharedArrayBuffer(flat.byteLength);
  new Uint8Array(bytes).set(flat);
  return { key, bytes };
}

/** Performs one task. @returns its figures. */
export function perform(task: RunTask): Promise<WorkerAnswer<RunFigures>> {
  return answerOf(() => performRun(task));
}

/** Performs one task of a campaign. @returns its sample, as JSON. */
export function sample({ task, inputs }: PackedTask): Promise<WorkerAnswer<string>> {
  return answerOf(() => sampleText({ ...task, ...unpacked(inputs) }));
}

/** The sample of a task, as JSON. @throws EngineError as runs do. Cost: one run. */
export async function sampleText(task: RunTask): Promise<string> {
  const figures = await performRun({ ...task, isSample: true });
  return JSON.stringify(sampleOf(figures, task.replication));
}

/** What work comes to, as it crosses the border. */
export async function answerOf<T>(work: () => Promise<T>): Promise<WorkerAnswer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof EngineError ? error.code : undefined;
    const details = error instanceof EngineError ? error.details : undefined;
    return { ok: false, error: { code, message, stack, details } };
  }
}

function unpacked({ key, bytes }: PackedInputs): TaskInputs {
  const known = decoded.get(key);
  if (known !== undefined) return known;
  const [oldest] = decoded.keys();
  if (oldest !== undefined && decoded.size >= KEPT_INPUTS) decoded.delete(oldest);
  // A copy: V8's reader takes no shared memory.
  const inputs = deserialize(new Uint8Array(bytes).slice()) as TaskInputs;
  decoded.set(key, inputs);
  return inputs;
}
