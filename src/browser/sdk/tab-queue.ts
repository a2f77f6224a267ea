/** One tab's queue under way: the SDK's core between a kept text, a timer and the network. The
 * page's own queue and those that it took over from tabs that are gone are alike. Spec: B9, B12. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { createSdkCore } from '../../sdk/sdk-core.ts';
import { createSdkHost, type SdkHost } from '../../sdk/sdk-host.ts';
import type { SdkEffect, SdkMessage } from '../../sdk/sdk-messages.ts';
import type { SdkPolicy } from '../../sdk/sdk-policy.ts';
import type { HttpTransport } from './delivery/http-transport.ts';
import { type BrowserEnvironment, randomName } from './environment.ts';
import type { KeptText } from './store/kept-text.ts';

/** What a queue is made of. */
export interface TabQueueParts {
  readonly environment: BrowserEnvironment;
  readonly transport: HttpTransport;
  readonly policy: SdkPolicy;
  readonly observe?: (effect: SdkEffect) => void;
  /** Called before a timer has an effect: the page may have slept through it. */
  awake(): void;
}

/** A queue under way. */
export interface TabQueue {
  readonly tab: string;
  readonly host: SdkHost;
  /** Undefined: in memory only. */
  kept: KeptText | undefined;
  /** What could not be read of what was kept; undefined where all could. */
  readonly refused: string | undefined;
  tell(message: SdkMessage): void;
  /** Ends it: no timer, and nobody hears answers. What is kept stays. */
  end(): void;
}

const US_PER_MS = 1_000;
/** The longest that browsers' timers know. */
const LONGEST_MS = 2 ** 31 - 1;

/** Starts a queue, from what is kept of it. */
export function openTabQueue(
  parts: TabQueueParts,
  at: { readonly tab: string; readonly subject: string; readonly kept: KeptText | undefined },
): TabQueue {
  const { environment, transport, policy, observe, awake } = parts;
  const { tab, subject } = at;
  // Numbers of an earlier life may be lost with a store that was full: a name of their own for
  // each life keeps two events from ever having one id.
  const life = randomName(environment);
  const core = createSdkCore({
    policy,
    names: {
      event: (_, number) => `${life}-${number}`,
      session: (_, number) => `${life}-s${number}`,
      request: (_, number) => `${tab}-r${number}`,
    },
    uniform: () => environment.uniform(),
  });
  let callOff: (() => void) | undefined;
  let isOver = false;
  let unreadable: string | undefined;
  const queue = { tab, kept: at.kept } as { -readonly [K in keyof TabQueue]: TabQueue[K] };
  queue.tell = (message) => {
    if (!isOver) queue.host.tell(message);
  };
  queue.end = () => {
    isOver = true;
    callOff?.();
    queue.kept?.letGo();
  };
  const text = at.kept?.read() ?? null;
  queue.host = createSdkHost(
    core,
    { subject, entity: 0 },
    {
      clock: () => ({
        wallUs: Math.round(environment.wallMs() * US_PER_MS),
        uptimeUs: Math.floor(environment.uptimeMs() * US_PER_MS),
      }),
      isOnline: () => environment.isOnline(),
      send(sent) {
        queue.kept?.flush();
        transport.send(sent, queue.tell);
      },
      store: {
        load() {
          if (text === null) return undefined;
          const saved = parsed(text);
          if (saved === undefined) unreadable = text;
          return saved;
        },
        save: (saved) => queue.kept?.write(() => JSON.stringify(saved)),
      },
      wakeAt(uptimeUs) {
        callOff?.();
        callOff = undefined;
        if (uptimeUs === null) return;
        const delayMs = Math.ceil(uptimeUs / US_PER_MS - environment.uptimeMs());
        const wake = () => {
          awake();
          queue.tell({ type: 'sdk.woken' });
        };
        callOff = environment.later(Math.min(LONGEST_MS, Math.max(0, delayMs)), wake);
      },
      ...(observe === undefined ? {} : { observe }),
    },
  );
  queue.refused = queue.host.refusedStore === undefined ? unreadable : (text ?? undefined);
  return queue;
}

/** Undefined for what is no JSON. */
function parsed(text: string): PlainValue | undefined {
  try {
    return JSON.parse(text) as PlainValue;
  } catch {
    return undefined;
  }
}
