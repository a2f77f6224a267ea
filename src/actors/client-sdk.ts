/** The client SDK: captures facts, batches them by count and age, sends one batch at a time, waits
 * for the acknowledgement, retries with full-jitter backoff, and never changes an event's id or
 * capture time. What it must drop it counts. Spec: A9, A10. */
import { assign, cancel, emit, enqueueActions, raise, setup } from 'xstate';
import type { ViewerId } from '../domain/ids.ts';
import type { TrackedEvent, TrackedEventData, TrackedEventType } from '../domain/tracked-event.ts';
import { backoffUs, type RetryPolicy } from '../queueing/retry.ts';

/** How the SDK batches and sends. Times in µs. */
export interface SdkPolicy {
  readonly maxBatchEvents: number;
  readonly maxBatchAgeUs: number;
  readonly ackTimeoutUs: number;
  /** Events kept while nothing gets through; beyond it the newest is dropped. */
  readonly maxQueueEvents: number;
  readonly retry: RetryPolicy;
}

/** What an SDK needs besides its policy. */
export interface SdkWorld {
  readonly policy: SdkPolicy;
  /** The device's clock: µs since the Unix epoch. */
  readonly deviceTimeUs: () => number;
  /** The uniform behind the pause before try number `attempt` of batch number `batch`. */
  backoffUniform(viewer: ViewerId, batch: number, attempt: number): number;
}

/** Input of an SDK's machine. */
export interface SdkInput {
  readonly viewer: ViewerId;
}

/** What an SDK remembers: plain data. */
export interface SdkContext extends SdkInput {
  readonly sequence: number;
  readonly queue: readonly TrackedEvent[];
  /** How many of the queue's first events make up the batch that is under way. */
  readonly batchSize: number;
  readonly batch: number;
  readonly attempt: number;
  readonly online: boolean;
  readonly closing: boolean;
}

/** What an SDK understands. */
export type SdkMessage =
  | {
      readonly type: 'fact.captured';
      readonly event: TrackedEventType;
      readonly data: TrackedEventData;
    }
  | { readonly type: 'batch.acknowledged'; readonly batch: number }
  | { readonly type: 'batch.refused'; readonly batch: number }
  | { readonly type: 'network.changed'; readonly online: boolean }
  | { readonly type: 'session.closing' }
  | { readonly type: 'batch.overdue' };

/** What an SDK emits: `fact.recorded` is the truth beside the pipeline, not a message of it. */
export type SdkEmission =
  | { readonly type: 'fact.recorded'; readonly event: TrackedEvent }
  | {
      readonly type: 'batch.sent';
      readonly batch: number;
      readonly attempt: number;
      readonly events: readonly TrackedEvent[];
    }
  | {
      readonly type: 'events.dropped';
      readonly reason: 'sdk_queue_full' | 'sdk_retries_exhausted';
      readonly batch: number | undefined;
      readonly count: number;
    }
  | { readonly type: 'sdk.drained' };

const US_PER_MS = 1_000;
const OVERDUE = 'overdue';

/** Makes the machine that all SDKs of a run share. */
export function createSdkMachine(world: SdkWorld) {
  const { policy } = world;
  return setup({
    types: {
      context: {} as SdkContext,
      events: {} as SdkMessage,
      emitted: {} as SdkEmission,
      input: {} as SdkInput,
    },
    delays: {
      ackTimeout: policy.ackTimeoutUs / US_PER_MS,
      backoff: ({ context }) =>
        backoffUs(
          policy.retry,
          context.attempt,
          world.backoffUniform(context.viewer, context.batch, context.attempt),
        ) / US_PER_MS,
    },
    guards: {
      nothingLeft: ({ context }) => context.queue.length === 0,
      mustSend: ({ context }) =>
        context.queue.length > 0 &&
        (context.closing || context.queue.length >= policy.maxBatchEvents),
      isBatch: ({ context, event }) => 'batch' in event && event.batch === context.batch,
      retriesExhausted: ({ context }) => context.attempt >= policy.retry.maxAttempts,
      isOffline: ({ context }) => !context.online,
    },
    actions: {
      record: enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== 'fact.captured') return;
        const fact = trackedEvent(context, event, world.deviceTimeUs());
        enqueue.emit({ type: 'fact.recorded', event: fact });
        const isFull = context.queue.length >= policy.maxQueueEvents;
        enqueue.assign({
          sequence: context.sequence + 1,
          queue: isFull ? context.queue : [...context.queue, fact],
        });
        if (!isFull) return;
        enqueue.emit({
          type: 'events.dropped',
          reason: 'sdk_queue_full',
          batch: undefined,
          count: 1,
        });
      }),
      startClock: raise(
        { type: 'batch.overdue' as const },
        {
          id: OVERDUE,
          delay: policy.maxBatchAgeUs / US_PER_MS,
        },
      ),
      stopClock: cancel(OVERDUE),
      formBatch: assign(({ context }) => ({
        batch: context.batch + 1,
        attempt: 0,
        batchSize: Math.min(context.queue.length, policy.maxBatchEvents),
      })),
      send: enqueueActions(({ context, enqueue }) => {
        const attempt = context.attempt + 1;
        enqueue.assign({ attempt });
        enqueue.emit({
          type: 'batch.sent',
          batch: context.batch,
          attempt,
          events: context.queue.slice(0, context.batchSize),
        });
      }),
      settle: assign(({ context }) => ({
        queue: context.queue.slice(context.batchSize),
        batchSize: 0,
      })),
      reportExhausted: emit(({ context }) => ({
        type: 'events.dropped' as const,
        reason: 'sdk_retries_exhausted' as const,
        batch: context.batch,
        count: context.batchSize,
      })),
      noteNetwork: assign(({ event }) =>
        event.type === 'network.changed' ? { online: event.online } : {},
      ),
      close: assign({ closing: true }),
      reportDrained: emit({ type: 'sdk.drained' as const }),
    },
  }).createMachine({
    id: 'sdk',
    context: ({ input }) => ({
      ...input,
      sequence: 0,
      queue: [],
      batchSize: 0,
      batch: 0,
      attempt: 0,
      online: true,
      closing: false,
    }),
    initial: 'idle',
    on: {
      'fact.captured': { actions: 'record' },
      'network.changed': { actions: 'noteNetwork' },
      'session.closing': { actions: 'close' },
    },
    states: {
      idle: {
        always: { guard: 'mustSend', target: 'dispatching', actions: 'formBatch' },
        on: {
          'fact.captured': { target: 'collecting', actions: 'record' },
          'session.closing': { actions: ['close', 'reportDrained'] },
        },
      },
      collecting: {
        entry: 'startClock',
        exit: 'stopClock',
        always: { guard: 'mustSend', target: 'dispatching', actions: 'formBatch' },
        on: { 'batch.overdue': { target: 'dispatching', actions: 'formBatch' } },
      },
      dispatching: {
        always: [{ guard: 'isOffline', target: 'offline' }, { target: 'sending' }],
      },
      sending: {
        entry: 'send',
        on: {
          'batch.acknowledged': { guard: 'isBatch', target: 'settled' },
          'batch.refused': { guard: 'isBatch', target: 'failed' },
        },
        after: { ackTimeout: 'failed' },
      },
      failed: {
        always: [
          { guard: 'isOffline', target: 'offline' },
          { guard: 'retriesExhausted', target: 'settled', actions: 'reportExhausted' },
          { target: 'backingOff' },
        ],
      },
      backingOff: {
        on: {
          'batch.acknowledged': { guard: 'isBatch', target: 'settled' },
          'network.changed': { target: 'dispatching', actions: 'noteNetwork' },
        },
        after: { backoff: 'sending' },
      },
      // Trying without a network would only use up the tries.
      offline: {
        on: {
          'batch.acknowledged': { guard: 'isBatch', target: 'settled' },
          'network.changed': { target: 'dispatching', actions: 'noteNetwork' },
        },
      },
      settled: {
        entry: 'settle',
        always: [
          { guard: 'nothingLeft', target: 'drained' },
          { guard: 'mustSend', target: 'dispatching', actions: 'formBatch' },
          { target: 'collecting' },
        ],
      },
      drained: { always: { target: 'idle', actions: 'reportDrained' } },
    },
  });
}

function trackedEvent(
  context: SdkContext,
  captured: { readonly event: TrackedEventType; readonly data: TrackedEventData },
  eventTimeUs: number,
): TrackedEvent {
  return {
    id: `v${context.viewer}-${context.sequence}`,
    type: captured.event,
    subject: `v${context.viewer}`,
    sessionId: `s${context.viewer}`,
    sequence: context.sequence,
    eventTimeUs,
    data: captured.data,
  };
}
