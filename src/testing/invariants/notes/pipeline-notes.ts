/** What the pipeline read and committed: each record of the log until its fate is committed, and
 * the rows of each commit as the sink took them. */
import type {
  CommitBatch,
  LogReader,
  LogRecord,
  PipelineSink,
} from '../../../domain/pipeline-ports.ts';
import type { Warehouse } from '../../../storage/warehouse.ts';
import type { Happenings } from './happenings.ts';
import { type Signal, Teller } from './signal.ts';

/** A commit that the sink has taken. */
export interface Committed {
  readonly batch: CommitBatch;
  /** Offsets before it, by partition. */
  readonly fromOffsets: readonly number[];
  /** Records whose fate it tells, by partition, as they were read last. One that was never read is
   * missing. */
  readonly records: readonly LogRecord[];
}

/** Counts of rows committed. */
export interface CommittedRows {
  facts: number;
  badRows: number;
  panes: number;
  lateEvents: number;
  commits: number;
}

/** Watches a pipeline, and those that take over from it. */
export class PipelineNotes {
  readonly rows: CommittedRows = { facts: 0, badRows: 0, panes: 0, lateEvents: 0, commits: 0 };
  readonly #committed = new Teller<Committed>();
  readonly #read = new Teller<LogRecord>();
  readonly #happenings: Happenings;
  /** By partition and offset: read, and not committed yet. */
  readonly #open = new Map<string, LogRecord>();
  #offsets: number[] = [];
  /** By partition: the highest offset read, and one. */
  readonly #readTo: number[] = [];
  #warehouse: Warehouse | undefined;
  /** Pipelines so far. */
  lives = 0;

  constructor(happenings: Happenings) {
    this.#happenings = happenings;
  }

  get committed(): Signal<Committed> {
    return this.#committed;
  }

  /** Every record when it is read for the first time. */
  get firstRead(): Signal<LogRecord> {
    return this.#read;
  }

  /** By partition; empty before the first commit. */
  get committedOffsets(): readonly number[] {
    return this.#offsets;
  }

  /** Where rows are in the end; undefined before there was a pipeline. */
  get warehouse(): Warehouse | undefined {
    return this.#warehouse;
  }

  reader(log: LogReader): LogReader {
    return {
      partitionCount: log.partitionCount,
      read: (partition, offset, maxRecords) => {
        const records = log.read(partition, offset, maxRecords);
        for (const record of records) this.#sawRecord(record);
        return records;
      },
    };
  }

  sink(sink: PipelineSink, warehouse: Warehouse): PipelineSink {
    this.#warehouse = warehouse;
    this.lives += 1;
    if (this.lives > 1) this.#happenings['pipeline-recovered'] += 1;
    return {
      commit: (batch) => {
        sink.commit(batch);
        this.#sawCommit(batch);
      },
      committedOffsets: (partitionCount) => sink.committedOffsets(partitionCount),
      ...(sink.committedState === undefined
        ? {}
        : { committedState: () => sink.committedState?.() }),
    };
  }

  #sawRecord(record: LogRecord): void {
    const { partition, offset } = record;
    this.#open.set(keyOf(partition, offset), record);
    const readTo = this.#readTo[partition] ?? 0;
    if (offset < readTo) {
      this.#happenings['records-read-again'] += 1;
      return;
    }
    this.#readTo[partition] = offset + 1;
    this.#read.tell(record);
  }

  #sawCommit(batch: CommitBatch): void {
    const { facts, badRows, panes, late, nextOffsets } = batch;
    const { rows } = this;
    rows.commits += 1;
    rows.facts += facts.length;
    rows.badRows += badRows.length;
    rows.panes += panes.length;
    rows.lateEvents += late.length;
    this.#happenings['bad-row-written'] += badRows.length;
    this.#happenings['late-event-seen'] += late.length;
    for (const { dropped } of batch.stageCounts) {
      const { duplicate = 0 } = dropped;
      const counted = this.#happenings['duplicate-dropped'];
      this.#happenings['duplicate-dropped'] = Math.max(counted, duplicate);
    }
    for (const { paneIndex } of panes) {
      if (paneIndex > 0) this.#happenings['window-fired-again'] += 1;
    }
    const fromOffsets = nextOffsets.map((_, partition) => this.#offsets[partition] ?? 0);
    const records = this.#taken(fromOffsets, nextOffsets);
    this.#offsets = [...nextOffsets];
    this.#committed.tell({ batch, fromOffsets, records });
  }

  #taken(fromOffsets: readonly number[], nextOffsets: readonly number[]): readonly LogRecord[] {
    const records: LogRecord[] = [];
    nextOffsets.forEach((next, partition) => {
      for (let offset = fromOffsets[partition] ?? 0; offset < next; offset += 1) {
        const key = keyOf(partition, offset);
        const record = this.#open.get(key);
        if (record !== undefined) records.push(record);
        this.#open.delete(key);
      }
    });
    return records;
  }
}

function keyOf(partition: number, offset: number): string {
  return `${partition}/${offset}`;
}
