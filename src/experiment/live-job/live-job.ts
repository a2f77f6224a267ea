/** The pipeline of a collector: its log on disk into its warehouse, poll by poll. What a poll does
 * depends on the log and on the poll's entry in the journal, and on nothing else: whoever runs the
 * same entries over the same log, live or simulated, has the same warehouse. Spec: S421. */
import type { CommitBatch, PipelineSink } from '../../domain/pipeline-ports.ts';
import { openLogFollower } from '../../storage/log/log-follower.ts';
import type { Survives } from '../../storage/warehouse/open-database.ts';
import { openWarehouse, type Warehouse } from '../../storage/warehouse.ts';
import { createPipeline } from '../../streams/pipeline.ts';
import { pipelineOptionsOf } from '../backfill/job-settings.ts';
import type { LakeTap } from '../backfill/lake-tap.ts';
import { utcOffsetMinutes } from '../tracking/reference-data.ts';
import { LIVE_SOURCE_NAME, type LiveJobSettings } from './live-folder.ts';
import type { PollEntry } from './poll-journal.ts';

/** What a job works on. */
export interface LiveJobOptions extends LiveJobSettings {
  readonly logFolder: string;
  /** Closed with the job. */
  readonly warehouse: Warehouse;
  readonly tap?: Pick<LakeTap, 'reader' | 'sink'> | undefined;
  /** Told what the warehouse has taken. */
  readonly onCommit?: ((batch: CommitBatch) => void) | undefined;
}

/** A job, resumed where its warehouse stands. */
export interface LiveJob {
  readonly warehouse: Warehouse;
  /** Process time of the poll whose state it resumed from; null at the beginning. */
  readonly resumedUs: number | null;
  readonly watermarkUs: number;
  /** Per partition, the next offset to read. */
  committedOffsets(): readonly number[];
  /** Runs a poll. @returns records read. @throws what the warehouse or a stage throws. */
  run(entry: PollEntry): number;
  close(): void;
}

/** Nobody has told a collector of titles or of where networks are: titles go by their ids, and
 * countries are unknown. */
const NO_REFERENCE = { title: () => undefined, country: () => 'ZZ', utcOffsetMinutes };

/** Opens the warehouse of a live job. @throws EngineError as `openWarehouse` does. */
export function openLiveWarehouse(path: string, survives: Survives): Warehouse {
  return openWarehouse({ path, source: LIVE_SOURCE_NAME, survives });
}

/** Opens a job.
 * @throws EngineError of the warehouse; `SNAPSHOT_REFUSED` where its state is of other plans. */
export function openLiveJob(options: LiveJobOptions): LiveJob {
  const { manifest, functions, tap, warehouse } = options;
  const { partitions, maxRecordsPerPoll } = manifest;
  const follower = openLogFollower({ folder: options.logFolder, partitions });
  try {
    const sink = telling(warehouse, options.onCommit);
    const pipeline = createPipeline({
      log: tap?.reader(follower) ?? follower,
      sink: tap?.sink(sink) ?? sink,
      ...pipelineOptionsOf(manifest.pipeline, NO_REFERENCE),
      functions,
      maxRecordsPerPoll,
      // Each round that read or told anything is committed, with the state that belongs to it.
      checkpoint: { everyRecords: 1, everyUs: 1 },
    });
    const { processTimeUs } = pipeline;
    return {
      warehouse,
      resumedUs: Number.isFinite(processTimeUs) ? processTimeUs : null,
      get watermarkUs() {
        return pipeline.watermarkUs;
      },
      committedOffsets: () => warehouse.committedOffsets(partitions),
      run(entry) {
        follower.allow(entry.endOffsets);
        const read = pipeline.poll(entry.processTimeUs);
        if (entry.derives) warehouse.derive();
        return read;
      },
      close() {
        follower.close();
        warehouse.close();
      },
    };
  } catch (error) {
    follower.close();
    warehouse.close();
    throw error;
  }
}

function telling(warehouse: Warehouse, onCommit: LiveJobOptions['onCommit']): PipelineSink {
  return {
    commit(batch) {
      warehouse.commit(batch);
      onCommit?.(batch);
    },
    committedOffsets: (partitionCount) => warehouse.committedOffsets(partitionCount),
    committedState: () => warehouse.committedState(),
  };
}
