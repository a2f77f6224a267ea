/** The retry storm of DesCartes' `metastable_retry_storm.rs` on our kernel, with our fleet and
 * our call guard: one server (μ 10 per second, 100 waiting), Poisson arrivals of 9.3 per second
 * with a spike of 30 from 120 s to 125 s, attempts given up after 4 s and tried again at once up to
 * three times. The server finishes what was given up: wasted work. A dropped attempt is final. */
import { createChance } from '../../../../src/kernel/chance.ts';
import { createSimulation } from '../../../../src/kernel/simulation.ts';
import { FIRST_BACKOFF } from '../../../../src/queueing/calls/backoff.ts';
import type { CallFailure } from '../../../../src/queueing/calls/call-failure.ts';
import { type Attempt, createCallGuard } from '../../../../src/queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../../../src/queueing/calls/call-policies.ts';
import { createFleet } from '../../../../src/queueing/stations/fleet.ts';
import { DEFAULT_FLEET_CONFIG } from '../../../../src/queueing/stations/fleet-config.ts';
import type { Job } from '../../../../src/queueing/stations/job.ts';

const SECOND = 1_000_000;
const SPIKE = { startUs: 120 * SECOND, endUs: 125 * SECOND };
/** Line from which on the storm is over: a wait of about half a second. */
const CALM_WAITING = 5;

/** Timeout and retries of the model; policies are added to them. */
export const STORM_POLICIES: CallPolicies = {
  timeoutUs: 4 * SECOND,
  retry: {
    maxAttempts: 4,
    backoff: { kind: 'none', baseUs: 0, capUs: 0 },
    retryOn: ['timeout'],
  },
};

/** What became of a run. */
export interface StormResult {
  readonly calls: number;
  readonly attempts: number;
  readonly dropped: number;
  readonly timeouts: number;
  /** Attempts that the client itself turned away. */
  readonly refused: number;
  readonly wasted: number;
  readonly waitingAtEnd: number;
  /** When the line was first short again after the spike; Infinity: never. */
  readonly calmAtUs: number;
  /** Share of the calls of the last 100 s (but for the very last) that some attempt answered. */
  readonly answeredShare: number;
  /** Attempts per call of those. */
  readonly amplification: number;
}

interface Call {
  readonly arrivedUs: number;
  attempts: number;
  isAnswered: boolean;
}

interface Try extends Attempt, Job {
  readonly call: Call;
  readonly sentUs: number;
  isOpen: boolean;
}

/** Runs the model once, to 400 s as DesCartes does, or longer. */
export function runStorm(
  policies: CallPolicies,
  seed: number,
  endUs: number = 400 * SECOND,
): StormResult {
  const chance = createChance({ seed, replication: 0 });
  const arrivals = chance.draws('storm.arrival');
  const services = chance.draws('storm.service');
  const coins = chance.draws('storm.coin');
  const simulation = createSimulation();
  const guard = createCallGuard(policies);
  const calls: Call[] = [];
  const count = { attempts: 0, dropped: 0, timeouts: 0, refused: 0, wasted: 0 };
  let calmAtUs = Number.POSITIVE_INFINITY;
  const fleet = createFleet<Try>({
    simulation,
    name: 'storm',
    config: { ...DEFAULT_FLEET_CONFIG, maxWaiting: 100 },
    listener: {
      finished: (job) => finish(job),
      dropped: (job) => {
        count.dropped += 1;
        close(job, 'overloaded');
      },
    },
    chance,
  });
  const waiting = () => Math.max(0, (fleet.replicas[0]?.outstanding ?? 0) - 1);

  const send = (call: Call, role: Attempt['role']): void => {
    count.attempts += 1;
    call.attempts += 1;
    const id = count.attempts;
    const demandUs = Math.round((-SECOND / 10) * Math.log(services.uniform(id, 0)));
    const job: Try = {
      id,
      role,
      call,
      sentUs: simulation.nowUs,
      isOpen: true,
      demandUs,
      priority: 0,
      deadlineUs: Number.POSITIVE_INFINITY,
    };
    if (guard.admit(simulation.nowUs, coins.uniform(job.id, 0), job) !== 'admitted') {
      count.refused += 1;
      return;
    }
    if (fleet.offer(job, 0) === 'dropped') return;
    simulation.schedule(policies.timeoutUs, giveUp, 0, job);
  };
  const close = (job: Try, failure: CallFailure | undefined): void => {
    job.isOpen = false;
    const { sentUs, role } = job;
    const nowUs = simulation.nowUs;
    const retryOf = role === 'retry' ? 'timeout' : undefined;
    guard.finished({ failure, durationUs: nowUs - sentUs, nowUs, role, retryOf });
  };
  const arrive = simulation.registerHandler('arrive', () => {
    const call = { arrivedUs: simulation.nowUs, attempts: 0, isAnswered: false };
    calls.push(call);
    send(call, 'first');
    const { nowUs } = simulation;
    const rate = nowUs >= SPIKE.startUs && nowUs < SPIKE.endUs ? 30 : 9.3;
    const gapUs = (-SECOND / rate) * Math.log(arrivals.uniform(0, calls.length));
    simulation.schedule(Math.round(gapUs), arrive, 0);
  });
  const giveUp = simulation.registerHandler('give-up', (_, payload) => {
    const job = payload as Try;
    if (!job.isOpen) return;
    count.timeouts += 1;
    close(job, 'timeout');
    const failed = { failure: 'timeout', attempts: job.call.attempts } as const;
    if (!guard.mayRetry(failed, simulation.nowUs)) return;
    simulation.schedule(guard.backoff(FIRST_BACKOFF, 0.5).pauseUs, again, 0, job.call);
  });
  const again = simulation.registerHandler('again', (_, payload) => send(payload as Call, 'retry'));
  const finish = (job: Try): void => {
    if (simulation.nowUs > SPIKE.endUs && waiting() <= CALM_WAITING) {
      calmAtUs = Math.min(calmAtUs, simulation.nowUs);
    }
    if (!job.isOpen) {
      count.wasted += 1;
      return;
    }
    job.call.isAnswered = true;
    close(job, undefined);
  };

  simulation.schedule(0, arrive, 0);
  simulation.run(endUs);
  const judged = calls.filter(
    ({ arrivedUs }) => endUs - 100 * SECOND <= arrivedUs && arrivedUs < endUs - 20 * SECOND,
  );
  return {
    calls: calls.length,
    ...count,
    waitingAtEnd: waiting(),
    calmAtUs,
    answeredShare: judged.filter(({ isAnswered }) => isAnswered).length / judged.length,
    amplification: judged.reduce((sum, call) => sum + call.attempts, 0) / judged.length,
  };
}
