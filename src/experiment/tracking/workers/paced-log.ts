/** The log as the pipeline sees it behind workers: records show when workers are done with them,
 * partition by partition in their order. Where nothing is held back it is the log itself. */
import type { AppendReceipt, LogWriter } from '../../../domain/collector-ports.ts';
import type { LogReader } from '../../../domain/pipeline-ports.ts';

/** A log in front of which somebody stands. */
export interface PacedLog {
  /** Tells of what is appended. */
  readonly writer: LogWriter;
  /** Shows what was revealed, and nothing else. */
  readonly reader: LogReader;
  /** The next so many records of a partition show from now on. */
  reveal(partition: number, count: number): void;
  /** Shows nothing from these offsets on, by partition, until it is revealed again.
   * @returns how many records of each partition had been shown from there on. */
  hideFrom(offsets: readonly number[]): readonly number[];
}

/** Stands between a log's writer and its reader.
 * @param onAppend - Told after the log has taken records. */
export function createPacedLog(
  log: LogReader & LogWriter,
  onAppend: (receipt: AppendReceipt) => void,
): PacedLog {
  const revealed = new Array<number>(log.partitionCount).fill(0);
  const told = (receipts: readonly AppendReceipt[]) => {
    for (const receipt of receipts) onAppend(receipt);
    return receipts;
  };
  return {
    writer: {
      partitionCount: log.partitionCount,
      append(request) {
        const receipt = log.append(request);
        onAppend(receipt);
        return receipt;
      },
      appendAll: (requests) => told(log.appendAll(requests)),
    },
    reader: {
      partitionCount: log.partitionCount,
      read(partition, offset, maxRecords) {
        const shown = (revealed[partition] ?? 0) - offset;
        return shown <= 0 ? [] : log.read(partition, offset, Math.min(maxRecords, shown));
      },
    },
    reveal(partition, count) {
      revealed[partition] = (revealed[partition] ?? 0) + count;
    },
    hideFrom(offsets) {
      return revealed.map((shown, partition) => {
        const hidden = Math.max(0, shown - (offsets[partition] ?? 0));
        revealed[partition] = shown - hidden;
        return hidden;
      });
    },
  };
}
