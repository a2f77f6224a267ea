/** Between a log, a pipeline and its sink: what the pipeline reads goes to the lake's raw zone,
 * what it commits to the curated one. It changes nothing on the way. */
import type { LogReader, PipelineSink } from '../../domain/pipeline-ports.ts';
import { type LakeCheckpoint, openLake } from '../../lake/lake.ts';
import { CURATED_EVENTS, rawEvents } from '../../lake/lake-family.ts';
import { redactAddresses } from '../../streams/redact.ts';
import { type JobSettings, jobNameOf, settingsAsPlain } from './job-settings.ts';
import { networkAddress } from './network-address.ts';

/** A tap, open until it is closed. */
export interface LakeTap {
  /** The same log; records go to the lake when they are read for the first time. */
  reader(log: LogReader): LogReader;
  /** The same sink; facts go to the lake once it has taken them. */
  sink(sink: PipelineSink): PipelineSink;
  /** As the lake's `commit`. */
  commit(at: LakeCheckpoint): Promise<void>;
  close(): Promise<void>;
}

/** Opens a lake for a job and taps into it.
 * @throws EngineError as the lake does. */
export async function openLakeTap(directory: string, settings: JobSettings): Promise<LakeTap> {
  const { source } = settings;
  const job = jobNameOf(source);
  const lake = await openLake({ directory, job, settings: settingsAsPlain(settings) });
  const raw = await lake.writer(
    rawEvents({ source, networkOf: networkAddress, redact: redactAddresses }),
  );
  const curated = await lake.writer(CURATED_EVENTS);
  const nextOffsets: number[] = [];
  return {
    reader: (log) => ({
      partitionCount: log.partitionCount,
      read(partition, offset, maxRecords) {
        const records = log.read(partition, offset, maxRecords);
        const next = nextOffsets[partition] ?? 0;
        for (const record of records) if (record.offset >= next) raw.append(record);
        nextOffsets[partition] = Math.max(next, (records.at(-1)?.offset ?? -1) + 1);
        return records;
      },
    }),
    sink: (sink) => ({
      commit(batch) {
        sink.commit(batch);
        for (const fact of batch.facts) curated.append(fact);
      },
      committedOffsets: (partitionCount) => sink.committedOffsets(partitionCount),
      ...(sink.committedState === undefined
        ? {}
        : { committedState: () => sink.committedState?.() }),
    }),
    commit: (at) => lake.commit(at),
    close: () => lake.close(),
  };
}
