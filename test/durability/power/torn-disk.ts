/** What a loss of power can leave of a folder, from what was done to it: bytes are safe once their
 * file was synced, names once their folder was, and anything else is there or not, each change for
 * itself. It is stricter than most file systems: syncing a file keeps no name, and changes that
 * came later may be there without earlier ones. Spec: S325. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One thing done to a folder. Paths are relative to it, '' is the folder itself. */
export type DiskChange =
  | { readonly kind: 'folder' | 'create' | 'remove'; readonly path: string }
  | { readonly kind: 'rename' | 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'copy'; readonly path: string; readonly to: string }
  | { readonly kind: 'truncate'; readonly path: string; readonly sizeBytes: number }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly position: number;
      readonly bytes: Buffer;
    }
  /** Not done to the folder: a step was acknowledged. */
  | { readonly kind: 'acknowledged' };

/** What is asked of each change that was not synced. */
export interface Unsynced {
  readonly kind: 'write' | 'truncate' | 'name';
}

/** Decides what is there of a change: nothing (0), the first part, all (1), or, of a write, zeros
 * in its place (−1): the file had become longer, its bytes had not come yet. */
export type Fate = (change: Unsynced, index: number) => number;

type NamingChange = Extract<
  DiskChange,
  { kind: 'folder' | 'create' | 'remove' | 'rename' | 'link' }
>;
type DataChange = Extract<DiskChange, { kind: 'write' | 'truncate' }>;

interface Inode {
  readonly synced: Buffer;
  readonly now: Buffer;
  readonly unsynced: readonly DataChange[];
}

type Node = { inode: Inode } | 'folder';

interface NameChange {
  readonly folder: string;
  readonly sets: readonly (readonly [path: string, node: Node | undefined])[];
}

/** A folder and what was done to it so far. */
export class TornDisk {
  readonly #now = new Map<string, Node>();
  readonly #synced = new Map<string, Node>();
  #unsynced: NameChange[] = [];

  /** Does one thing more. Making a file that is there does nothing. */
  apply(change: DiskChange): void {
    if (change.kind === 'acknowledged') return;
    if (change.kind === 'sync') this.#sync(change.path);
    else if (change.kind === 'copy') this.#copy(change.path, change.to);
    else if (change.kind === 'write' || change.kind === 'truncate') this.#write(change);
    else this.#name(change);
  }

  /** Writes what is left when the power goes now into an empty folder. @returns how many changes
   * were at stake. */
  losePower(into: string, fate: Fate): number {
    let index = 0;
    const names = new Map(this.#synced);
    for (const { sets } of this.#unsynced) {
      const isThere = fate({ kind: 'name' }, index) >= 0.5;
      index += 1;
      if (isThere) put(names, sets);
    }
    for (const path of [...names.keys()].sort()) {
      const node = names.get(path);
      // What lies in a folder whose own name is gone is gone with it.
      const isLost = folderOf(path) !== '' && names.get(folderOf(path)) !== 'folder';
      if (node === undefined || isLost) names.delete(path);
      else if (node === 'folder') mkdirSync(join(into, path), { recursive: true });
      else
        writeFileSync(
          join(into, path),
          leftOf(node.inode, () => [fate, index++]),
        );
    }
    return index;
  }

  #name(change: NamingChange): void {
    if (change.kind === 'create' && this.#now.has(change.path)) return;
    const sets = this.#setsOf(change);
    this.#unsynced.push({ folder: folderOf('to' in change ? change.to : change.path), sets });
    put(this.#now, sets);
  }

  #setsOf(change: NamingChange): NameChange['sets'] {
    const { kind, path } = change;
    if (change.kind === 'rename' || change.kind === 'link') {
      const taken: NameChange['sets'] = [[change.to, this.#now.get(path)]];
      return kind === 'link' ? taken : [[path, undefined], ...taken];
    }
    if (kind === 'remove') return [[path, undefined]];
    return [[path, kind === 'folder' ? 'folder' : freshFile()]];
  }

  #sync(path: string): void {
    const node = path === '' ? 'folder' : this.#now.get(path);
    if (node === 'folder') {
      this.#unsynced = this.#unsynced.filter(({ folder, sets }) => {
        if (folder === path) put(this.#synced, sets);
        return folder !== path;
      });
    } else if (node !== undefined) {
      node.inode = { synced: node.inode.now, now: node.inode.now, unsynced: [] };
    }
  }

  #write(change: DataChange): void {
    const node = this.#now.get(change.path);
    if (node === undefined || node === 'folder') throw new Error(`no file ${change.path}`);
    const { synced, now, unsynced } = node.inode;
    node.inode = { synced, now: withChange(now, change), unsynced: [...unsynced, change] };
  }

  #copy(from: string, to: string): void {
    const source = this.#now.get(from);
    if (source === undefined || source === 'folder') throw new Error(`no file ${from}`);
    this.#write({ kind: 'write', path: to, position: 0, bytes: source.inode.now });
  }
}

function freshFile(): Node {
  return { inode: { synced: Buffer.alloc(0), now: Buffer.alloc(0), unsynced: [] } };
}

function put(names: Map<string, Node>, sets: NameChange['sets']): void {
  for (const [path, node] of sets) {
    if (node === undefined) names.delete(path);
    else names.set(path, node);
  }
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

function leftOf({ synced, unsynced }: Inode, next: () => [Fate, number]): Buffer {
  let left = synced;
  for (const change of unsynced) {
    const [fate, index] = next();
    const share = fate({ kind: change.kind }, index);
    if (change.kind === 'truncate') left = share >= 0.5 ? withChange(left, change) : left;
    else left = withChange(left, torn(change, share));
  }
  return left;
}

function torn(change: Extract<DiskChange, { kind: 'write' }>, share: number): DataChange {
  const { bytes } = change;
  if (share < 0) return { ...change, bytes: Buffer.alloc(bytes.length) };
  return { ...change, bytes: bytes.subarray(0, Math.floor(bytes.length * share)) };
}

function withChange(bytes: Buffer, change: DataChange): Buffer {
  if (change.kind === 'truncate') {
    const cut = Buffer.alloc(change.sizeBytes);
    bytes.copy(cut, 0, 0, change.sizeBytes);
    return cut;
  }
  if (change.bytes.length === 0) return bytes;
  const end = change.position + change.bytes.length;
  const written = Buffer.alloc(Math.max(bytes.length, end));
  bytes.copy(written);
  change.bytes.copy(written, change.position);
  return written;
}
