/** A look at a station: all that it has counted so far. What happened between two looks is their
 * difference, so that any part of a run can be measured afterwards. */
import type { Server } from '../requests/servers/server.ts';

/** Counts and sums from the start of the run to `atUs`. */
export interface StationLook {
  readonly atUs: number;
  /** ∫ jobs in the system dt, ∫ busy workers dt, ∫ workers of replicas that run dt. */
  readonly jobUs: number;
  readonly busyWorkerUs: number;
  readonly upWorkerUs: number;
  /** Jobs given to workers, sums of their squared gaps, demands and squared demands. */
  readonly arrivals: number;
  readonly gapSquaresUs: number;
  readonly demandUs: number;
  readonly demandSquaresUs: number;
  /** Jobs done, and sums of their waits, service times and demands. */
  readonly finished: number;
  readonly waitUs: number;
  readonly serviceUs: number;
  readonly workUs: number;
}

/** Looks now. Changes nothing. Cost O(replicas). */
export function lookAt({ fleet, account }: Pick<Server, 'fleet' | 'account'>, atUs: number) {
  const { jobUs, busyWorkerUs, upWorkerUs } = fleet.statistics();
  const { jobs: arrivals, gapSquaresUs, demandUs, demandSquaresUs } = account.given;
  const { jobs: finished, waitUs, serviceUs, workUs } = account;
  const look: StationLook = {
    atUs,
    jobUs,
    busyWorkerUs,
    upWorkerUs,
    arrivals,
    gapSquaresUs,
    demandUs,
    demandSquaresUs,
    finished,
    waitUs,
    serviceUs,
    workUs,
  };
  return look;
}

/** What happened from one look to the next. */
export function between(from: StationLook, to: StationLook): StationLook {
  return {
    atUs: to.atUs - from.atUs,
    jobUs: to.jobUs - from.jobUs,
    busyWorkerUs: to.busyWorkerUs - from.busyWorkerUs,
    upWorkerUs: to.upWorkerUs - from.upWorkerUs,
    arrivals: to.arrivals - from.arrivals,
    gapSquaresUs: to.gapSquaresUs - from.gapSquaresUs,
    demandUs: to.demandUs - from.demandUs,
    demandSquaresUs: to.demandSquaresUs - from.demandSquaresUs,
    finished: to.finished - from.finished,
    waitUs: to.waitUs - from.waitUs,
    serviceUs: to.serviceUs - from.serviceUs,
    workUs: to.workUs - from.workUs,
  };
}

/** Before anything has happened. */
export const FIRST_LOOK: StationLook = {
  atUs: 0,
  jobUs: 0,
  busyWorkerUs: 0,
  upWorkerUs: 0,
  arrivals: 0,
  gapSquaresUs: 0,
  demandUs: 0,
  demandSquaresUs: 0,
  finished: 0,
  waitUs: 0,
  serviceUs: 0,
  workUs: 0,
};
