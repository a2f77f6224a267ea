/** A service station: replicas, each with c workers and a bounded waiting line (A/S/c/K per
 * replica). Pure reducers over plain data: who owns the state decides when; the station says who
 * starts, who waits and who is turned away. Lines are FIFO. Spec: Q1–Q4. */
import { chooseReplica, type LoadBalancing } from './load-balancer.ts';

/** One replica: busy workers and the jobs that wait, first come first. */
export interface ReplicaState<J> {
  readonly busy: number;
  readonly waiting: readonly J[];
}

/** Fixed properties of a station. */
export interface StationConfig {
  readonly replicas: number;
  readonly workersPerReplica: number;
  /** Jobs that may wait at one replica (K − c in Kendall's notation); one more is turned away. */
  readonly maxWaiting: number;
  readonly balancing: LoadBalancing;
}

/** A station's state: plain data, replaced by each step. */
export interface StationState<J> {
  readonly config: StationConfig;
  readonly replicas: readonly ReplicaState<J>[];
  /** Jobs offered so far: the turn of round-robin. */
  readonly offered: number;
}

/** A job that gets a worker now. */
export interface StartedJob<J> {
  readonly job: J;
  readonly replica: number;
}

/** What came of offering a job: `started` at once, `waiting`, or `rejected` because of K. */
export interface OfferResult<J> {
  readonly state: StationState<J>;
  readonly verdict: 'started' | 'waiting' | 'rejected';
  readonly replica: number;
}

/** An empty station. */
export function createStation<J>(config: StationConfig): StationState<J> {
  const idle: ReplicaState<J> = { busy: 0, waiting: [] };
  return { config, replicas: Array.from({ length: config.replicas }, () => idle), offered: 0 };
}

/** A job arrives. Cost O(replicas + waiting of one replica). */
export function offerJob<J>(before: StationState<J>, job: J): OfferResult<J> {
  const { config } = before;
  const replica = chooseReplica(config.balancing, before);
  const chosen = replicaAt(before, replica);
  const state = { ...before, offered: before.offered + 1 };
  if (chosen.busy < config.workersPerReplica) {
    const started = { busy: chosen.busy + 1, waiting: chosen.waiting };
    return { state: withReplica(state, replica, started), verdict: 'started', replica };
  }
  if (chosen.waiting.length >= config.maxWaiting) {
    return { state, verdict: 'rejected', replica };
  }
  const queued = { busy: chosen.busy, waiting: [...chosen.waiting, job] };
  return { state: withReplica(state, replica, queued), verdict: 'waiting', replica };
}

/** A worker of `replica` is done. @returns the job that it takes next, if one waits. */
export function finishJob<J>(
  state: StationState<J>,
  replica: number,
): { readonly state: StationState<J>; readonly next: StartedJob<J> | undefined } {
  const current = replicaAt(state, replica);
  const [job, ...waiting] = current.waiting;
  if (job === undefined) {
    const freed = { busy: current.busy - 1, waiting: current.waiting };
    return { state: withReplica(state, replica, freed), next: undefined };
  }
  const taken = { busy: current.busy, waiting };
  return { state: withReplica(state, replica, taken), next: { job, replica } };
}

/** Everybody who waits, replica by replica: who is turned out when the station goes down. */
export function waitingJobs<J>(state: StationState<J>): readonly J[] {
  return state.replicas.flatMap((replica) => replica.waiting);
}

function replicaAt<J>(state: StationState<J>, index: number): ReplicaState<J> {
  return state.replicas[index] ?? { busy: 0, waiting: [] };
}

function withReplica<J>(
  state: StationState<J>,
  index: number,
  replica: ReplicaState<J>,
): StationState<J> {
  return { ...state, replicas: state.replicas.with(index, replica) };
}
