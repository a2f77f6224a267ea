/** Which segments go: decided on their sizes and ages, apart from how they are stored. Spec:
 * S15. */
import type { PartitionRetention, RetentionPolicy } from './partitioned-log.ts';

/** A run of a partition's records that is deleted as a whole. */
export interface SegmentExtent {
  readonly baseOffset: number;
  /** Offset after its last record. */
  readonly endOffset: number;
  readonly sizeBytes: number;
  /** Asked only where the policy has an age: it may cost a scan. @returns −∞ where it is empty. */
  readonly newestIngestTimeUs: () => number;
}

/** What to delete of one partition. */
export interface RetentionChoice {
  /** How many segments to delete, from the oldest. */
  readonly segmentCount: number;
  readonly report: PartitionRetention;
}

/** Chooses. The last segment is being written and stays.
 * @param segments - Oldest first. @param committed - The least offset that every consumer group has
 * committed; +∞ where there is none. */
export function chooseSegments(
  segments: readonly SegmentExtent[],
  policy: RetentionPolicy,
  { partition, committed }: { readonly partition: number; readonly committed: number },
): RetentionChoice {
  const { nowUs, maxAgeUs, maxBytesPerPartition = Number.POSITIVE_INFINITY, force } = policy;
  let sizeBytes = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  const report = { deletedRecords: 0, deletedBytes: 0, deletedUncommitted: 0, heldRecords: 0 };
  let segmentCount = 0;
  for (const segment of segments.slice(0, -1)) {
    const isTooMuch = sizeBytes > maxBytesPerPartition;
    const isTooOld = maxAgeUs !== undefined && segment.newestIngestTimeUs() < nowUs - maxAgeUs;
    if (!isTooMuch && !isTooOld) break;
    const records = segment.endOffset - segment.baseOffset;
    const uncommitted = Math.max(0, segment.endOffset - Math.max(committed, segment.baseOffset));
    sizeBytes -= segment.sizeBytes;
    if (report.heldRecords > 0 || (uncommitted > 0 && force !== true)) {
      report.heldRecords += records;
      continue;
    }
    segmentCount += 1;
    report.deletedRecords += records;
    report.deletedBytes += segment.sizeBytes;
    report.deletedUncommitted += uncommitted;
  }
  return { segmentCount, report: { partition, ...report } };
}
