/** The log between the collector and the pipeline: partitions of records with ascending offsets,
 * in memory. Appending is accepting: what is appended is read, or counted as unread. Spec: S1. */
import type { LogReader, LogRecord } from '../domain/pipeline-ports.ts';
import type { CollectorPayload } from '../domain/tracked-event.ts';
import { hashText } from '../kernel/hash.ts';

/** One payload to append. */
export interface AppendRequest {
  readonly payload: CollectorPayload;
  /** µs since the Unix epoch. */
  readonly ingestTimeUs: number;
  /** Records of one key stay in one partition, in order. */
  readonly partitionKey: string;
}

/** A log that can be written and read. */
export interface PartitionedLog extends LogReader {
  /** Appends one record for each event of the payload. @returns how many. */
  append(request: AppendRequest): number;
  /** Records from these offsets on that nobody has read. */
  unreadFrom(nextOffsets: readonly number[]): number;
  /** Forgets records before these offsets: they are committed. */
  truncateBefore(nextOffsets: readonly number[]): void;
}

interface Partition {
  records: LogRecord[];
  /** Offset of `records[0]`. */
  baseOffset: number;
}

/** Seed of the partitioner's hash. */
const PARTITION_SEED = 0x7061_7274;

/** Makes an empty log. */
export function createPartitionedLog(options: { readonly partitions: number }): PartitionedLog {
  const { partitions: partitionCount } = options;
  const partitions: readonly Partition[] = Array.from({ length: partitionCount }, () => ({
    records: [],
    baseOffset: 0,
  }));
  const endOffset = (partition: Partition) => partition.baseOffset + partition.records.length;
  return {
    partitionCount,
    append({ payload, ingestTimeUs, partitionKey }) {
      const number = (hashText(partitionKey, PARTITION_SEED) >>> 0) % partitionCount;
      const partition = partitions[number] as Partition;
      const { sentTimeUs, sentUptimeUs, userAgent, clientAddress } = payload;
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
      return payload.events.length;
    },
    read(number, offset, maxRecords) {
      const partition = partitions[number];
      if (partition === undefined) return [];
      const start = Math.max(0, offset - partition.baseOffset);
      return partition.records.slice(start, start + maxRecords);
    },
    unreadFrom: (nextOffsets) =>
      partitions.reduce(
        (sum, partition, i) => sum + Math.max(0, endOffset(partition) - (nextOffsets[i] ?? 0)),
        0,
      ),
    truncateBefore(nextOffsets) {
      partitions.forEach((partition, i) => {
        const count = (nextOffsets[i] ?? 0) - partition.baseOffset;
        if (count <= 0) return;
        partition.records = partition.records.slice(count);
        partition.baseOffset += count;
      });
    },
  };
}
