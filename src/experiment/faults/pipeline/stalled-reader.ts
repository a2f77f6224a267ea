/** A partition that is not read while a watermark stall lasts: its watermark stands, and holds the
 * others back until it is taken for idle. Spec: E482. */
import type { LogReader } from '../../../domain/pipeline-ports.ts';
import type { ActiveFault } from '../board/fault-board.ts';
import type { FaultSight } from '../fault-sight.ts';

/** A reader with stalls in front of it. */
export function createStalledReader(reader: LogReader, sight: FaultSight): LogReader {
  const { partitionCount } = reader;
  sight.listen('pipeline.watermark-stall', { begin: (fault) => sight.struck(fault), end() {} });
  return {
    partitionCount,
    read(partition, offset, maxRecords) {
      for (const fault of sight.active('pipeline.watermark-stall')) {
        if (stalledPartition(fault, partitionCount) === partition) return [];
      }
      return reader.read(partition, offset, maxRecords);
    },
  };
}

/** Which partition a stall hits. */
export function stalledPartition(fault: ActiveFault, partitionCount: number): number {
  return Math.floor(fault.draws('partition').uniform(0, 0) * partitionCount);
}
