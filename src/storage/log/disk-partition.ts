/** One partition on disk: a folder of segments, the last of which is written. A write is staged,
 * and then kept or taken back as a whole. Spec: S10–S13. */
import type { AppendReceipt } from '../../domain/collector-ports.ts';
import type { LogRecord } from '../../domain/pipeline-ports.ts';
import { FrameBuffer, type FrameSource, recordsOf } from './frame.ts';
import type { LogFiles } from './log-files.ts';
import type { PartitionRetention, RetentionPolicy } from './partitioned-log.ts';
import { chooseSegments, type SegmentExtent } from './retention.ts';
import { baseOffsetOf, Segment, segmentName } from './segment.ts';

/** A torn tail that was cut off when the log was opened. */
export interface LogRepair {
  readonly partition: number;
  readonly file: string;
  readonly bytesDropped: number;
  readonly reason: string;
}

/** Where a partition lies, and how. */
export interface DiskPartitionOptions {
  readonly files: LogFiles;
  readonly folder: string;
  readonly partition: number;
  readonly segmentBytesMax: number;
  readonly syncs: boolean;
  readonly onRepair: (repair: LogRepair) => void;
}

/** What a staged write changes, to be put back. */
interface Before {
  readonly segmentCount: number;
  readonly sizeBytes: number;
  readonly newestIngestTimeUs: number | undefined;
  readonly endOffset: number;
}

/** Where the last read stopped, and the frame that it stopped in. */
interface Cursor {
  readonly segment: Segment;
  readonly records: readonly LogRecord[];
  readonly firstOffset: number;
  readonly nextOffset: number;
  readonly nextPosition: number;
}

/** A partition, open for writing. */
export class DiskPartition {
  readonly #options: DiskPartitionOptions;
  readonly #buffer = new FrameBuffer();
  #segments: Segment[];
  #startOffset: number;
  #endOffset: number;
  #before: Before | undefined;
  #cursor: Cursor | undefined;

  /** Opens the folder, making it where it is missing, and cuts a torn tail off.
   * @throws EngineError `LOG_CORRUPT` where intact frames come after damaged bytes. */
  constructor(options: DiskPartitionOptions) {
    this.#options = options;
    const { files, folder, syncs } = options;
    files.makeFolder(folder, syncs);
    const offsets = files.list(folder).map(baseOffsetOf);
    this.#segments = offsets
      .filter((offset) => offset !== undefined)
      .map((offset) => {
        const segment = new Segment(files, `${folder}/${segmentName(offset)}`, offset);
        segment.close();
        return segment;
      });
    const last = this.#segments.at(-1);
    this.#startOffset = this.#segments[0]?.baseOffset ?? 0;
    this.#endOffset = last === undefined ? 0 : this.#scan(last);
    // What the process before left unsynced is read from now on, so it must stay.
    if (last === undefined || !syncs) return;
    files.syncFolder(folder);
    files.sync(last.file);
  }

  get startOffset(): number {
    return this.#startOffset;
  }

  /** What is staged does not count yet. */
  get endOffset(): number {
    return this.#before?.endOffset ?? this.#endOffset;
  }

  get sizeBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  }

  get segmentCount(): number {
    return this.#segments.length;
  }

  /** Writes frames behind what is there; nobody reads them before `keep`. Afterwards `keep` or
   * `takeBack`, whatever it threw. @param syncsNow - Whether it returns once they are on the disk,
   * where the log syncs at all; else `syncStaged` brings them there. */
  stage(frames: readonly FrameSource[], syncsNow: boolean): readonly AppendReceipt[] {
    const { partition, segmentBytesMax } = this.#options;
    this.takeBack();
    const last = this.#segments.at(-1);
    this.#before = {
      segmentCount: this.#segments.length,
      sizeBytes: last?.sizeBytes ?? 0,
      newestIngestTimeUs: last?.newestIngestTimeUs,
      endOffset: this.#endOffset,
    };
    this.#buffer.clear();
    const receipts = frames.map((frame) => {
      const { count } = frame;
      const firstOffset = this.#endOffset;
      if (count > 0) this.#stageFrame(frame, segmentBytesMax);
      return { partition, firstOffset, count };
    });
    this.#flush();
    if (this.#options.syncs && syncsNow) this.#options.files.sync(this.#active().file);
    return receipts;
  }

  /** Brings what was staged to the disk while the program goes on; earlier segments are there. */
  syncStaged(done: (error: unknown) => void): void {
    this.#options.files.syncLater(this.#active().file, done);
  }

  /** What was staged stays. */
  keep(): void {
    this.#before = undefined;
  }

  /** Puts everything back as it was before `stage`. Where even that fails, the next write does it
   * first: nothing behind `sizeBytes` is ever read. */
  takeBack(): void {
    const before = this.#before;
    if (before === undefined) return;
    const { files, folder, syncs } = this.#options;
    const hasRolled = this.#segments.length > Math.max(1, before.segmentCount);
    this.#endOffset = before.endOffset;
    this.#cursor = undefined;
    // Youngest first: a crash in between leaves whole frames, and no gap before a segment.
    for (let i = this.#segments.length - 1; i >= Math.max(1, before.segmentCount); i -= 1) {
      const segment = this.#segments[i] as Segment;
      segment.close();
      files.remove(segment.path);
      this.#segments.pop();
    }
    // Were it back after a loss of power, it would hide what is written before it until then.
    if (syncs && hasRolled) files.syncFolder(folder);
    const last = this.#segments.at(-1);
    if (last !== undefined) {
      last.newestIngestTimeUs = before.newestIngestTimeUs;
      last.truncate(before.sizeBytes);
    }
    this.#before = undefined;
  }

  /** Records from an offset on, at most `maxRecords`.
   * @throws EngineError `LOG_CORRUPT` where a frame is damaged, once all before it are read. */
  read(offset: number, maxRecords: number): readonly LogRecord[] {
    const found: LogRecord[] = [];
    let next = Math.max(offset, this.#startOffset);
    while (next < this.endOffset && found.length < maxRecords) {
      const cursor = this.#frameWith(next, found.length > 0);
      if (cursor === undefined) break;
      const from = next - cursor.firstOffset;
      const some = cursor.records.slice(from, from + maxRecords - found.length);
      for (const record of some) found.push(record);
      next += some.length;
    }
    return found;
  }

  truncateBefore(offset: number): void {
    this.#startOffset = Math.max(this.#startOffset, Math.min(offset, this.#endOffset));
    let count = 0;
    while ((this.#segments[count + 1]?.baseOffset ?? Infinity) <= this.#startOffset) count += 1;
    this.#removeFirst(count);
  }

  retain(policy: RetentionPolicy, committed: number): PartitionRetention {
    const { partition } = this.#options;
    const extents = this.#segments.map((segment, i): SegmentExtent => {
      const endOffset = this.#segments[i + 1]?.baseOffset ?? this.#endOffset;
      return {
        baseOffset: Math.min(Math.max(segment.baseOffset, this.#startOffset), endOffset),
        endOffset,
        sizeBytes: segment.sizeBytes,
        newestIngestTimeUs: () => this.#newestOf(segment, endOffset),
      };
    });
    const { segmentCount, report } = chooseSegments(extents, policy, { partition, committed });
    this.#removeFirst(segmentCount);
    this.#startOffset = Math.max(this.#startOffset, this.#segments[0]?.baseOffset ?? 0);
    return report;
  }

  sync(): void {
    const active = this.#segments.at(-1);
    if (active !== undefined) this.#options.files.sync(active.file);
  }

  close(): void {
    for (const segment of this.#segments) segment.close();
  }

  #stageFrame(frame: FrameSource, segmentBytesMax: number): void {
    const start = this.#buffer.length;
    const active = this.#active();
    const frameBytes = this.#buffer.add(frame, this.#endOffset);
    if (active.sizeBytes + start > 0 && active.sizeBytes + start + frameBytes > segmentBytesMax) {
      this.#buffer.dropFrom(start);
      this.#flush();
      this.#roll(active);
      this.#buffer.add(frame, this.#endOffset);
    }
    const target = this.#active();
    target.newestIngestTimeUs = Math.max(
      target.newestIngestTimeUs ?? -Infinity,
      frame.ingestTimeUs,
    );
    target.note(this.#endOffset, target.sizeBytes + this.#buffer.length - frameBytes);
    this.#endOffset += frame.count;
  }

  #flush(): void {
    const active = this.#active();
    if (this.#buffer.length === 0) return;
    this.#options.files.write(active.file, this.#buffer.bytes, active.sizeBytes);
    active.sizeBytes += this.#buffer.length;
    this.#buffer.clear();
  }

  /** Seals the segment: it is on the disk before a younger one is. */
  #roll(active: Segment): void {
    this.#options.files.sync(active.file);
    active.close();
    this.#create(this.#endOffset);
  }

  #active(): Segment {
    return this.#segments.at(-1) ?? this.#create(this.#endOffset);
  }

  #create(baseOffset: number): Segment {
    const { files, folder, syncs } = this.#options;
    const segment = new Segment(files, `${folder}/${segmentName(baseOffset)}`, baseOffset);
    segment.newestIngestTimeUs = -Infinity;
    this.#segments.push(segment);
    if (syncs) files.syncFolder(folder);
    return segment;
  }

  /** The frame that holds an offset. @param hasSome - Whether the reader has records already: then
   * damage waits until the next read. */
  #frameWith(offset: number, hasSome: boolean): Cursor | undefined {
    const last = this.#cursor;
    if (last !== undefined && offset >= last.firstOffset && offset < last.nextOffset) return last;
    let place = this.#placeOf(offset, last);
    for (;;) {
      const { segment, position } = place;
      const found = segment.frameAt(position, place.offset);
      if (found.kind !== 'frame') {
        if (hasSome) return undefined;
        const reason = found.kind === 'end' ? 'records are missing at its end' : found.reason;
        throw segment.corrupt(position, reason);
      }
      const { header, body, nextOffset, nextPosition } = found;
      if (offset >= nextOffset) {
        place = { segment, position: nextPosition, offset: nextOffset };
        continue;
      }
      const records = recordsOf(header, body, this.#options.partition);
      const firstOffset = header.baseOffset;
      this.#cursor = { segment, records, firstOffset, nextOffset, nextPosition };
      return this.#cursor;
    }
  }

  #placeOf(offset: number, last: Cursor | undefined) {
    const segment = this.#segmentOf(offset);
    if (last !== undefined && last.segment === segment && last.nextOffset === offset) {
      return { segment, position: last.nextPosition, offset };
    }
    if (last !== undefined && last.segment !== segment && last.segment !== this.#segments.at(-1)) {
      last.segment.close();
    }
    return { segment, ...segment.positionBefore(offset) };
  }

  /** The segment that an offset belongs to. Cost O(log segments). */
  #segmentOf(offset: number): Segment {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#segments[middle]?.baseOffset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low] as Segment;
  }

  /** Reads the last segment through, and cuts off or mends its end. What is damaged is judged after
   * two reads that agree. @returns the offset after its last intact frame. */
  #scan(segment: Segment): number {
    let position = 0;
    let offset = segment.baseOffset;
    let newest = -Infinity;
    let isAgreed = false;
    for (;;) {
      const found = segment.frameAt(position, offset);
      if (found.kind === 'frame') {
        position = found.nextPosition;
        offset = found.nextOffset;
        newest = Math.max(newest, found.header.ingestTimeUs);
        continue;
      }
      segment.newestIngestTimeUs = newest;
      if (found.kind === 'end') return offset;
      if (isAgreed) this.#mend(segment, { position, offset, reason: found.reason });
      else segment.readAgreed(position);
      isAgreed = true;
    }
  }

  /** Damage: a write that was torn off is cut; one that went astray, nothing being missing before
   * it, is put in its place. */
  #mend(
    segment: Segment,
    at: { readonly position: number; readonly offset: number; readonly reason: string },
  ): void {
    const { partition, onRepair, files } = this.#options;
    const { position, offset, reason } = at;
    const sizeBytes = segment.sizeBytes;
    const found = segment.judgeDamage(position, offset);
    if (found === 'missing') throw segment.corrupt(position, reason);
    if (found === 'torn') segment.truncate(position);
    else {
      files.write(segment.file, found, position);
      segment.truncate(position + found.length);
    }
    files.sync(segment.file);
    onRepair({
      partition,
      file: segment.path,
      bytesDropped: sizeBytes - segment.sizeBytes,
      reason: found === 'torn' ? reason : `${reason}: a write had gone astray`,
    });
  }

  #newestOf(segment: Segment, endOffset: number): number {
    if (segment.newestIngestTimeUs !== undefined) return segment.newestIngestTimeUs;
    let newest = -Infinity;
    let position = 0;
    for (let offset = segment.baseOffset; offset < endOffset; ) {
      const found = segment.frameAt(position, offset);
      if (found.kind === 'end') throw segment.corrupt(position, 'records are missing at its end');
      if (found.kind === 'damaged') throw segment.corrupt(position, found.reason);
      newest = Math.max(newest, found.header.ingestTimeUs);
      position = found.nextPosition;
      offset = found.nextOffset;
    }
    segment.close();
    segment.newestIngestTimeUs = newest;
    return newest;
  }

  #removeFirst(count: number): void {
    const { files, folder, syncs } = this.#options;
    for (let removed = 0; removed < count; removed += 1) {
      const segment = this.#segments[0] as Segment;
      if (this.#cursor?.segment === segment) this.#cursor = undefined;
      segment.close();
      // One that cannot be removed stays known, so that the next time removes it. Each is synced,
      // so that no loss of power brings one back without those behind it: that would be a gap.
      files.remove(segment.path);
      if (syncs) files.syncFolder(folder);
      this.#segments.shift();
    }
  }
}
