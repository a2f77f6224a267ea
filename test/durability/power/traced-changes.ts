/** What a program did to its folder, call by call, read from a trace of strace: with all bytes that
 * it wrote, so that what a loss of power leaves can be made of it. The idea is ALICE's (Pillai et
 * al., "All file systems are not created equal", OSDI '14). */
import { bytesIn, type Call, descriptorIn, isTelling, pathsIn } from '../trace.ts';
import type { DiskChange } from './torn-disk.ts';

/** An open file: where its next `write` goes. */
interface OpenFile {
  readonly isAppending: boolean;
  position: number;
}

/** What calls did to a folder, and when steps were acknowledged.
 * @throws Error for a call that it does not know. */
export function changesOf(calls: readonly Call[], folder: string): readonly DiskChange[] {
  const reader = new ChangeReader(folder);
  for (const call of calls) reader.take(call);
  return reader.changes;
}

class ChangeReader {
  readonly changes: DiskChange[] = [];
  readonly #folder: string;
  readonly #open = new Map<number, OpenFile>();
  readonly #sizes = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  take(call: Call): void {
    if (call.result < 0) return;
    if (isTelling(call)) {
      const told = bytesIn(call.text).toString('utf8');
      if (told.includes('"acknowledged"')) this.changes.push({ kind: 'acknowledged' });
    } else if (call.name === 'close') this.#open.delete(descriptorIn(call.text));
    else this.#takeOfFolder(call, pathsIn(call.text, this.#folder));
  }

  #takeOfFolder(call: Call, [path, to]: readonly string[]): void {
    if (path === undefined) return;
    const { name, text, result } = call;
    if (name.startsWith('open')) this.#opened(path, text, result);
    else if (name === 'lseek') this.#seek(text, result);
    else if (name === 'write' || name === 'pwrite64') this.#wrote(path, call);
    else if (name === 'ftruncate') this.#truncated(path, Number(/, (\d+)$/.exec(text)?.[1]));
    else if (name === 'fsync' || name === 'fdatasync') this.changes.push({ kind: 'sync', path });
    else if (name.startsWith('mkdir')) this.changes.push({ kind: 'folder', path });
    else if (name.startsWith('unlink')) this.changes.push({ kind: 'remove', path });
    else if (name.startsWith('rename')) this.#moved('rename', path, to);
    else if (name.startsWith('link')) this.#moved('link', path, to);
    else if (name === 'copy_file_range') this.#moved('copy', path, to);
    else throw new Error(`the trace has a call that is not known: ${name}`);
  }

  #opened(path: string, text: string, descriptor: number): void {
    if (text.includes('O_DIRECTORY')) return;
    if (text.includes('O_CREAT')) this.changes.push({ kind: 'create', path });
    if (text.includes('O_TRUNC')) this.#truncated(path, 0);
    this.#open.set(descriptor, { isAppending: text.includes('O_APPEND'), position: 0 });
  }

  #seek(text: string, result: number): void {
    const file = this.#open.get(descriptorIn(text));
    if (file !== undefined) file.position = result;
  }

  #wrote(path: string, { name, text, result }: Call): void {
    const bytes = bytesIn(text).subarray(0, result);
    const file = this.#open.get(descriptorIn(text)) ?? { isAppending: false, position: 0 };
    const sizeBytes = this.#sizes.get(path) ?? 0;
    const [, told] = /, (\d+)$/.exec(text) ?? [];
    let position = Number(told);
    if (name === 'write') {
      position = file.isAppending ? sizeBytes : file.position;
      file.position = position + result;
    }
    this.#sizes.set(path, Math.max(sizeBytes, position + result));
    this.changes.push({ kind: 'write', path, position, bytes });
  }

  #truncated(path: string, sizeBytes: number): void {
    this.#sizes.set(path, sizeBytes);
    this.changes.push({ kind: 'truncate', path, sizeBytes });
  }

  #moved(kind: 'rename' | 'link' | 'copy', path: string, to = ''): void {
    this.#sizes.set(to, this.#sizes.get(path) ?? 0);
    if (kind === 'rename') this.#sizes.delete(path);
    this.changes.push({ kind, path, to });
  }
}
