/** Replicas for the load that is forecast, as a pure reducer: what has been seen of requests and of
 * the work behind them, late as metrics are, corrects the forecast of what comes within the time
 * that a new replica takes. What it asks for is one more metric of the autoscaler: the greatest
 * counts, so that a forecast can add replicas to what the usage asks for and never take any.
 * Spec: Q130–Q134. */

/** How a forecast becomes replicas. */
export interface AnticipationConfig {
  /** From a look at the load until replicas asked for then serve: pending, boot, sync period. */
  readonly leadUs: number;
  readonly workersPerReplica: number;
  /** Share of workers that are to be busy, 0–1. */
  readonly targetUtilization: number;
  /** Worker time of a request; undefined where it is measured. */
  readonly workPerRequestUs?: number | undefined;
  /** From a reading to the knowing of it. */
  readonly metricLagUs: number;
  /** Readings of this time correct the forecast, by a factor within the bounds. */
  readonly correction: {
    readonly windowUs: number;
    readonly least: number;
    readonly most: number;
  };
}

/** What is forecast. Times are µs since the start of the run. */
export interface LoadOutlook {
  /** Requests expected between two times. */
  expected(fromUs: number, toUs: number): number;
  /** The highest rate to be ready for between two times, requests per second. */
  highestPerSec(fromUs: number, toUs: number): number;
}

/** What had come by a time, since the start of the run. */
export interface LoadReading {
  readonly atUs: number;
  readonly requests: number;
  /** Worker time handed to this server, µs. */
  readonly workUs: number;
}

/** What an anticipation remembers: readings, the oldest first. */
export interface AnticipationState {
  readonly readings: readonly LoadReading[];
}

/** What came of a look. */
export interface AnticipationStep {
  readonly state: AnticipationState;
  /** Undefined while nothing is known of the work behind a request. */
  readonly replicas: number | undefined;
  /** Seen ÷ forecast, within its bounds; 1 where too little is known. */
  readonly correction: number;
  readonly workPerRequestUs: number | undefined;
}

/** An anticipation that has seen nothing. */
export const NEW_ANTICIPATION: AnticipationState = {
  readings: [{ atUs: 0, requests: 0, workUs: 0 }],
};

/** With fewer requests seen and forecast, their ratio is chance. */
const LEAST_REQUESTS = 20;
const US_PER_SECOND = 1_000_000;

/** Notes a reading. Those that no later look needs go. */
export function noteReading(
  config: AnticipationConfig,
  { readings }: AnticipationState,
  reading: LoadReading,
): AnticipationState {
  const oldestUs = reading.atUs - config.metricLagUs - config.correction.windowUs;
  const first = readings.findLastIndex(({ atUs }) => atUs <= oldestUs);
  return { readings: [...readings.slice(Math.max(0, first)), reading] };
}

/** How many replicas to have now, for what comes until those asked for now would serve. */
export function anticipate(
  config: AnticipationConfig,
  state: AnticipationState,
  { outlook, nowUs }: { readonly outlook: LoadOutlook; readonly nowUs: number },
): AnticipationStep {
  const seen = windowOf(config, state, nowUs);
  const correction = correctionOf(config, seen, outlook);
  const workPerRequestUs = config.workPerRequestUs ?? measuredWork(seen);
  if (workPerRequestUs === undefined) {
    return { state, replicas: undefined, correction, workPerRequestUs };
  }
  const ratePerSec = correction * outlook.highestPerSec(nowUs, nowUs + config.leadUs);
  const busyWorkers = (ratePerSec * workPerRequestUs) / US_PER_SECOND;
  const perReplica = config.workersPerReplica * config.targetUtilization;
  // A rounding above a whole number is no replica.
  const replicas = Math.max(0, Math.ceil(busyWorkers / perReplica - ROUNDING));
  return { state, replicas, correction, workPerRequestUs };
}

const ROUNDING = 1e-9;

interface Seen {
  readonly from: LoadReading;
  readonly to: LoadReading;
}

/** The readings at both ends of the window, as far as they are known by now. */
function windowOf(
  config: AnticipationConfig,
  { readings }: AnticipationState,
  nowUs: number,
): Seen | undefined {
  const to = readings.findLast(({ atUs }) => atUs <= nowUs - config.metricLagUs);
  if (to === undefined) return undefined;
  const sinceUs = to.atUs - config.correction.windowUs;
  const from = readings.findLast(({ atUs }) => atUs <= sinceUs) ?? readings[0];
  return from === undefined || from.atUs >= to.atUs ? undefined : { from, to };
}

function correctionOf(
  { correction: { least, most } }: AnticipationConfig,
  seen: Seen | undefined,
  outlook: LoadOutlook,
): number {
  if (seen === undefined) return 1;
  const requests = seen.to.requests - seen.from.requests;
  const expected = outlook.expected(seen.from.atUs, seen.to.atUs);
  if (Math.max(requests, expected) < LEAST_REQUESTS) return 1;
  return expected === 0 ? most : Math.min(most, Math.max(least, requests / expected));
}

function measuredWork(seen: Seen | undefined): number | undefined {
  if (seen === undefined) return undefined;
  const requests = seen.to.requests - seen.from.requests;
  const workUs = seen.to.workUs - seen.from.workUs;
  return requests < LEAST_REQUESTS ? undefined : workUs / requests;
}
