/** The simulated device's SDK: a statechart around the core of `src/sdk`. The core decides what is
 * captured, sent, tried again and dropped; the chart shows where it stands, carries its effects out
 * as emissions, and keeps its one timer. Spec: A9, A10, A46. */
import { enqueueActions, setup } from 'xstate';
import type { ViewerId } from '../domain/ids.ts';
import { createSdkCore, type SdkCore } from '../sdk/sdk-core.ts';
import type { SdkEffect, SdkInstant, SdkMessage } from '../sdk/sdk-messages.ts';
import type { SdkPolicy } from '../sdk/sdk-policy.ts';
import type { SdkState } from '../sdk/sdk-state.ts';
import { restoredSdk, savedSdk } from '../sdk/sdk-storage.ts';
import type { SdkNames } from '../sdk/sdk-turn.ts';

/** What an SDK needs besides its policy. */
export interface SdkWorld {
  readonly policy: SdkPolicy;
  /** The wall clock of a viewer's device: µs since the Unix epoch. */
  readonly deviceTimeUs: (viewer: ViewerId) => number;
  /** A monotonic clock that all devices share; each counts from its own start. */
  readonly uptimeUs: () => number;
  /** The uniform behind the pause before the try after number `attempt` of batch number `batch`. */
  backoffUniform(viewer: ViewerId, batch: number, attempt: number): number;
}

/** Input of an SDK's machine. */
export interface SdkInput {
  readonly viewer: ViewerId;
}

/** What an SDK's machine remembers: plain data. */
export interface SdkContext extends SdkInput {
  /** Where its monotonic clock stood when its present life began. */
  readonly startedUs: number;
  readonly sdk: SdkState;
}

/** What an SDK's machine understands: the core's messages, and the end of a life. */
export type SdkMachineMessage =
  | SdkMessage
  /** The app was killed without notice and is back: what its store held goes on. */
  | { readonly type: 'app.reloaded' };

const US_PER_MS = 1_000;
const WAKE = 'wake';

/** Viewer 7's third event, first session and second request are `v7-2`, `s7-0` and `r7-2`. */
const NAMES: SdkNames = {
  event: ({ entity }, number) => `v${entity}-${number}`,
  session: ({ entity }, number) => `s${entity}-${number}`,
  request: ({ entity }, number) => `r${entity}-${number}`,
};

/** Makes the machine that all SDKs of a run share.
 * @throws EngineError `SDK_BAD_POLICY`. */
export function createSdkMachine(world: SdkWorld) {
  let known = coreOf(world);
  /** Where the machine is lent to another world, that has a policy of its own. */
  const core = () => {
    if (known.policy !== world.policy) known = coreOf(world);
    return known;
  };
  const instant = ({ viewer, startedUs }: Omit<SdkContext, 'sdk'>): SdkInstant => ({
    wallUs: world.deviceTimeUs(viewer),
    uptimeUs: world.uptimeUs() - startedUs,
  });
  return setup({
    types: {
      context: {} as SdkContext,
      events: {} as SdkMachineMessage,
      emitted: {} as SdkEffect,
      input: {} as SdkInput,
    },
    guards: {
      isIdle: ({ context }) => context.sdk.phase === 'idle',
      isCollecting: ({ context }) => context.sdk.phase === 'collecting',
      isSending: ({ context }) => context.sdk.phase === 'sending',
      isBackingOff: ({ context }) => context.sdk.phase === 'backingOff',
      isOffline: ({ context }) => context.sdk.phase === 'offline',
      isAwaitingConsent: ({ context }) => context.sdk.phase === 'awaitingConsent',
    },
    actions: {
      advance: enqueueActions(({ context, event, enqueue }) => {
        if (event.type === 'app.reloaded') return;
        const before = context.sdk;
        const now = instant(context);
        const { state, effects } = core().step(before, event, now);
        enqueue.assign({ sdk: state });
        for (const effect of effects) enqueue.emit(effect);
        if (state.wakeAtUs === before.wakeAtUs && event.type !== 'sdk.woken') return;
        if (before.wakeAtUs !== null) enqueue.cancel(WAKE);
        if (state.wakeAtUs === null) return;
        const delay = (state.wakeAtUs - now.uptimeUs) / US_PER_MS;
        enqueue.raise({ type: 'sdk.woken' }, { id: WAKE, delay });
      }),
      reload: enqueueActions(({ context, enqueue }) => {
        const { viewer, sdk } = context;
        const saved = savedSdk(sdk, instant(context));
        const startedUs = world.uptimeUs();
        enqueue.cancel(WAKE);
        const now = instant({ viewer, startedUs });
        enqueue.assign({ startedUs, sdk: restoredSdk(saved, sdk, now) });
        enqueue.raise({ type: 'sdk.woken' });
      }),
    },
  }).createMachine({
    id: 'sdk',
    context: ({ input }) => ({
      ...input,
      startedUs: world.uptimeUs(),
      sdk: core().initial({ subject: `v${input.viewer}`, entity: input.viewer }),
    }),
    on: {
      'fact.captured': { actions: 'advance' },
      'batch.acknowledged': { actions: 'advance' },
      'batch.refused': { actions: 'advance' },
      'batch.judged': { actions: 'advance' },
      'network.changed': { actions: 'advance' },
      'consent.decided': { actions: 'advance' },
      'app.hidden': { actions: 'advance' },
      'app.shown': { actions: 'advance' },
      'app.reloaded': { actions: 'reload' },
      'flush.asked': { actions: 'advance' },
      'sdk.woken': { actions: 'advance' },
    },
    initial: 'idle',
    states: {
      idle: {
        always: [
          { guard: 'isCollecting', target: 'collecting' },
          { guard: 'isSending', target: 'sending' },
          { guard: 'isOffline', target: 'offline' },
          { guard: 'isAwaitingConsent', target: 'awaitingConsent' },
        ],
      },
      collecting: {
        always: [
          { guard: 'isSending', target: 'sending' },
          { guard: 'isOffline', target: 'offline' },
          { guard: 'isIdle', target: 'idle' },
        ],
      },
      sending: {
        always: [
          { guard: 'isIdle', target: 'idle' },
          { guard: 'isCollecting', target: 'collecting' },
          { guard: 'isBackingOff', target: 'backingOff' },
          { guard: 'isOffline', target: 'offline' },
        ],
      },
      backingOff: {
        always: [
          { guard: 'isSending', target: 'sending' },
          { guard: 'isOffline', target: 'offline' },
          { guard: 'isCollecting', target: 'collecting' },
          { guard: 'isIdle', target: 'idle' },
        ],
      },
      offline: {
        always: [
          { guard: 'isSending', target: 'sending' },
          { guard: 'isCollecting', target: 'collecting' },
          { guard: 'isBackingOff', target: 'backingOff' },
          { guard: 'isIdle', target: 'idle' },
        ],
      },
      awaitingConsent: {
        always: [
          { guard: 'isSending', target: 'sending' },
          { guard: 'isCollecting', target: 'collecting' },
          { guard: 'isOffline', target: 'offline' },
          { guard: 'isIdle', target: 'idle' },
        ],
      },
    },
  });
}

function coreOf(world: SdkWorld): SdkCore {
  return createSdkCore({
    policy: world.policy,
    names: NAMES,
    uniform: ({ entity }, batch, attempt) => world.backoffUniform(entity, batch, attempt),
  });
}
