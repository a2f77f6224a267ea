/** The log in memory: what a run of the simulation and an ingestion use. Its records are the very
 * objects that were appended. Spec: S1, S10, S15–S18. */
import type { AppendReceipt, AppendRequest } from '../../domain/collector-ports.ts';
import type { LogRecord } from '../../domain/pipeline-ports.ts';
import { createConsumerGroups } from './consumer-groups.ts';
import {
  countUnread,
  type PartitionedLog,
  partitionOf,
  type RetentionPolicy,
} from './partitioned-log.ts';
import { chooseSegments, type SegmentExtent } from './retention.ts';

/** How many partitions, and how many records retention takes or leaves together. */
export interface MemoryLogOptions {
  readonly partitions: number;
  /** Default 1,000. */
  readonly segmentRecords?: number;
}

interface Partition {
  records: LogRecord[];
  /** Offset of `records[0]`. */
  baseOffset: number;
}

/** Makes an empty log. */
export function createPartitionedLog(options: MemoryLogOptions): PartitionedLog {
  const { partitions: partitionCount, segmentRecords = 1_000 } = options;
  const partitions: readonly Partition[] = Array.from({ length: partitionCount }, () => ({
    records: [],
    baseOffset: 0,
  }));
  const startOffsets = () => partitions.map(({ baseOffset }) => baseOffset);
  const endOffsets = () => partitions.map(endOffset);
  const append = (request: AppendRequest) => {
    const number = partitionOf(request.partitionKey, partitionCount);
    return appendTo(partitions[number] as Partition, number, request);
  };
  const groups = createConsumerGroups({
    partitionCount,
    startOffsets,
    endOffsets,
    saved: {},
    save: () => {},
  });
  return {
    partitionCount,
    groups,
    startOffsets,
    endOffsets,
    append,
    appendAll: (requests) => requests.map(append),
    read(number, offset, maxRecords) {
      const partition = partitions[number];
      if (partition === undefined) return [];
      const start = Math.max(0, offset - partition.baseOffset);
      return partition.records.slice(start, start + maxRecords);
    },
    unreadFrom: (nextOffsets) => countUnread(endOffsets(), nextOffsets),
    truncateBefore(nextOffsets) {
      partitions.forEach((partition, i) => {
        forget(partition, nextOffsets[i] ?? 0);
      });
    },
    retain: (policy) => ({
      partitions: partitions.map((partition, number) => {
        const place = { partition: number, committed: groups.committedByAll(number) };
        return retainIn(partition, { policy, place, segmentRecords });
      }),
    }),
  };
}

function endOffset({ baseOffset, records }: Partition): number {
  return baseOffset + records.length;
}

function appendTo(partition: Partition, number: number, request: AppendRequest): AppendReceipt {
  const { payload, ingestTimeUs } = request;
  const { sentTimeUs, sentUptimeUs, userAgent, clientAddress } = payload;
  const firstOffset = endOffset(partition);
  for (const raw of payload.events) {
    partition.records.push({
      partition: number,
      offset: endOffset(partition),
      ingestTimeUs,
      sentTimeUs,
      ...(sentUptimeUs === undefined ? {} : { sentUptimeUs }),
      userAgent,
      clientAddress,
      raw,
    });
  }
  return { partition: number, firstOffset, count: payload.events.length };
}

function forget(partition: Partition, nextOffset: number): void {
  const count = Math.min(nextOffset, endOffset(partition)) - partition.baseOffset;
  if (count <= 0) return;
  partition.records = partition.records.slice(count);
  partition.baseOffset += count;
}

interface RetainOptions {
  readonly policy: RetentionPolicy;
  readonly place: { readonly partition: number; readonly committed: number };
  readonly segmentRecords: number;
}

function retainIn(partition: Partition, { policy, place, segmentRecords }: RetainOptions) {
  const segments: SegmentExtent[] = [];
  for (let base = partition.baseOffset; base < endOffset(partition); ) {
    const end = Math.min(
      endOffset(partition),
      (Math.floor(base / segmentRecords) + 1) * segmentRecords,
    );
    const { baseOffset } = partition;
    const records = partition.records.slice(base - baseOffset, end - baseOffset);
    segments.push({
      baseOffset: base,
      endOffset: end,
      sizeBytes: sizeOf(records),
      newestIngestTimeUs: () =>
        records.reduce((newest, { ingestTimeUs }) => Math.max(newest, ingestTimeUs), -Infinity),
    });
    base = end;
  }
  const { segmentCount, report } = chooseSegments(segments, policy, place);
  forget(partition, segments[segmentCount]?.baseOffset ?? partition.baseOffset);
  return report;
}

/** The records' size as JSON text: what they would take on a disk, near enough. */
function sizeOf(records: readonly LogRecord[]): number {
  return records.reduce((sum, { raw }) => sum + (JSON.stringify(raw) ?? '').length, 0);
}
