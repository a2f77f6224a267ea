/** Batches into a warehouse with a write-ahead log. Half-way the file is closed and opened again,
 * which brings the log into it, and in the end the star is derived. */
import { join } from 'node:path';
import { openWarehouse, type Warehouse } from '../../../../src/storage/warehouse.ts';
import type { DurableProgram } from '../../program.ts';
import { batchOfStep, soundContentOf } from './batches.ts';

const STEPS = 6;
const REOPENS_BEFORE = 3;

/** Makes the program. */
export function warehouseProgram(survives: 'process' | 'power'): DurableProgram {
  const open = (folder: string) =>
    openWarehouse({ path: join(folder, 'warehouse.sqlite'), survives });
  return {
    name: `warehouse-${survives}`,
    steps: STEPS,
    open(folder) {
      let warehouse: Warehouse | undefined = open(folder);
      return {
        step(step) {
          if (step === REOPENS_BEFORE) warehouse?.close();
          if (step === REOPENS_BEFORE) warehouse = undefined;
          warehouse ??= open(folder);
          if (step === STEPS - 1) warehouse.derive();
          else warehouse.commit(batchOfStep(step));
          // Not only a new connection, this one too is still what it was asked to be.
          const [row] = warehouse.query('PRAGMA journal_mode');
          if (row?.['journal_mode'] !== 'wal') throw new Error('it goes on without its journal');
        },
        close: () => warehouse?.close(),
      };
    },
    content(folder) {
      const warehouse = open(folder);
      try {
        const synchronous = survives === 'power' ? 2 : 0;
        return soundContentOf(warehouse, { journal: 'wal', synchronous });
      } finally {
        warehouse.close();
      }
    },
  };
}
