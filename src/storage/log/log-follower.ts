/** Reads a log that another thread or process writes, up to offsets that it is told: what lies
 * behind them may be half written, or be taken back. It takes no lock and changes nothing.
 * Spec: S402. */
import type { LogReader, LogRecord } from '../../domain/pipeline-ports.ts';
import { EngineError } from '../../kernel/errors.ts';
import { recordsOf } from './frame.ts';
import { type LogFiles, NODE_LOG_FILES } from './log-files.ts';
import { baseOffsetOf, Segment, segmentName } from './segment.ts';

/** Which log. */
export interface LogFollowerOptions {
  /** As of `openDiskLog`. */
  readonly folder: string;
  readonly partitions: number;
  /** For tests. Default: this machine's. */
  readonly files?: LogFiles;
}

/** A reader of a log on disk. */
export interface LogFollower extends LogReader {
  /** Reads as far as these offsets from now on; they must be durable, and never go back. */
  allow(endOffsets: readonly number[]): void;
  close(): void;
}

const PARTITION_DIGITS = 4;

/** Opens a reader that may read nothing yet. */
export function openLogFollower(options: LogFollowerOptions): LogFollower {
  const { folder, partitions, files = NODE_LOG_FILES } = options;
  const followed = Array.from({ length: partitions }, (_, partition) => {
    const name = `p${String(partition).padStart(PARTITION_DIGITS, '0')}`;
    return new FollowedPartition(files, `${folder}/${name}`, partition);
  });
  return {
    partitionCount: partitions,
    allow: (endOffsets) => followed.forEach((one, i) => void one.allow(endOffsets[i] ?? 0)),
    read: (partition, offset, maxRecords) => followed[partition]?.read(offset, maxRecords) ?? [],
    close: () => followed.forEach((one) => void one.close()),
  };
}

class FollowedPartition {
  readonly #files: LogFiles;
  readonly #folder: string;
  readonly #partition: number;
  #endOffset = 0;
  #segment: Segment | undefined;
  /** Where the last read ended. */
  #place = { offset: 0, position: 0 };

  constructor(files: LogFiles, folder: string, partition: number) {
    this.#files = files;
    this.#folder = folder;
    this.#partition = partition;
  }

  allow(endOffset: number): void {
    this.#endOffset = endOffset;
    if (this.#segment === undefined) return;
    // Its last bytes may have been read half written.
    this.#segment.forgetBytes();
    this.#segment.sizeBytes = this.#files.size(this.#segment.file);
  }

  /** @throws EngineError `LOG_CORRUPT` where a record below the allowed offset cannot be read. */
  read(offset: number, maxRecords: number): readonly LogRecord[] {
    const found: LogRecord[] = [];
    let next = offset;
    while (next < this.#endOffset && found.length < maxRecords) {
      const records = this.#frameWith(next);
      const from = next - (records[0]?.offset ?? next);
      const some = records.slice(from, from + maxRecords - found.length);
      for (const record of some) found.push(record);
      next += some.length;
    }
    return found;
  }

  close(): void {
    this.#segment?.close();
    this.#segment = undefined;
  }

  /** Goes on where the last read ended; back, by the segment's index. */
  #frameWith(offset: number): readonly LogRecord[] {
    let segment = this.#segment ?? this.#open(offset);
    if (offset < segment.baseOffset) segment = this.#open(offset);
    if (offset < this.#place.offset) this.#place = segment.positionBefore(offset);
    for (;;) {
      const { position, offset: at } = this.#place;
      const frame = segment.frameAt(position, at);
      if (frame.kind === 'damaged') throw segment.corrupt(position, frame.reason);
      if (frame.kind === 'end') {
        const next = this.#open(at);
        if (next === segment) throw segment.corrupt(position, 'records are missing at its end');
        segment = next;
      } else if (offset < frame.nextOffset) {
        return recordsOf(frame.header, frame.body, this.#partition);
      } else {
        this.#place = { offset: frame.nextOffset, position: frame.nextPosition };
      }
    }
  }

  /** The segment whose name says that it has the offset; the open one where that is the one. */
  #open(offset: number): Segment {
    const bases = this.#files.list(this.#folder).map(baseOffsetOf);
    const base = bases.findLast((one) => one !== undefined && one <= offset);
    if (base === undefined) throw this.#gone(offset);
    if (this.#segment?.baseOffset === base) return this.#segment;
    this.close();
    this.#segment = new Segment(this.#files, `${this.#folder}/${segmentName(base)}`, base);
    this.#place = { offset: base, position: 0 };
    return this.#segment;
  }

  #gone(offset: number): EngineError {
    const file = this.#folder;
    const reason = `offset ${offset} is not in it any more`;
    const message = `${file}: ${reason}; restore its segments from a copy`;
    return new EngineError('LOG_CORRUPT', message, { file, byteOffset: 0, reason });
  }
}
