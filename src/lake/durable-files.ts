/** Files that appear whole: written beside, flushed to the disk, renamed, and the folders that they
 * lie in flushed as well, up to the lake's own. Each step that a crash could follow is told
 * beforehand, so that tests can crash there. Spec: S326. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Told before each step that changes the disk; what it throws stops the work there. */
export type StepListener = (step: string) => void;

/** What a lake does to a file system, so that a test can fill the disk or take its power away.
 * Calls throw what Node throws. Reading is left to Node and DuckDB. */
export interface LakeFiles {
  /** Makes a folder and those above it. @returns the highest one that it made, if any. */
  makeFolder(path: string): string | undefined;
  /** Writes a text file, replacing what is there; a crash can leave any part of it. */
  write(path: string, text: string): void;
  /** As `write`, where somebody else writes: DuckDB. */
  writeBy(path: string, write: () => Promise<unknown>): Promise<void>;
  /** Returns once a file's bytes, or a folder's names, are on the disk. */
  flush(path: string): void;
  /** Replaces what is there. */
  rename(from: string, to: string): void;
  /** Without such a file it does nothing. */
  remove(path: string): void;
}

/** What a file is called until it is whole. */
export const PARTIAL_SUFFIX = '.partial';

/** The file system of this machine. */
export const NODE_LAKE_FILES: LakeFiles = {
  makeFolder: (path) => mkdirSync(path, { recursive: true }),
  write: (path, text) => writeFileSync(path, text),
  async writeBy(_path, write) {
    await write();
  },
  flush(path) {
    const file = openSync(path, 'r');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },
  rename: renameSync,
  remove(path) {
    try {
      unlinkSync(path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    }
  },
};

/** The files of one lake. */
export class DurableFiles {
  readonly #root: string;
  readonly #files: LakeFiles;
  readonly #onStep: StepListener;
  /** Folders whose names, and those of all above them, are known to be on the disk. */
  readonly #known = new Set<string>();

  constructor(root: string, files: LakeFiles, onStep: StepListener) {
    this.#root = resolve(root);
    this.#files = files;
    this.#onStep = onStep;
  }

  /** Makes the lake's own folder.
   * @param isNew - Whether nothing was ever committed to it: then a crash may have come between
   * making it and this. */
  makeRoot(isNew: () => boolean): void {
    const first = this.#files.makeFolder(this.#root);
    if (first !== undefined) this.#flushUpTo(dirname(resolve(first)), dirname(this.#root));
    else if (isNew()) this.#files.flush(dirname(this.#root));
    this.#known.add(this.#root);
  }

  /** Writes a text file whole or not at all. */
  write(path: string, text: string): void {
    this.#onStep(`write ${path}`);
    this.#files.write(path + PARTIAL_SUFFIX, text);
    this.#publish(path);
  }

  /** The same for a file that somebody else writes. */
  async writeBy(path: string, write: (partial: string) => Promise<unknown>): Promise<void> {
    this.#onStep(`write ${path}`);
    const partial = path + PARTIAL_SUFFIX;
    this.#makeFolder(dirname(resolve(path)));
    try {
      await this.#files.writeBy(partial, () => write(partial));
    } catch (error) {
      this.#tryToRemove(partial);
      throw error;
    }
    this.#publish(path);
  }

  /** Removes a file that nothing speaks of any more. */
  remove(path: string): void {
    this.#onStep(`remove ${path}`);
    this.#files.remove(path);
  }

  /** What stays is overwritten by the next try, or swept when the lake is opened. */
  #tryToRemove(partial: string): void {
    try {
      this.#files.remove(partial);
    } catch {
      // Told by the error that made us remove it.
    }
  }

  /** Gives a written file its name: after this it survives a crash of the machine. */
  #publish(path: string): void {
    this.#onStep(`flush ${path}`);
    this.#files.flush(path + PARTIAL_SUFFIX);
    this.#onStep(`rename ${path}`);
    this.#files.rename(path + PARTIAL_SUFFIX, path);
    this.#files.flush(dirname(path));
  }

  /** A folder that is there may be one that a dead process made and never flushed: so each is
   * flushed into the one above it once, whoever made it. */
  #makeFolder(folder: string): void {
    if (this.#known.has(folder)) return;
    this.#files.makeFolder(folder);
    this.#flushUpTo(this.#root, dirname(folder));
    for (let one = folder; !this.#known.has(one); one = dirname(one)) this.#known.add(one);
  }

  /** From the lowest to the highest: a name that is on the disk leads somewhere. */
  #flushUpTo(highest: string, lowest: string): void {
    for (let one = lowest; ; one = dirname(one)) {
      this.#files.flush(one);
      if (one === highest || one === dirname(one)) return;
    }
  }
}

/** All files below a folder, as paths relative to it, sorted by code units; `/` between parts. */
export function filesBelow(folder: string): readonly string[] {
  const found: string[] = [];
  const visit = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else found.push(relative(folder, path).replaceAll('\\', '/'));
    }
  };
  visit(folder);
  return found.sort();
}
