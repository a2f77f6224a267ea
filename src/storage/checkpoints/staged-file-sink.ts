/** A sink of NDJSON files: an epoch becomes a pending file when its barrier comes, and a file with
 * its checkpoint's number once that checkpoint is complete. Readers see complete files only.
 * Spec: W123. */
import type { CheckpointSink } from '../../domain/checkpoint-ports.ts';
import { EngineError } from '../../kernel/errors.ts';
import { systemCodeOf } from '../log/log-files.ts';
import { type FolderFiles, openFolder } from './durable-files.ts';

/** Options of {@link createStagedFileSink}. */
export interface StagedFileOptions {
  /** Of this sink alone. */
  readonly folder: string;
  /** Default: the disk. */
  readonly files?: FolderFiles;
}

const DIGITS = 10;
const COMMITTED = /^part-(\d{10})\.ndjson$/;
const PENDING = /^\.part-(\d{10})\.pending$/;

/** Makes the sink. Rows of the open epoch are in memory; an epoch without rows makes no file.
 * @throws EngineError `STORAGE_UNWRITABLE`, as do its functions. */
export function createStagedFileSink<Row>(options: StagedFileOptions): CheckpointSink<Row> {
  const { folder } = options;
  const files = options.files ?? storing(folder, () => openFolder(folder));
  let lines: string[] = [];
  /** Files whose writing failed: their rows are still in `lines`. */
  const broken = new Set<string>();
  const show = (upTo: number) => {
    for (const { name, checkpoint } of filesLike(files, PENDING)) {
      if (checkpoint <= upTo && !broken.has(name)) {
        files.rename(name, `part-${padded(checkpoint)}.ndjson`);
      }
    }
  };
  // A process after this one could not tell them from whole ones: before a checkpoint can be
  // complete that would show them, they are gone.
  const removeBroken = () => {
    const there = new Set(files.list());
    for (const name of broken) {
      if (there.has(name)) files.remove(name);
      broken.delete(name);
    }
  };
  return {
    write(row) {
      lines.push(`${JSON.stringify(row)}\n`);
    },
    preCommit(checkpoint, answer) {
      storing(folder, () => {
        removeBroken();
        if (lines.length === 0) return;
        const name = `.part-${padded(checkpoint)}.pending`;
        broken.add(name);
        files.write(name, lines.join(''));
        broken.delete(name);
      });
      lines = [];
      answer({ kind: 'done' });
    },
    commit: (upTo) => storing(folder, () => show(upTo)),
    recover: (lastCompleted) =>
      storing(folder, () => {
        const [newest] = filesLike(files, COMMITTED).reverse();
        if (newest !== undefined && newest.checkpoint > lastCompleted) {
          throw newerFiles(folder, newest.name, lastCompleted);
        }
        lines = [];
        removeBroken();
        show(lastCompleted);
        for (const { name } of filesLike(files, PENDING)) files.remove(name);
      }),
  };
}

function filesLike(files: FolderFiles, pattern: RegExp) {
  return files.list().flatMap((name) => {
    const [, digits] = pattern.exec(name) ?? [];
    return digits === undefined ? [] : [{ name, checkpoint: Number(digits) }];
  });
}

function padded(checkpoint: number): string {
  return String(checkpoint).padStart(DIGITS, '0');
}

function newerFiles(folder: string, name: string, lastCompleted: number): EngineError {
  const problem =
    `${folder}: ${name} is of a later checkpoint than ${lastCompleted}, the last one that the ` +
    'store knows; give the store that belongs to these files, or an empty folder';
  return new EngineError('SNAPSHOT_REFUSED', problem, { problems: [problem] });
}

/** What the file system throws becomes ours; nothing else does. */
function storing<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (systemCodeOf(cause) === undefined) throw cause;
    const told = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      'STORAGE_UNWRITABLE',
      `${folder}: it cannot be written (${told}); make room or mend it, then try again`,
      { path: folder },
      { cause },
    );
  }
}
