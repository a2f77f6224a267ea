/** The name of a file in event ids, so that many files share a warehouse. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { readLines } from '../inputs/input-file.ts';

const KEY_LENGTH = 10;
/** Two, because all CSV files of one origin begin with the same line. */
const LINES_READ = 2;

/** A hash of the file's base name and its first two lines: the same for a file that was zipped or
 * has grown since, another one for tomorrow's file of the same name.
 * @throws EngineError `INPUT_UNREADABLE`. */
export async function fileKey(path: string): Promise<string> {
  const hash = createHash('sha256').update(basename(path).replace(/\.gz$/, ''));
  let count = 0;
  for await (const line of readLines(path)) {
    hash.update('\n').update(line);
    count += 1;
    if (count === LINES_READ) break;
  }
  return hash.digest('hex').slice(0, KEY_LENGTH);
}
