/** The log between the collector and the pipeline: partitions of records with ascending offsets.
 * Appending is accepting: what is appended is read, or counted as unread. One interface, kept in
 * memory (`memory-log.ts`) or on disk (`disk-log.ts`). Spec: S1, S10–S18. */
import type { LogWriter } from '../../domain/collector-ports.ts';
import type { LogReader } from '../../domain/pipeline-ports.ts';
import { hashText } from '../../kernel/hash.ts';
import type { ConsumerGroups } from './consumer-groups.ts';

/** A log that can be written, read and cut. A read below the start begins at the start. */
export interface PartitionedLog extends LogReader, LogWriter {
  /** Per partition, the first offset that is kept. */
  startOffsets(): readonly number[];
  /** Per partition, the offset of the next record. */
  endOffsets(): readonly number[];
  /** Records from these offsets on that nobody has read. */
  unreadFrom(nextOffsets: readonly number[]): number;
  /** Forgets records before these offsets: they are committed. On disk they are no longer read,
   * and the room comes back segment by segment; what stays on disk may be read again after
   * reopening. */
  truncateBefore(nextOffsets: readonly number[]): void;
  /** Deletes what is too old or too much, whole segments only, oldest first. */
  retain(policy: RetentionPolicy): RetentionReport;
  /** Who reads what, and how far they have come. */
  readonly groups: ConsumerGroups;
}

/** What to delete. Without `maxBytes` and `maxAgeUs` nothing is. */
export interface RetentionPolicy {
  /** Now, µs since the Unix epoch: the clock of the ingest times. */
  readonly nowUs: number;
  /** A partition larger than this loses its oldest segments until it is not. */
  readonly maxBytesPerPartition?: number;
  /** A segment whose newest record was taken in longer ago than this goes. */
  readonly maxAgeUs?: number;
  /** Deletes what a consumer group has not committed too. Default: never. */
  readonly force?: boolean;
}

/** What retention did, one row a partition. */
export interface RetentionReport {
  readonly partitions: readonly PartitionRetention[];
}

/** What retention did to a partition. */
export interface PartitionRetention {
  readonly partition: number;
  readonly deletedRecords: number;
  readonly deletedBytes: number;
  /** Of the deleted records, how many some consumer group had not committed: only with `force`. */
  readonly deletedUncommitted: number;
  /** Records that were due and stay, because a consumer group has not committed them. */
  readonly heldRecords: number;
}

/** Seed of the partitioner's hash. */
const PARTITION_SEED = 0x7061_7274;

/** The partition of a key: the same in every log of as many partitions, for good. */
export function partitionOf(key: string, partitionCount: number): number {
  return (hashText(key, PARTITION_SEED) >>> 0) % partitionCount;
}

/** Σ over partitions of what lies between the given offsets and the end. */
export function countUnread(endOffsets: readonly number[], nextOffsets: readonly number[]): number {
  return endOffsets.reduce((sum, end, i) => sum + Math.max(0, end - (nextOffsets[i] ?? 0)), 0);
}
