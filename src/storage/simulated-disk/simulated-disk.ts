/** A disk in memory, with everything that can go wrong on one: it keeps apart what was written and
 * what was synced, loses and tears the rest when the power goes, and fails, dies, flips a bit or
 * answers out of date where it is told to. The same decisions give the same disk. It knows no more
 * than the log asks of a file system. Spec: S300–S306. */
import { EngineError } from '../../kernel/errors.ts';
import { type LogFiles, REPLACEMENT_SUFFIX } from '../log/log-files.ts';
import { DiskFile } from './disk-file.ts';
import { DiskNames, folderOf } from './disk-names.ts';
import type {
  DecideDisk,
  DecideFate,
  DiskCall,
  DiskOperation,
  DiskVerdict,
} from './disk-verdict.ts';

/** A simulated disk. */
export interface SimulatedDisk {
  readonly files: LogFiles;
  /** Whether the process that used it has ended: everything fails until {@link start}. */
  readonly isStopped: boolean;
  /** Operations so far. */
  readonly operationCount: number;
  /** The process ends without notice: what it wrote is there, synced or not. */
  stop(): void;
  /** The power goes: what was not synced is there as far as `fate` says. Stops it too. */
  losePower(fate: DecideFate): void;
  /** Another process: no file is open, no lock is held. */
  start(): void;
}

/** Makes an empty disk. @param decide - Default: nothing goes wrong. */
export function createSimulatedDisk(decide: DecideDisk = () => undefined): SimulatedDisk {
  const disk = new MemoryDisk(decide);
  return {
    files: disk,
    get isStopped() {
      return disk.isStopped;
    },
    get operationCount() {
      return disk.operationCount;
    },
    stop: () => disk.stop(),
    losePower: (fate) => disk.losePower(fate),
    start: () => disk.start(),
  };
}

interface OpenFile {
  readonly path: string;
  readonly file: DiskFile;
}

class MemoryDisk implements LogFiles {
  readonly #decide: DecideDisk;
  readonly #names = new DiskNames();
  readonly #open = new Map<number, OpenFile>();
  readonly #locks = new Set<string>();
  #nextFile = 3;
  isStopped = false;
  operationCount = 0;

  constructor(decide: DecideDisk) {
    this.#decide = decide;
  }

  stop(): void {
    this.isStopped = true;
  }

  start(): void {
    this.isStopped = false;
    this.#open.clear();
    this.#locks.clear();
  }

  losePower(fate: DecideFate): void {
    let index = 0;
    const fateOf = (change: Parameters<DecideFate>[0]) => fate(change, index++);
    for (const [path, file] of this.#names.files()) file.losePower(path, fateOf);
    this.#names.losePower((path) => fateOf({ kind: 'name', path, sizeBytes: 0 }) >= 0.5);
    this.stop();
  }

  lock(path: string) {
    this.#ask('lock', path);
    if (this.#locks.has(path)) {
      const message = `${path}: the log is being written already; end who writes it`;
      throw new EngineError('LOG_LOCKED', message, { path });
    }
    this.#locks.add(path);
    return { release: () => void this.#locks.delete(path) };
  }

  makeFolder(path: string, syncs: boolean): void {
    this.#ask('make-folder', path);
    const parts = path.split('/');
    for (let i = 1; i <= parts.length; i += 1) {
      const one = parts.slice(0, i).join('/');
      const node = this.#names.get(one);
      if (node === 'folder') continue;
      if (node !== undefined) throw systemError('EEXIST', 'mkdir', one);
      this.#names.set(one, 'folder');
      if (syncs) this.syncFolder(folderOf(one));
    }
  }

  list(path: string): readonly string[] {
    this.#ask('list', path);
    if (this.#names.get(path) !== 'folder') throw systemError('ENOENT', 'scandir', path);
    return this.#names.list(path);
  }

  open(path: string): number {
    this.#ask('open', path);
    const node = this.#names.get(path);
    if (node === 'folder') throw systemError('EISDIR', 'open', path);
    if (this.#names.get(folderOf(path)) !== 'folder') throw systemError('ENOENT', 'open', path);
    const file = node ?? new DiskFile();
    if (node === undefined) this.#names.set(path, file);
    const number = this.#nextFile;
    this.#nextFile += 1;
    this.#open.set(number, { path, file });
    return number;
  }

  close(file: number): void {
    this.#open.delete(file);
  }

  size(file: number): number {
    return this.#opened(file, 'fstat').file.sizeBytes;
  }

  read(number: number, target: Uint8Array, position: number): number {
    const { path, file } = this.#opened(number, 'read');
    return this.#readFrom(file, { path, target, position });
  }

  write(number: number, bytes: Uint8Array, position: number): void {
    const { path, file } = this.#opened(number, 'write');
    const verdict = this.#decision({ call: 'write', path, position, sizeBytes: bytes.length });
    if (verdict?.kind !== 'error' && verdict?.kind !== 'dies') {
      file.write(bytes, position);
      return;
    }
    const there = bytes.subarray(0, Math.floor(bytes.length * (verdict.share ?? 0)));
    const astrayBytes = verdict.kind === 'dies' ? (verdict.astrayBytes ?? 0) : 0;
    if (there.length > 0) file.write(there, position + astrayBytes);
    if (verdict.kind === 'dies') this.stop();
    throw systemError(verdict.kind === 'dies' ? STOPPED : verdict.code, 'write', path);
  }

  truncate(number: number, sizeBytes: number): void {
    const { path, file } = this.#opened(number, 'ftruncate');
    this.#ask('truncate', path, sizeBytes);
    file.truncate(sizeBytes);
  }

  sync(number: number): void {
    const { path, file } = this.#opened(number, 'fdatasync');
    this.#syncFile(path, file);
  }

  /** A simulated disk makes nobody wait. */
  syncLater(number: number, done: (error: unknown) => void): void {
    let failure: unknown;
    try {
      this.sync(number);
    } catch (error) {
      failure = error;
    }
    done(failure);
  }

  syncFolder(path: string): void {
    this.#ask('sync-folder', path);
    if (this.#names.get(path) !== 'folder') throw systemError('ENOENT', 'open', path);
    this.#names.syncFolder(path);
  }

  remove(path: string): void {
    this.#ask('remove', path);
    if (this.#names.get(path) !== undefined) this.#names.set(path, undefined);
  }

  readText(path: string): string | undefined {
    this.#ask('open', path);
    const node = this.#names.get(path);
    if (node === undefined) return undefined;
    if (node === 'folder') throw systemError('EISDIR', 'read', path);
    const target = new Uint8Array(node.sizeBytes);
    const count = this.#readFrom(node, { path, target, position: 0 });
    return Buffer.from(target.subarray(0, count)).toString('utf8');
  }

  replaceText(path: string, text: string): void {
    const next = `${path}${REPLACEMENT_SUFFIX}`;
    const file = this.open(next);
    try {
      const bytes = Buffer.from(text, 'utf8');
      this.truncate(file, 0);
      this.write(file, bytes, 0);
      this.sync(file);
      this.#ask('rename', path);
      this.#names.rename(next, path);
    } catch (cause) {
      if (!this.isStopped) this.#names.set(next, undefined);
      throw cause;
    } finally {
      this.close(file);
    }
  }

  #syncFile(path: string, file: DiskFile): void {
    const verdict = this.#decision({ call: 'sync', path, position: 0, sizeBytes: 0 });
    if (verdict?.kind === 'error') {
      file.dropUnsynced();
      throw systemError(verdict.code, 'fdatasync', path);
    }
    file.sync();
  }

  #readFrom(
    file: DiskFile,
    place: { readonly path: string; readonly target: Uint8Array; readonly position: number },
  ): number {
    const { path, target, position } = place;
    const verdict = this.#decision({ call: 'read', path, position, sizeBytes: target.length });
    if (verdict?.kind === 'error') throw systemError(verdict.code, 'read', path);
    const count =
      verdict?.kind === 'stale' ? file.readStale(target, position) : file.read(target, position);
    if (verdict?.kind === 'flip' && count > 0) {
      const bit = Math.min(count * 8 - 1, Math.floor(verdict.at * count * 8));
      target[bit >> 3] = (target[bit >> 3] as number) ^ (1 << (bit & 7));
    }
    return count;
  }

  #opened(number: number, syscall: string): OpenFile {
    if (this.isStopped) throw systemError(STOPPED, syscall, '');
    const found = this.#open.get(number);
    if (found === undefined) throw systemError('EBADF', syscall, '');
    return found;
  }

  /** For operations that go well or fail. */
  #ask(call: DiskCall, path: string, position = 0): void {
    const verdict = this.#decision({ call, path, position, sizeBytes: 0 });
    if (verdict?.kind === 'error') throw systemError(verdict.code, call, path);
  }

  #decision(operation: DiskOperation): DiskVerdict | undefined {
    if (this.isStopped) throw systemError(STOPPED, operation.call, operation.path);
    const index = this.operationCount;
    this.operationCount += 1;
    return this.#decide(operation, index);
  }
}

/** What a process that has ended would hear, were it there. */
const STOPPED = 'ESHUTDOWN';

function systemError(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path });
}
