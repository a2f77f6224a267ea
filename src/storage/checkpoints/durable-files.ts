/** The few things a sink does with files, each of which is on the disk when it returns. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Files of one folder. Names have no separators. */
export interface FolderFiles {
  /** Writes a whole file, replacing one that is there. Not atomic: a crash can leave half of it. */
  write(name: string, text: string): void;
  /** Atomic; replaces what is there. */
  rename(from: string, to: string): void;
  remove(name: string): void;
  /** Names, ascending by code units. */
  list(): readonly string[];
}

/** Opens a folder, making it where it is missing: with its name on the disk, and those of the
 * folders above it that had to be made too. */
export function openFolder(folder: string): FolderFiles {
  const first = mkdirSync(folder, { recursive: true });
  const highest = dirname(resolve(first ?? folder));
  for (let one = dirname(resolve(folder)); ; one = dirname(one)) {
    syncNames(one);
    if (one === highest) break;
  }
  const syncFolder = () => syncNames(folder);
  return {
    write(name, text) {
      const handle = openSync(join(folder, name), 'w');
      try {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      syncFolder();
    },
    rename(from, to) {
      renameSync(join(folder, from), join(folder, to));
      syncFolder();
    },
    remove(name) {
      unlinkSync(join(folder, name));
      syncFolder();
    },
    list: () => readdirSync(folder).sort(),
  };
}

function syncNames(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
