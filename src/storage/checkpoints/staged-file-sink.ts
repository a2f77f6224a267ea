/** A sink of NDJSON files: an epoch becomes a pending file when its barrier comes, and a file with
 * its checkpoint's number once that checkpoint is complete. Readers see complete files only.
 * Spec: W123. */
import type { CheckpointSink } from '../../domain/checkpoint-ports.ts';
import { EngineError } from '../../kernel/errors.ts';
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

/** Makes the sink. Rows of the open epoch are in memory; an epoch without rows makes no file. */
export function createStagedFileSink<Row>(options: StagedFileOptions): CheckpointSink<Row> {
  const files = options.files ?? openFolder(options.folder);
  let lines: string[] = [];
  const show = (upTo: number) => {
    for (const { name, checkpoint } of filesLike(files, PENDING)) {
      if (checkpoint <= upTo) files.rename(name, `part-${padded(checkpoint)}.ndjson`);
    }
  };
  return {
    write(row) {
      lines.push(`${JSON.stringify(row)}\n`);
    },
    preCommit(checkpoint, answer) {
      if (lines.length > 0) files.write(`.part-${padded(checkpoint)}.pending`, lines.join(''));
      lines = [];
      answer({ kind: 'done' });
    },
    commit: show,
    recover(lastCompleted) {
      const [newest] = filesLike(files, COMMITTED).reverse();
      if (newest !== undefined && newest.checkpoint > lastCompleted) {
        throw newerFiles(options.folder, newest.name, lastCompleted);
      }
      lines = [];
      show(lastCompleted);
      for (const { name } of filesLike(files, PENDING)) files.remove(name);
    },
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
