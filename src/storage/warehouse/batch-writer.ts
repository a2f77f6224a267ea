/** Writes everything of a batch but the pipeline's state. Spec: S2, S3. */
import type Database from 'better-sqlite3';
import type {
  BadRow,
  CommitBatch,
  LateEvent,
  StageCount,
  WindowPane,
} from '../../domain/pipeline-ports.ts';
import { createFactWriter } from './fact-writer.ts';
import { createResultWriter } from './result-writer.ts';

/** Makes the writer of one source; call it inside a transaction. */
export function createBatchWriter(
  database: Database.Database,
  source: string,
): (batch: CommitBatch) => void {
  const writeFacts = createFactWriter(database);
  const writeResults = createResultWriter(database, source);
  const pane = database.prepare(
    `INSERT INTO pane VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     value = excluded.value, timing = excluded.timing, pane_index = excluded.pane_index,
     emit_time_us = excluded.emit_time_us`,
  );
  const late = database.prepare('INSERT OR IGNORE INTO late_event VALUES (?, ?, ?, ?)');
  const bad = database.prepare(
    `INSERT OR IGNORE INTO bad_row VALUES (${new Array(15).fill('?').join(', ')})`,
  );
  const count = database.prepare(
    `INSERT INTO stage_count VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET events = excluded.events`,
  );
  const offset = database.prepare(
    `INSERT INTO source_offset VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     next_offset = excluded.next_offset, watermark_us = excluded.watermark_us,
     process_time_us = excluded.process_time_us`,
  );
  const writePane = (p: WindowPane) =>
    pane.run(
      source,
      p.metric,
      p.windowStartUs,
      p.key,
      p.windowEndUs,
      p.value,
      p.timing,
      p.paneIndex,
      p.emitTimeUs,
    );
  const writeLate = (l: LateEvent) =>
    late.run(l.eventId, l.metric, l.eventTimeUs, bounded(l.watermarkUs));
  const writeBad = (b: BadRow) =>
    bad.run(
      source,
      b.partition,
      b.offset,
      b.ingestTimeUs,
      b.reason,
      b.payload,
      b.failureType,
      b.processor,
      b.processorVersion,
      b.failedTimeUs,
      JSON.stringify(b.messages),
      b.field,
      b.attempt,
      Number(b.recoverable),
      JSON.stringify(b.envelope),
    );
  const writeCount = (stage: StageCount) => {
    count.run(source, stage.stage, 'received', '', stage.received);
    count.run(source, stage.stage, 'passed', '', stage.passed);
    for (const outcome of ['rejected', 'dropped'] as const) {
      for (const [reason, events] of Object.entries(stage[outcome])) {
        count.run(source, stage.stage, outcome, reason, events);
      }
    }
  };
  return (batch: CommitBatch) => {
    writeFacts(batch.facts);
    batch.panes.forEach(writePane);
    batch.late.forEach(writeLate);
    batch.badRows.forEach(writeBad);
    writeResults(batch);
    batch.stageCounts.forEach(writeCount);
    for (const [partition, next] of batch.nextOffsets.entries()) {
      offset.run(source, partition, next, bounded(batch.watermarkUs), batch.processTimeUs);
    }
  };
}

/** Watermarks begin at −∞ and end at +∞; SQLite keeps integers. */
function bounded(timeUs: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, timeUs));
}
