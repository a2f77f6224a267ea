/** Drives a core through ports: what a browser's adapter and the tests plug their clocks, timers,
 * networks and stores into. State is stored before anything is sent, so that a page that is killed
 * at any point loses nothing that it had captured. Spec: A44. */
import type { PlainValue } from '../domain/plain-value.ts';
import { EngineError } from '../kernel/errors.ts';
import type { SdkCore } from './sdk-core.ts';
import type { SdkEffect, SdkInstant, SdkMessage, SentBatchEffect } from './sdk-messages.ts';
import type { SdkIdentity, SdkState } from './sdk-state.ts';
import { restoredSdk, savedSdk } from './sdk-storage.ts';

/** What surrounds an SDK. */
export interface SdkPorts {
  /** Both clocks of the device: in a browser `Date.now()` and `performance.now()`, in whole µs. */
  clock(): SdkInstant;
  /** Whether there is a network, as far as the device knows. Asked once; changes are told. */
  isOnline(): boolean;
  /** Sends a request and, whenever it can, tells the host what came of it. Must not tell it
   * anything before it returns. */
  send(request: SentBatchEffect): void;
  readonly store: {
    /** @returns undefined where nothing is stored. */
    load(): PlainValue | undefined;
    /** Stores plain data in the place of what was stored before. */
    save(saved: PlainValue): void;
  };
  /** Have {@link SdkHost.tell} called with `sdk.woken` at a monotonic time, instead of at the one
   * asked for before; null: not at all. */
  wakeAt(uptimeUs: number | null): void;
  /** Sees every effect, in order: for counters and logs. */
  observe?(effect: SdkEffect): void;
}

/** A running SDK. */
export interface SdkHost {
  tell(message: SdkMessage): void;
  readonly state: SdkState;
  /** Why what was stored could not be used; undefined where it could. */
  readonly refusedStore: string | undefined;
}

/** Starts an SDK, from what its store holds where that is usable. */
export function createSdkHost(core: SdkCore, identity: SdkIdentity, ports: SdkPorts): SdkHost {
  const restored = loaded(core, identity, ports);
  let { state } = restored;
  let armedUs: number | null = null;
  const tell = (message: SdkMessage) => {
    const now = ports.clock();
    const step = core.step(state, message, now);
    state = step.state;
    ports.store.save(savedSdk(state, now));
    for (const effect of step.effects) {
      ports.observe?.(effect);
      if (effect.type === 'batch.sent') ports.send(effect);
    }
    if (state.wakeAtUs === armedUs && message.type !== 'sdk.woken') return;
    armedUs = state.wakeAtUs;
    ports.wakeAt(armedUs);
  };
  const online = ports.isOnline();
  // An unchanged network is no news: it would cut a stored pause short.
  tell(online === state.isOnline ? { type: 'sdk.woken' } : { type: 'network.changed', online });
  return {
    tell,
    get state() {
      return state;
    },
    refusedStore: restored.refusedStore,
  };
}

function loaded(core: SdkCore, identity: SdkIdentity, ports: SdkPorts) {
  const fresh = { state: core.initial(identity), refusedStore: undefined };
  const saved = ports.store.load();
  if (saved === undefined) return fresh;
  try {
    return { state: restoredSdk(saved, identity, ports.clock()), refusedStore: undefined };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...fresh, refusedStore: error.message };
  }
}
