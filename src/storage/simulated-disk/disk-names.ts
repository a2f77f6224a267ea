/** The names of a disk: which folders and files there are now, which are sure to be there after a
 * loss of power, and the changes between the two. A name is safe once its folder was synced, not
 * when its file was. Spec: S302. */
import type { DiskFile } from './disk-file.ts';

/** What a name stands for. */
export type DiskNode = DiskFile | 'folder';

interface NameChange {
  readonly folder: string;
  readonly path: string;
  /** Together or not at all: a renaming takes one name away and gives another. */
  readonly sets: readonly (readonly [path: string, node: DiskNode | undefined])[];
}

/** The names. */
export class DiskNames {
  #now = new Map<string, DiskNode>();
  #synced = new Map<string, DiskNode>();
  #unsynced: NameChange[] = [];

  get(path: string): DiskNode | undefined {
    return path === '' || path === '.' ? 'folder' : this.#now.get(path);
  }

  /** Files and folders in a folder, in code unit order. */
  list(folder: string): readonly string[] {
    const inside = [...this.#now.keys()].filter((path) => folderOf(path) === folder);
    return inside.map((path) => path.slice(path.lastIndexOf('/') + 1)).sort();
  }

  set(path: string, node: DiskNode | undefined): void {
    this.#change({ folder: folderOf(path), path, sets: [[path, node]] });
  }

  /** Takes the place of what is there under the other name. */
  rename(from: string, to: string): void {
    const sets = [
      [from, undefined],
      [to, this.#now.get(from)],
    ] as const;
    this.#change({ folder: folderOf(to), path: to, sets });
  }

  syncFolder(folder: string): void {
    this.#unsynced = this.#unsynced.filter((change) => {
      if (change.folder !== folder) return true;
      put(this.#synced, change);
      return false;
    });
  }

  /** The power went. What lies in a folder whose own name is gone is gone with it. */
  losePower(happened: (path: string) => boolean): void {
    for (const change of this.#unsynced) if (happened(change.path)) put(this.#synced, change);
    this.#unsynced = [];
    for (const path of [...this.#synced.keys()].sort()) {
      const folder = folderOf(path);
      if (folder !== '' && !this.#synced.has(folder)) this.#synced.delete(path);
    }
    this.#now = new Map(this.#synced);
  }

  /** All files, in code unit order of their paths. */
  files(): readonly (readonly [path: string, file: DiskFile])[] {
    return [...this.#now.keys()].sort().flatMap((path) => {
      const node = this.#now.get(path);
      return node === undefined || node === 'folder' ? [] : [[path, node] as const];
    });
  }

  #change(change: NameChange): void {
    put(this.#now, change);
    this.#unsynced.push(change);
  }
}

/** The folder that a path lies in; the empty text is the root, which is always there. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function put(names: Map<string, DiskNode>, { sets }: NameChange): void {
  for (const [path, node] of sets) {
    if (node === undefined) names.delete(path);
    else names.set(path, node);
  }
}
