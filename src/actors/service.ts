/** A microservice (or the monolith): replicas with a bounded waiting line and c workers each. It
 * admits, serves, answers, turns away when full, and refuses while down. Jobs are plain data; what
 * a job needs is decided before it comes. Spec: A11, Q1–Q4. */
import { emit, enqueueActions, setup } from 'xstate';
import {
  createStation,
  finishJob,
  offerJob,
  type StationConfig,
  type StationState,
  waitingJobs,
} from '../queueing/station.ts';

/** One call as it waits and is served. Times in µs. */
export interface ServiceJob {
  /** Names the call in the run: unique among the calls that are open. */
  readonly call: string;
  /** Time that a worker needs for it. */
  readonly demandUs: number;
  readonly arrivedAtUs: number;
}

/** What a service needs of its world. */
export interface ServiceWorld {
  readonly nowUs: () => number;
}

/** Input of a service's machine. */
export interface ServiceInput {
  readonly service: string;
  readonly station: StationConfig;
}

/** What a service remembers: plain data. */
export interface ServiceContext {
  readonly service: string;
  readonly station: StationState<ServiceJob>;
  /** Calls in service, in the order of starting. */
  readonly inService: readonly ServiceJob[];
  /** Outages so far: work begun before one never finishes. */
  readonly epoch: number;
}

/** What a service understands. */
export type ServiceMessage =
  | { readonly type: 'call.arrived'; readonly job: ServiceJob }
  | {
      readonly type: 'work.finished';
      readonly job: ServiceJob;
      readonly replica: number;
      readonly epoch: number;
      readonly serviceTimeUs: number;
    }
  | { readonly type: 'outage.started' }
  | { readonly type: 'outage.ended' };

/** Why a call was not served: no room, service down, or lost in a crash. */
export type CallFailure = 'rejected' | 'refused' | 'reset';

/** What a service emits. */
export type ServiceEmission =
  | {
      readonly type: 'call.completed';
      readonly service: string;
      readonly call: string;
      readonly waitTimeUs: number;
      readonly serviceTimeUs: number;
    }
  | {
      readonly type: 'call.failed';
      readonly service: string;
      readonly call: string;
      readonly failure: CallFailure;
    };

const US_PER_MS = 1_000;

/** Makes the machine that all services of a run share. */
export function createServiceMachine(world: ServiceWorld) {
  return setup({
    types: {
      context: {} as ServiceContext,
      events: {} as ServiceMessage,
      emitted: {} as ServiceEmission,
      input: {} as ServiceInput,
    },
    guards: {
      isOfThisEpoch: ({ context, event }) =>
        event.type === 'work.finished' && event.epoch === context.epoch,
    },
    actions: {
      admit: enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== 'call.arrived') return;
        const { job } = event;
        const { state, verdict, replica } = offerJob(context.station, job);
        enqueue.assign({ station: state });
        if (verdict === 'rejected') {
          enqueue.emit(failed(context, job, 'rejected'));
          return;
        }
        if (verdict === 'waiting') return;
        enqueue.assign({ inService: [...context.inService, job] });
        const finished = workFinished(context, job, replica);
        enqueue.raise(finished, delayOf(finished, context));
      }),
      finish: enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== 'work.finished') return;
        const { job, serviceTimeUs } = event;
        enqueue.emit({
          type: 'call.completed',
          service: context.service,
          call: job.call,
          waitTimeUs: world.nowUs() - job.arrivedAtUs - serviceTimeUs,
          serviceTimeUs,
        });
        const { state, next } = finishJob(context.station, event.replica);
        const others = context.inService.filter((other) => other.call !== job.call);
        enqueue.assign({
          station: state,
          inService: next === undefined ? others : [...others, next.job],
        });
        if (next === undefined) return;
        const finished = workFinished(context, next.job, next.replica);
        enqueue.raise(finished, delayOf(finished, context));
      }),
      refuse: emit(({ context, event }) =>
        failed(context, event.type === 'call.arrived' ? event.job : undefined, 'refused'),
      ),
      loseEverything: enqueueActions(({ context, enqueue }) => {
        for (const job of [...context.inService, ...waitingJobs(context.station)]) {
          enqueue.emit(failed(context, job, 'reset'));
        }
        enqueue.assign({
          station: createStation<ServiceJob>(context.station.config),
          inService: [],
          epoch: context.epoch + 1,
        });
      }),
    },
  }).createMachine({
    id: 'service',
    context: ({ input }) => ({
      service: input.service,
      station: createStation<ServiceJob>(input.station),
      inService: [],
      epoch: 0,
    }),
    initial: 'up',
    states: {
      up: {
        on: {
          'call.arrived': { actions: 'admit' },
          'work.finished': { guard: 'isOfThisEpoch', actions: 'finish' },
          'outage.started': { target: 'down', actions: 'loseEverything' },
        },
      },
      down: {
        on: {
          'call.arrived': { actions: 'refuse' },
          'outage.ended': 'up',
        },
      },
    },
  });
}

function workFinished(context: ServiceContext, job: ServiceJob, replica: number) {
  return {
    type: 'work.finished' as const,
    job,
    replica,
    epoch: context.epoch,
    serviceTimeUs: Math.max(1, Math.round(job.demandUs)),
  };
}

/** Explicit ids: a call is in service once at a time, so the pair is unique. */
function delayOf(
  finished: ReturnType<typeof workFinished>,
  context: ServiceContext,
): { readonly delay: number; readonly id: string } {
  return {
    delay: finished.serviceTimeUs / US_PER_MS,
    id: `${context.epoch}/${finished.job.call}`,
  };
}

function failed(context: ServiceContext, job: ServiceJob | undefined, failure: CallFailure) {
  return {
    type: 'call.failed' as const,
    service: context.service,
    call: job?.call ?? '',
    failure,
  };
}
