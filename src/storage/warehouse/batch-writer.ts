/** Writes everything of a batch but the pipeline's state. Spec: S2, S3. */

import type {
  BadRow,
  CommitBatch,
  LateEvent,
  StageCount,
  WindowPane,
} from '../../domain/pipeline-ports.ts';
import type { Connection } from '../connection.ts';
import { createFactWriter } from './fact-writer.ts';
import { createResultWriter } from './result-writer.ts';

/** Makes the writer of one source; call it inside a transaction. */
export function createBatchWriter(
  connection: Connection,
  source: string,
): (batch: CommitBatch) => void {
  const writeFacts = createFactWriter(connection);
  const writeResults = createResultWriter(connection, source);
  const pane = connection.prepare(
    `INSERT INTO pane VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     value = excluded.value, timing = excluded.timing, pane_index = excluded.pane_index,
     emit_time_us = excluded.emit_time_us`,
  );
  const late = connection.prepare('INSERT OR IGNORE INTO late_event VALUES (?, ?, ?, ?)');
  const bad = connection.prepare(
    `INSERT OR IGNORE INTO bad_row VALUES (${new Array(15).fill('?').join(', ')})`,
  );
  const count = connection.prepare(
    `INSERT INTO stage_count VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET events = excluded.events`,
  );
  const offset = connection.prepare(
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
  /** By stage, outcome and reason: most counts are what they were at the last commit. */
  const written = new Map<string, number>();
  const writeOne = (stage: string, [outcome, reason]: readonly string[], events: number) => {
    const key = `${stage}/${outcome}/${reason}`;
    if (written.get(key) === events) return;
    count.run(source, stage, outcome, reason, events);
    written.set(key, events);
  };
  const writeCount = (stage: StageCount) => {
    writeOne(stage.stage, ['received', ''], stage.received);
    writeOne(stage.stage, ['passed', ''], stage.passed);
    for (const outcome of ['rejected', 'dropped'] as const) {
      for (const [reason, events] of Object.entries(stage[outcome])) {
        writeOne(stage.stage, [outcome, reason], events);
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
