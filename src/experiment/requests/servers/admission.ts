/** The door of a server: load shedding by criticality, and an adaptive limit on what is in flight.
 * Spec: Q40–Q43, Q57–Q59. */
import type { Draws } from '../../../kernel/chance.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import {
  type ConcurrencyLimitConfig,
  createConcurrencyLimit,
  type LimitState,
} from '../../../queueing/limits/concurrency-limit.ts';
import { CRITICALITIES, type Criticality } from '../../../queueing/shedding/criticality.ts';
import {
  createShedder,
  type ShedderState,
  type SheddingConfig,
} from '../../../queueing/shedding/shedder.ts';
import type { Fleet } from '../../../queueing/stations/fleet.ts';
import type { Attempt } from '../calls/call.ts';
import { drawEntity, drawIndex } from '../calls/page-request.ts';

/** What came of a try that was let in. */
export interface AdmittedSample {
  readonly durationUs: number;
  /** In flight when it was let in, itself included. */
  readonly inFlight: number;
  readonly dropped: boolean;
}

/** The door of a server. */
export interface Admission {
  /** How many may be in flight now; undefined without a limit. */
  readonly limit: number | undefined;
  /** @param inFlight - Before this try. */
  admits(attempt: Attempt, inFlight: number, fleet: Fleet<Attempt>): boolean;
  /** A try begins after a wait. @returns whether it is shed instead. */
  shedsAtStart(waitUs: number): boolean;
  observe(attempt: Attempt, sample: AdmittedSample): void;
}

/** What a door is made of. */
export interface AdmissionOptions {
  readonly limit: ConcurrencyLimitConfig | undefined;
  readonly shedding: SheddingConfig | undefined;
  readonly workersPerReplica: number;
  readonly simulation: Simulation;
  /** For probes of the limit, and for shedding a share. */
  readonly draws: Draws;
}

/** Priorities 0–7 to criticalities. */
const PRIORITIES_PER_CRITICALITY = 2;

/** Makes a door; undefined where everybody is let in. */
export function createAdmission(options: AdmissionOptions): Admission | undefined {
  const { simulation, draws, workersPerReplica } = options;
  if (options.limit === undefined && options.shedding === undefined) return undefined;
  const limit = options.limit && createConcurrencyLimit(options.limit);
  const shedder = options.shedding && createShedder(options.shedding);
  let state: LimitState | undefined = limit?.initial;
  let shedding: ShedderState = shedder?.initial ?? null;
  const uniform = ({ call, number }: Attempt) => {
    const index = drawIndex(call.request, call.slot, number);
    return draws.uniform(drawEntity(call.request), index);
  };
  return {
    get limit() {
      return limit === undefined || state === undefined ? undefined : limit.limitOf(state);
    },
    admits(attempt, inFlight, fleet) {
      if (limit !== undefined && state !== undefined && inFlight >= limit.limitOf(state)) {
        return false;
      }
      if (shedder === undefined) return true;
      const seen = sightOf(fleet, workersPerReplica);
      const criticality = criticalityOf(attempt);
      return shedder.admits({ criticality, u: uniform(attempt), ...seen });
    },
    shedsAtStart(waitUs) {
      if (shedder === undefined) return false;
      const step = shedder.onStart(shedding, { waitedUs: waitUs, nowUs: simulation.nowUs });
      shedding = step.state;
      return step.isShed;
    },
    observe(attempt, sample) {
      if (limit === undefined || state === undefined) return;
      state = limit.onSample(state, {
        ...sample,
        nowUs: simulation.nowUs,
        u: uniform(attempt),
      });
    },
  };
}

function criticalityOf({ priority }: Attempt): Criticality {
  const index = Math.floor(priority / PRIORITIES_PER_CRITICALITY);
  return CRITICALITIES[Math.min(index, CRITICALITIES.length - 1)] ?? 'sheddable';
}

/** Share of busy workers, and jobs that wait, over the ready replicas. */
function sightOf(fleet: Fleet<Attempt>, workersPerReplica: number) {
  let busy = 0;
  let waiting = 0;
  let workers = 0;
  for (const { isReady, outstanding } of fleet.replicas) {
    if (!isReady) continue;
    workers += workersPerReplica;
    busy += Math.min(outstanding, workersPerReplica);
    waiting += Math.max(0, outstanding - workersPerReplica);
  }
  return { utilization: workers === 0 ? 1 : busy / workers, waiting };
}
