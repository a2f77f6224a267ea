/** Where a warehouse keeps the state of the pipelines that fill it: named parts, written in the
 * transaction of the rows and offsets that they belong to. Spec: W111. */
import type { CommittedState, StateChange, StatePart } from '../domain/pipeline-ports.ts';
import type { Connection } from './connection.ts';

/** The state of one source. */
export interface StateTable {
  /** Call it inside the commit's transaction. */
  write(change: StateChange): void;
  read(): CommittedState | undefined;
}

/** The row that holds the checkpoint's number; parts have names of at least one character. */
const CHECKPOINT = '';

/** Opens the table, making it where it is missing: files without it are older, not wrong. */
export function openStateTable(connection: Connection, source: string): StateTable {
  connection.database.exec(`CREATE TABLE IF NOT EXISTS pipeline_state (source TEXT NOT NULL,
    part TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (source, part)) STRICT, WITHOUT ROWID`);
  const clear = connection.prepare('DELETE FROM pipeline_state WHERE source = ?');
  const remove = connection.prepare('DELETE FROM pipeline_state WHERE source = ? AND part = ?');
  const put = connection.prepare('INSERT OR REPLACE INTO pipeline_state VALUES (?, ?, ?)');
  const all = connection.prepare(
    'SELECT part AS name, state AS text FROM pipeline_state WHERE source = ? ORDER BY part',
  );
  return {
    write({ checkpoint, isWhole, put: parts, removed }) {
      if (isWhole) clear.run(source);
      for (const { name, text } of parts) put.run(source, name, text);
      for (const name of removed) remove.run(source, name);
      put.run(source, CHECKPOINT, String(checkpoint));
    },
    read() {
      const [first, ...parts] = all.all(source) as StatePart[];
      return first === undefined ? undefined : { checkpoint: Number(first.text), parts };
    },
  };
}
