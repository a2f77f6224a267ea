/** The warehouse with a write-ahead log, synced at each commit. */
import { warehouseProgram } from './parts/warehouse-in-wal.ts';

/** The program. */
export const program = warehouseProgram('power');
