/** A log of what a lake has of one source: records keep the partitions and offsets that they
 * had. */
import type { LogReader, LogRecord } from '../../domain/pipeline-ports.ts';
import type { LakeRow } from '../../lake/lake-reader.ts';

/** A log that is filled and emptied as a pipeline goes along. */
export interface ReplayLog extends LogReader {
  append(record: LogRecord): void;
  /** Forgets everything: it has been read. */
  clear(): void;
}

/** Makes an empty log. Offsets may have gaps; they ascend within a partition. */
export function createReplayLog(partitionCount: number): ReplayLog {
  const partitions: LogRecord[][] = Array.from({ length: partitionCount }, () => []);
  return {
    partitionCount,
    append(record) {
      partitions[record.partition]?.push(record);
    },
    read(partition, offset, maxRecords) {
      const records = partitions[partition] ?? [];
      const start = records.findIndex((record) => record.offset >= offset);
      return start === -1 ? [] : records.slice(start, start + maxRecords);
    },
    clear() {
      for (const records of partitions) records.length = 0;
    },
  };
}

/** A row of the raw zone as the record that it was. */
export function recordOf(row: LakeRow): LogRecord {
  const sentUptimeUs = row['sent_uptime_us'];
  const hints = row['client_hints'];
  return {
    partition: Number(row['log_partition']),
    offset: Number(row['log_offset']),
    ingestTimeUs: Number(row['ingest_time_us']),
    sentTimeUs: Number(row['sent_time_us']),
    ...(typeof sentUptimeUs === 'number' ? { sentUptimeUs } : {}),
    userAgent: String(row['user_agent']),
    clientAddress: String(row['client_network']),
    ...(typeof hints === 'string'
      ? { clientHints: JSON.parse(hints) as Readonly<Record<string, string>> }
      : {}),
    raw: typeof row['raw'] === 'string' ? (JSON.parse(row['raw']) as unknown) : undefined,
  };
}
