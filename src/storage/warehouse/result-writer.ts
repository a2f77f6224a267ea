/** Writes what users' plans tell. An upsert's row replaces the one of its key, and a retraction
 * takes it away; appended rows are known by their number. The same batch again changes nothing.
 * Spec: W144. */
import type Database from 'better-sqlite3';
import type { CommitBatch, PipelineResult, PipelineSideRow } from '../../domain/pipeline-ports.ts';
import type { Connection } from '../connection.ts';

/** Makes the writer of one source; call it inside a transaction. */
export function createResultWriter(
  connection: Connection,
  source: string,
): (batch: Pick<CommitBatch, 'results' | 'sideRows'>) => void {
  const put = connection.prepare(
    `INSERT INTO pipeline_result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET window_start_us = excluded.window_start_us,
     window_end_us = excluded.window_end_us, pane_index = excluded.pane_index,
     is_retraction = excluded.is_retraction, row = excluded.row,
     event_time_us = excluded.event_time_us`,
  );
  const take = connection.prepare(
    'DELETE FROM pipeline_result WHERE source = ? AND pipeline = ? AND key = ? AND number = 0',
  );
  const putAside = connection.prepare(
    'INSERT OR REPLACE INTO pipeline_side_output VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const writeResult = (one: PipelineResult) => {
    const isUpsert = one.mode === 'upsert';
    if (isUpsert && one.isRetraction) {
      take.run(source, one.pipeline, one.key);
      return;
    }
    put.run(
      source,
      one.pipeline,
      one.key,
      isUpsert ? 0 : one.number,
      one.windowStartUs,
      one.windowEndUs,
      one.paneIndex,
      Number(one.isRetraction),
      one.row,
      one.eventTimeUs,
    );
  };
  const writeAside = (one: PipelineSideRow) =>
    putAside.run(
      source,
      one.pipeline,
      one.output,
      one.number,
      one.step,
      one.reason,
      one.row,
      one.eventTimeUs,
    );
  return ({ results = [], sideRows = [] }) => {
    results.forEach(writeResult);
    sideRows.forEach(writeAside);
  };
}

/** Forgets what a source's plans told before: they begin anew. */
export function forgetResults(
  database: Database.Database,
  source: string,
  pipelines: readonly string[],
): void {
  for (const table of ['pipeline_result', 'pipeline_side_output']) {
    const forget = database.prepare(`DELETE FROM ${table} WHERE source = ? AND pipeline = ?`);
    for (const pipeline of pipelines) forget.run(source, pipeline);
  }
}
