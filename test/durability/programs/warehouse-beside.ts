/** The warehouse as runs write it: a copy beside it, in a journal in memory and never synced, which
 * takes its place once it is whole. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../src/kernel/errors.ts';
import { beginReplacing } from '../../../src/storage/warehouse/replace-file.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import type { DurableProgram } from '../program.ts';
import { batchOfStep, soundContentOf } from './parts/batches.ts';

/** The program. */
export const program: DurableProgram = {
  name: 'warehouse-beside',
  steps: 3,
  open: (folder) => {
    const path = join(folder, 'warehouse.sqlite');
    const beside = join(folder, 'warehouse.sqlite.partial-1');
    return {
      step: (step) =>
        writable(path, () => {
          rmSync(beside, { force: true });
          const replaced = beginReplacing({ path });
          replaced.copyTo(beside);
          const warehouse = openWarehouse({ path: beside });
          try {
            warehouse.commit(batchOfStep(step));
          } finally {
            warehouse.close();
          }
          replaced.replaceBy(beside);
        }),
      close: () => undefined,
    };
  },
  content(folder) {
    const path = join(folder, 'warehouse.sqlite');
    if (!existsSync(path)) return {};
    const warehouse = openWarehouse({ path });
    try {
      return soundContentOf(warehouse, { journal: 'memory', synchronous: 0 });
    } finally {
      warehouse.close();
    }
  },
};

/** As those who replace a warehouse have it. */
function writable(path: string, act: () => void): void {
  try {
    act();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const message = `${path}: it cannot be written; choose a writable --warehouse`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path }, { cause });
  }
}
