/** A storage stage in memory: the reference of the contract, and what tests of pipelines use. What
 * it keeps is in a store of its own, so that another stage can be opened on it after a crash. */
import type { Cell, RowSchema } from '../../domain/stored/row-schema.ts';
import { checkRows, inOrder, storedCells } from '../../domain/stored/stage-rows.ts';
import type { StageCommit, StorageStage } from '../../domain/stored/storage-stage.ts';

/** What outlives a stage. */
export interface MemoryStore {
  rows: readonly (readonly Cell[])[];
  last: StageCommit | undefined;
}

/** Opens a stage on a store. */
export function openMemoryStage<Row>(
  schema: RowSchema<Row>,
  store: MemoryStore = { rows: [], last: undefined },
): StorageStage<Row> {
  let pending: (readonly Cell[])[] = [];
  return {
    recovery: { removed: [] },
    write(rows) {
      checkRows(schema, rows);
      for (const row of rows) pending.push(storedCells(schema, row));
    },
    commit({ checkpoint, offsets }) {
      if (checkpoint > (store.last?.checkpoint ?? 0)) {
        store.rows = [...store.rows, ...pending];
        store.last = { checkpoint, offsets: [...offsets] };
      }
      pending = [];
    },
    lastCommit: () => store.last,
    readBack: () => inOrder(schema, store.rows),
    close: () => {
      pending = [];
    },
  };
}
