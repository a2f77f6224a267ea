/** One file of a partition: frames one after the other, from the offset in its name on. Knows where
 * every 64 KiB a frame begins, as far as it has been read. Spec: S11, S12. */
import { EngineError } from '../../kernel/errors.ts';
import {
  FRAME_HEADER_BYTES,
  FRAME_MAGIC,
  type FrameHeader,
  isIntact,
  readHeader,
} from './frame.ts';
import type { LogFiles } from './log-files.ts';

/** What is at a position of the file. */
export type FoundFrame =
  | {
      readonly kind: 'frame';
      readonly header: FrameHeader;
      readonly body: Buffer;
      /** Of the frame behind it. */
      readonly nextOffset: number;
      readonly nextPosition: number;
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'damaged'; readonly reason: string };

/** The file's name in its partition's folder. */
const NAME_DIGITS = 16;
const NAME = /^(\d{16})\.log$/;
const INDEX_EVERY_BYTES = 65_536;
const WINDOW_BYTES = 262_144;
/** Of damage, before it is called damage: a medium that answers differently each time is broken. */
const READS_MAX = 8;

/** The name of the segment that begins at an offset. */
export function segmentName(baseOffset: number): string {
  return `${String(baseOffset).padStart(NAME_DIGITS, '0')}.log`;
}

/** @returns undefined for a file that is no segment. */
export function baseOffsetOf(name: string): number | undefined {
  const match = NAME.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/** A segment. Whoever changes the file keeps `sizeBytes` true. */
export class Segment {
  readonly path: string;
  readonly baseOffset: number;
  /** Bytes of whole frames. */
  sizeBytes: number;
  /** Greatest ingest time of its records, where that is known. */
  newestIngestTimeUs: number | undefined;
  readonly #files: LogFiles;
  /** Where frames begin: ascending offsets and positions, about one each 64 KiB. */
  #index: { readonly offset: number; readonly position: number }[];
  #file: number | undefined;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;

  constructor(files: LogFiles, path: string, baseOffset: number) {
    this.#files = files;
    this.path = path;
    this.baseOffset = baseOffset;
    this.#index = [{ offset: baseOffset, position: 0 }];
    this.#file = files.open(path);
    this.sizeBytes = files.size(this.#file);
  }

  /** The descriptor, opened where it was closed. */
  get file(): number {
    this.#file ??= this.#files.open(this.path);
    return this.#file;
  }

  close(): void {
    if (this.#file !== undefined) this.#files.close(this.#file);
    this.#file = undefined;
    this.forgetBytes();
  }

  /** Call when bytes that may have been read have changed. */
  forgetBytes(): void {
    this.#window = Buffer.alloc(0);
  }

  /** Cuts the file, and what is known of it. */
  truncate(sizeBytes: number): void {
    this.sizeBytes = sizeBytes;
    this.#index = this.#index.filter(({ position }) => position === 0 || position < sizeBytes);
    this.forgetBytes();
    this.#files.truncate(this.file, sizeBytes);
  }

  /** Keeps where a frame begins, for `positionBefore`. */
  note(offset: number, position: number): void {
    const last = this.#index.at(-1);
    if (last !== undefined && position < last.position + INDEX_EVERY_BYTES) return;
    this.#index.push({ offset, position });
  }

  /** The nearest known beginning of a frame at or before an offset. Cost O(log index). */
  positionBefore(offset: number): { readonly offset: number; readonly position: number } {
    let low = 0;
    let high = this.#index.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#index[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#index[low] ?? { offset: this.baseOffset, position: 0 };
  }

  /** The frame at a position, checked: its sum, and that it begins at the expected offset. */
  frameAt(position: number, expectedOffset: number): FoundFrame {
    const rest = this.sizeBytes - position;
    if (rest <= 0) return { kind: 'end' };
    if (rest < FRAME_HEADER_BYTES) return damaged('the header is cut short');
    const at = this.#load(position, FRAME_HEADER_BYTES);
    const header = readHeader(this.#window, at);
    if (header === undefined) return damaged('no frame begins here');
    const frameBytes = FRAME_HEADER_BYTES + header.bodyBytes;
    if (frameBytes > rest) return damaged('the frame is cut short');
    const start = this.#load(position, frameBytes);
    if (!isIntact(this.#window, start, header)) return damaged('the checksum is wrong');
    if (header.baseOffset !== expectedOffset) {
      return damaged(`offset ${header.baseOffset} instead of ${expectedOffset}`);
    }
    this.note(header.baseOffset, position);
    const body = this.#window.subarray(start + FRAME_HEADER_BYTES, start + frameBytes);
    const nextOffset = expectedOffset + header.count;
    return { kind: 'frame', header, body, nextOffset, nextPosition: position + frameBytes };
  }

  /** What intact frames behind damage at a position say of it. Copies of frames before it say
   * nothing. Cost O(rest of the file).
   * @returns `torn` where no frame is behind it; `missing` where one is that other records come
   * before; else the bytes from the frame on that belongs at the position, and went astray. */
  judgeDamage(position: number, expectedOffset: number): 'torn' | 'missing' | Uint8Array {
    const rest = this.#rest(position + 1);
    let astray: Uint8Array | undefined;
    let nextOffset = expectedOffset;
    for (let at = rest.indexOf(FRAME_MAGIC); at >= 0; at = rest.indexOf(FRAME_MAGIC, at + 1)) {
      const header = readHeader(rest, at);
      if (header === undefined || !isIntact(rest, at, header)) continue;
      if (header.baseOffset > nextOffset) return 'missing';
      if (header.baseOffset < nextOffset) continue;
      astray ??= rest.subarray(at);
      nextOffset += header.count;
    }
    return astray ?? 'torn';
  }

  /** Reads what is behind a position until two reads agree: what is judged by it is on the disk,
   * and no error of the reading. @throws EngineError `LOG_CORRUPT` where they never do. */
  readAgreed(position: number): void {
    let last = this.#readRest(position);
    for (let tries = 1; tries < READS_MAX; tries += 1) {
      const again = this.#readRest(position);
      if (again.equals(last)) {
        this.#window = again;
        this.#windowStart = position;
        return;
      }
      last = again;
    }
    throw this.corrupt(position, `${READS_MAX} reads give ${READS_MAX} different answers`);
  }

  /** The error for damage at a position. */
  corrupt(byteOffset: number, reason: string): EngineError {
    return new EngineError(
      'LOG_CORRUPT',
      `${this.path}: byte ${byteOffset}: ${reason}; restore the file from a copy, or move it ` +
        'away and read on behind it, giving its records up',
      { file: this.path, byteOffset, reason },
    );
  }

  /** From the window where it has all of it. */
  #rest(position: number): Buffer {
    const at = position - this.#windowStart;
    const isWhole = this.#windowStart + this.#window.length >= this.sizeBytes;
    return at >= 0 && isWhole ? this.#window.subarray(at) : this.#readRest(position);
  }

  #readRest(position: number): Buffer {
    const rest = Buffer.alloc(Math.max(0, this.sizeBytes - position));
    return rest.subarray(0, this.#files.read(this.file, rest, position));
  }

  /** Has bytes from a position on in the window. @returns where in it they begin. */
  #load(position: number, length: number): number {
    const at = position - this.#windowStart;
    if (at >= 0 && at + length <= this.#window.length) return at;
    const wanted = Math.min(Math.max(length, WINDOW_BYTES), this.sizeBytes - position);
    const window = Buffer.allocUnsafe(wanted);
    const read = this.#files.read(this.file, window, position);
    this.#window = window.subarray(0, read);
    this.#windowStart = position;
    return 0;
  }
}

function damaged(reason: string): FoundFrame {
  return { kind: 'damaged', reason };
}
