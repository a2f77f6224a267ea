/** The warehouse with a write-ahead log that is never synced: a commit survives its process. */
import { warehouseProgram } from './parts/warehouse-in-wal.ts';

/** The program. */
export const program = warehouseProgram('process');
