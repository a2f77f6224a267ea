/** The sink of files in two phases: every operation fails, once and for good, in a job that aborts
 * a checkpoint and goes on; the power goes before every operation. Spec: S324, S325. */
import { describe, expect, it } from 'vitest';
import type { SavedCheckpoint } from '../../../src/domain/checkpoint-ports.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import type { FolderFiles } from '../../../src/storage/checkpoints/durable-files.ts';
import { createStagedFileSink } from '../../../src/storage/checkpoints/staged-file-sink.ts';
import { allTroubles, Refuser, type Trouble } from './refusing.ts';

const EPOCHS = 5;
const ROWS = 2;

type Row = { readonly id: string };

/** A folder as the port promises one: what returned is on the disk. An operation that fails did
 * none, half or all of what it was to do. */
class Folder implements FolderFiles {
  readonly names = new Map<string, string>();
  refuser = new Refuser();
  /** 0, 0.5 or 1. */
  readonly doneOfFailed: number;

  constructor(doneOfFailed: number) {
    this.doneOfFailed = doneOfFailed;
  }

  write(name: string, text: string): void {
    this.#do('write', (share) => {
      if (share > 0) this.names.set(name, text.slice(0, Math.floor(text.length * share)));
    });
  }

  rename(from: string, to: string): void {
    this.#do('rename', (share) => {
      if (share < 1) return;
      this.names.set(to, this.names.get(from) ?? '');
      this.names.delete(from);
    });
  }

  remove(name: string): void {
    this.#do('unlink', (share) => {
      if (share === 1) this.names.delete(name);
    });
  }

  list(): readonly string[] {
    this.#do('scandir', () => {});
    return [...this.names.keys()].sort();
  }

  #do(call: string, act: (share: number) => void): void {
    const error = this.refuser.next(call);
    act(error === undefined ? 1 : this.doneOfFailed);
    if (error !== undefined) throw error;
  }
}

/** A job: its rows, and the store that decides. */
interface Job {
  readonly folder: Folder;
  readonly saved: SavedCheckpoint[];
  /** Rows told by the source so far that a checkpoint has completed. */
  completedRows: number;
  readonly wrong: string[];
}

const sinkOf = ({ folder }: Job) => createStagedFileSink<Row>({ folder: 'rows', files: folder });

/** Ours, or it is noted. @returns whether it went well. */
function attempt(job: Job, act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) job.wrong.push(`not ours: ${String(error)}`);
    return false;
  }
}

/** Goes on from an epoch, each with two rows. A checkpoint that is not complete is aborted, and its
 * rows come with the next. */
function runEpochs(
  job: Job,
  sink: ReturnType<typeof sinkOf>,
  { from, dies }: { readonly from: number; readonly dies: boolean },
): void {
  for (let epoch = from; epoch < EPOCHS; epoch += 1) {
    for (let n = 0; n < ROWS; n += 1) sink.write({ id: `${epoch}-${n}` });
    const checkpoint = epoch + 1;
    let isDone = false;
    const isWritten = attempt(job, () =>
      sink.preCommit(checkpoint, ({ kind }) => {
        isDone = kind === 'done';
      }),
    );
    if (!isWritten && dies) return;
    if (!isDone) continue;
    job.saved.push({ checkpoint, text: '' });
    job.completedRows = checkpoint * ROWS;
    if (!attempt(job, () => sink.commit(checkpoint)) && dies) return;
  }
}

function shown({ folder }: Job): readonly string[] {
  const names = [...folder.names.keys()].filter((name) => name.startsWith('part-')).sort();
  return names.flatMap((name) =>
    (folder.names.get(name) ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as Row).id),
  );
}

const allRows = Array.from({ length: EPOCHS * ROWS }, (_, i) => `${Math.floor(i / 2)}-${i % 2}`);

/** Runs, then recovers as the next process does, twice, and goes on to the end. */
function judged(trouble: Trouble, doneOfFailed: number): readonly string[] {
  const job: Job = { folder: new Folder(doneOfFailed), saved: [], completedRows: 0, wrong: [] };
  job.folder.refuser = new Refuser(trouble);
  runEpochs(job, sinkOf(job), { from: 0, dies: trouble.kind === 'dies' });
  job.folder.refuser = new Refuser();
  const last = job.saved.at(-1)?.checkpoint ?? 0;
  for (let times = 1; times <= 2; times += 1) {
    sinkOf(job).recover(last);
    const found = shown(job).join();
    const wanted = allRows.slice(0, job.completedRows).join();
    if (found !== wanted) job.wrong.push(`recovery ${times} shows ${found} instead of ${wanted}`);
  }
  const sink = sinkOf(job);
  sink.recover(last);
  runEpochs(job, sink, { from: last, dies: false });
  if (shown(job).join() !== allRows.join()) job.wrong.push(`in the end it shows ${shown(job)}`);
  return job.wrong.map((one) => `${JSON.stringify(trouble)}, done ${doneOfFailed}: ${one}`);
}

const operations = (() => {
  const job: Job = { folder: new Folder(1), saved: [], completedRows: 0, wrong: [] };
  runEpochs(job, sinkOf(job), { from: 0, dies: false });
  return job.folder.refuser.operations;
})();

describe('staged files on a disk that refuses', () => {
  it.each([0, 0.5, 1])('S324 any operation, having done %d of it: each row shows once', (done) => {
    expect(allTroubles(operations).flatMap((trouble) => judged(trouble, done))).toEqual([]);
    expect(operations).toBe(EPOCHS * 4);
  });
});

describe('staged files when the process or the power goes', () => {
  it.each([0, 0.5, 1])('S325 before any operation, having done %d of it: each row once', (done) => {
    const deaths = Array.from({ length: operations }, (_, at) => ({
      at,
      kind: 'dies' as const,
      code: 'EIO' as const,
    }));
    expect(deaths.flatMap((trouble) => judged(trouble, done))).toEqual([]);
  });
});
