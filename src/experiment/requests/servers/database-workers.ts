/** The workers of a limited database, with an account of what they told the database: so that a run
 * can hold them to the laws of stations. */
import type { Fleet } from '../../../queueing/stations/fleet.ts';
import type { FleetListener } from '../../../queueing/stations/job.ts';
import type { Query } from './database.ts';

/** Queries that were done, as the database heard of them. */
export interface QueryAccount {
  readonly jobs: number;
  readonly waitUs: number;
  readonly serviceUs: number;
}

/** The workers of one database. */
export interface DatabaseWorkers {
  /** Like `database.movie`. */
  readonly name: string;
  readonly fleet: Fleet<Query>;
  readonly account: QueryAccount;
}

/** Makes the workers. @param createFleet - Gets the listener, which passes everything on. */
export function countDatabaseWorkers(
  name: string,
  listener: FleetListener<Query>,
  createFleet: (listener: FleetListener<Query>) => Fleet<Query>,
): DatabaseWorkers {
  const account = { jobs: 0, waitUs: 0, serviceUs: 0 };
  const fleet = createFleet({
    finished(...[query, replica, waitUs, serviceUs]) {
      account.jobs += 1;
      account.waitUs += waitUs;
      account.serviceUs += serviceUs;
      listener.finished(query, replica, waitUs, serviceUs);
    },
    dropped: (query, replica, reason) => listener.dropped(query, replica, reason),
  });
  return { name, fleet, account };
}
