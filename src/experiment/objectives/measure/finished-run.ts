/** A finished run as objectives look at it. */
import type { Warehouse } from '../../../storage/warehouse.ts';
import type { World } from '../../assemble.ts';

/** World and warehouse, and what the run is called. */
export interface FinishedRun {
  readonly world: World;
  readonly warehouse: Warehouse;
  /** Architecture or variant. */
  readonly subject: string;
  /** Where the measured part begins, µs. */
  readonly warmUpUs: number;
  /** Whether it ended before its start did: it has no measured part then. False unless given. */
  readonly isTooShort?: boolean;
}
