/** How long each server's replicas were there: what machines are paid by. */
import type { WiredPath } from '../requests/wiring/create-path.ts';

/** One server up to the moment of reading. */
export interface MachineTime {
  readonly server: string;
  /** Replica time, starting and draining ones and those of lost zones included, µs. */
  readonly memberUs: number;
  readonly coresPerReplica: number;
}

/** Reads the books of all servers. It changes nothing. */
export function readMachineTime({ servers }: WiredPath): readonly MachineTime[] {
  return servers.map(({ name, fleet, workers }) => ({
    server: name,
    memberUs: fleet.statistics().memberUs,
    coresPerReplica: workers(1),
  }));
}
