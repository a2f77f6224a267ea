/** A warehouse that appears, or changes, only when all went well: what is written goes into a
 * sibling file (a copy where the warehouse exists) that takes its place at the end. So an ingestion
 * into a warehouse needs its size again on the disk, and of two at once the later one fails. */
import { mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EngineError } from '../../kernel/errors.ts';
import { beginReplacing } from '../../storage/warehouse/replace-file.ts';
import { openWarehouse, type Warehouse } from '../../storage/warehouse.ts';

/** Runs `write` on the warehouse and keeps what it wrote unless it throws.
 * @throws EngineError `OUTPUT_UNWRITABLE`, `WAREHOUSE_UNREADABLE`, `WAREHOUSE_UNWRITABLE` where
 * another process works on it, and what `write` throws; then nothing has changed. */
export async function inWholeOrNot<T>(
  options: { readonly warehousePath: string; readonly source: string },
  write: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  const { warehousePath, source } = options;
  const partial = `${warehousePath}.partial-${process.pid}`;
  const folder = dirname(resolve(warehousePath));
  let isKept = false;
  const firstMade = writable(warehousePath, () => mkdirSync(folder, { recursive: true }));
  try {
    const replaced = writable(warehousePath, () => {
      removeAbandoned(warehousePath);
      rmSync(partial, { force: true });
      const file = beginReplacing({ path: warehousePath });
      file.copyTo(partial);
      return file;
    });
    const warehouse = openPartial(partial, { warehousePath, source });
    try {
      const result = await write(warehouse);
      warehouse.close();
      writable(warehousePath, () => replaced.replaceBy(partial));
      isKept = true;
      return result;
    } finally {
      warehouse.close();
    }
  } finally {
    rmSync(partial, { force: true });
    if (!isKept && firstMade !== undefined) removeEmptyFolders(folder, firstMade);
  }
}

/** Removes the siblings of processes that were killed: each is as large as the warehouse. */
export function removeAbandoned(warehousePath: string): void {
  const folder = dirname(resolve(warehousePath));
  const prefix = `${basename(warehousePath)}.partial-`;
  for (const name of readdirSync(folder)) {
    const id = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (/^\d+$/.test(id) && !isRunning(Number(id))) rmSync(join(folder, name), { force: true });
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Opens the sibling; errors name the file that the caller knows. */
function openPartial(
  partial: string,
  options: { readonly warehousePath: string; readonly source: string },
): Warehouse {
  const { warehousePath, source } = options;
  try {
    return openWarehouse({ path: partial, source });
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    const message = cause.message.slice(`${cause.code}: `.length);
    throw new EngineError(
      cause.code,
      message.replaceAll(partial, warehousePath),
      { ...(cause.details as object), path: warehousePath },
      { cause },
    );
  }
}

function writable<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError(
      'OUTPUT_UNWRITABLE',
      `${path}: it cannot be written; choose a writable --warehouse`,
      { path },
      { cause },
    );
  }
}

/** Removes the folders that were made, from the last to the first, as far as they are empty. */
function removeEmptyFolders(last: string, first: string): void {
  for (let folder = last; folder.startsWith(first); folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}
