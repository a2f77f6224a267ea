/** Whoever answers pages at the server side: monolith server, aggregation gateway or federation
 * router. A page costs CPU twice, before its plan runs (parse, look the plan up) and after (merge,
 * serialise); in between the plan's calls are under way and hold no worker. Spec: A12. */
import { enqueueActions, setup } from 'xstate';
import {
  createStation,
  finishJob,
  offerJob,
  type StationConfig,
  type StationState,
} from '../queueing/station.ts';

/** CPU work for one page: the visit before the plan runs, or the one after it. Times in µs. */
export interface GatewayJob {
  readonly request: number;
  readonly visit: 'plan' | 'merge';
  readonly demandUs: number;
}

/** Input of a gateway's machine. */
export interface GatewayInput {
  readonly gateway: string;
  readonly station: StationConfig;
}

/** What a gateway remembers: plain data. */
export interface GatewayContext {
  readonly gateway: string;
  readonly station: StationState<GatewayJob>;
}

/** What a gateway understands. */
export type GatewayMessage =
  | { readonly type: 'page.requested'; readonly request: number; readonly demandUs: number }
  | { readonly type: 'plan.completed'; readonly request: number; readonly demandUs: number }
  | { readonly type: 'work.finished'; readonly job: GatewayJob; readonly replica: number };

/** What a gateway emits. */
export type GatewayEmission =
  | { readonly type: 'plan.started'; readonly request: number }
  | { readonly type: 'page.merged'; readonly request: number }
  | { readonly type: 'page.rejected'; readonly request: number }
  | {
      readonly type: 'gateway.worked';
      readonly gateway: string;
      readonly serviceTimeUs: number;
    };

const US_PER_MS = 1_000;

/** Makes the machine that every gateway runs. */
export function createGatewayMachine() {
  return setup({
    types: {
      context: {} as GatewayContext,
      events: {} as GatewayMessage,
      emitted: {} as GatewayEmission,
      input: {} as GatewayInput,
    },
    actions: {
      offer: enqueueActions(({ context, event, enqueue }) => {
        if (event.type === 'work.finished') return;
        const job = jobOf(event);
        const { state, verdict, replica } = offerJob(context.station, job);
        enqueue.assign({ station: state });
        if (verdict === 'rejected') enqueue.emit({ type: 'page.rejected', request: job.request });
        if (verdict !== 'started') return;
        enqueue.raise({ type: 'work.finished', job, replica }, timerOf(job));
      }),
      finish: enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== 'work.finished') return;
        const { job } = event;
        enqueue.emit({
          type: 'gateway.worked',
          gateway: context.gateway,
          serviceTimeUs: job.demandUs,
        });
        enqueue.emit({
          type: job.visit === 'plan' ? 'plan.started' : 'page.merged',
          request: job.request,
        });
        const { state, next } = finishJob(context.station, event.replica);
        enqueue.assign({ station: state });
        if (next === undefined) return;
        enqueue.raise(
          { type: 'work.finished', job: next.job, replica: next.replica },
          timerOf(next.job),
        );
      }),
    },
  }).createMachine({
    id: 'gateway',
    context: ({ input }) => ({
      gateway: input.gateway,
      station: createStation<GatewayJob>(input.station),
    }),
    initial: 'serving',
    states: {
      serving: {
        on: {
          'page.requested': { actions: 'offer' },
          'plan.completed': { actions: 'offer' },
          'work.finished': { actions: 'finish' },
        },
      },
    },
  });
}

function jobOf(event: Exclude<GatewayMessage, { type: 'work.finished' }>): GatewayJob {
  return {
    request: event.request,
    visit: event.type === 'page.requested' ? 'plan' : 'merge',
    demandUs: Math.max(1, Math.round(event.demandUs)),
  };
}

function timerOf(job: GatewayJob): { readonly delay: number; readonly id: string } {
  return { delay: job.demandUs / US_PER_MS, id: `${job.visit}/${job.request}` };
}
