/** The name of a file in event ids, so that many files share a warehouse. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { checkInputFile } from '../inputs/input-file.ts';
import { linesOfHead, readHead } from './file-head.ts';
import type { IngestFormat } from './rows.ts';

const KEY_LENGTH = 10;
/** Two, because all CSV files of one origin begin with the same line. */
const LINES_READ = 2;
/** The end of a Parquet file says how much of what is in it, and where. */
const FOOTER_BYTES = 65_536;

/** A hash of the file's base name and its first two lines: the same for a file that was zipped or
 * has grown since, another one for tomorrow's file of the same name. Parquet has no lines and does
 * not grow: there it is the end of the file and its size.
 * @throws EngineError `INPUT_UNREADABLE`. */
export async function fileKey(path: string, format?: IngestFormat): Promise<string> {
  const hash = createHash('sha256').update(basename(path).replace(/\.gz$/, ''));
  if (format === 'parquet') {
    const { bytes, sizeBytes } = footerOf(path);
    hash.update(`\n${sizeBytes}\n`).update(bytes);
  } else {
    for (const line of linesOfHead(await readHead(path), LINES_READ))
      hash.update('\n').update(line);
  }
  return hash.digest('hex').slice(0, KEY_LENGTH);
}

function footerOf(path: string) {
  const sizeBytes = checkInputFile(path);
  const bytes = Buffer.alloc(Math.min(FOOTER_BYTES, sizeBytes));
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, sizeBytes - bytes.length);
  } finally {
    closeSync(file);
  }
  return { bytes, sizeBytes };
}
