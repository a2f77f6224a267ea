/** The SDK of one page, without a document: consent, identity, its own queue and those of tabs that
 * are gone. Before consent everything is in memory, without a trace in the browser; a refusal
 * leaves none. Spec: B1–B3, B11–B15. */
import { sdkLedger } from '../../sdk/sdk-state.ts';
import { createHttpTransport } from './delivery/http-transport.ts';
import { type BrowserEnvironment, randomName } from './environment.ts';
import { createFactGate } from './fact-gate.ts';
import { type BacklotFact, isText, type ResolvedOptions } from './options.ts';
import type { BacklotStats } from './stats.ts';
import { LEASE_MS, openSiteStore } from './store/site-store.ts';
import { openTabQueue, type TabQueue, type TabQueueParts } from './tab-queue.ts';

/** The SDK of a page. */
export interface SdkClient {
  capture(fact: BacklotFact, agoUs?: number): void;
  /** Undefined: somebody unknown. */
  identify(subject: string | undefined): void;
  consent(granted: boolean): void;
  flush(): void;
  network(online: boolean): void;
  /** The page is out of sight; leaving: it may never be seen again. */
  hidden(isLeaving: boolean): void;
  shown(): void;
  /** Something shared changed in another tab. @param key - null: everything was thrown away. */
  sharedChanged(key: string | null): void;
  stats(): BacklotStats;
  stop(): void;
}

const BEAT_MS = 10_000;
/** Queues taken over at a time. */
const ADOPTED_MAX = 4;

/** Starts it. @param isSignalled - Whether the browser says that nobody wants to be tracked. */
export function createSdkClient(
  options: ResolvedOptions,
  environment: BrowserEnvironment,
  isSignalled: boolean,
): SdkClient {
  return new Client(options, environment, isSignalled);
}

class Client implements SdkClient {
  readonly #options: ResolvedOptions;
  readonly #environment: BrowserEnvironment;
  readonly #store;
  readonly #transport;
  readonly #gate;
  readonly #parts: TabQueueParts;
  readonly #adopted = new Map<string, TabQueue>();
  readonly #byType: Record<string, number> = {};
  readonly #past = { adopted: 0, adoptedAcknowledged: 0, refused: 0, failures: 0 };
  #subject: string;
  #consent: 'granted' | 'denied' | 'undecided';
  #own: TabQueue;
  #isHidden = false;
  /** Until when nobody else takes the own queue. */
  #leasedUntilMs = 0;
  #callOffBeat: (() => void) | undefined;

  constructor(options: ResolvedOptions, environment: BrowserEnvironment, isSignalled: boolean) {
    const { url, writeKey, consent, gzipFromBytes, fullPolicy: policy } = options;
    this.#options = options;
    this.#environment = environment;
    this.#store = openSiteStore(environment, { url, writeKey, page: randomName(environment) });
    const timeoutMs = policy.ackTimeoutUs / 1_000;
    const target = { url, writeKey, timeoutMs, gzipFromBytes };
    this.#transport = createHttpTransport(environment, target);
    this.#gate = createFactGate(options);
    this.#parts = {
      environment,
      transport: this.#transport,
      policy,
      awake: () => this.#awake(),
      observe: (effect) => {
        if (effect.type !== 'fact.recorded') return;
        const { type } = effect.event;
        this.#byType[type] = (this.#byType[type] ?? 0) + 1;
      },
    };
    const kept = isSignalled ? undefined : this.#store?.consent();
    const isGranted = consent === 'not-needed' || kept !== undefined;
    this.#consent = isSignalled ? 'denied' : isGranted ? 'granted' : 'undecided';
    this.#subject = options.subject ?? kept?.subject ?? randomName(environment);
    this.#own = this.#openOwn();
    if (isSignalled) this.#refuse();
    this.#beat();
  }

  capture(fact: BacklotFact, agoUs = 0): void {
    const passed = this.#gate.pass(fact);
    if (passed === undefined) return;
    const { type: event, data } = passed;
    this.#awake();
    this.#own.tell({ type: 'fact.captured', event, data, agoUs });
  }

  identify(subject: string | undefined): void {
    this.#subject = isText(subject) ? subject : randomName(this.#environment);
    this.#own.tell({ type: 'subject.changed', subject: this.#subject });
    if (this.#consent === 'granted') this.#store?.keepConsent({ subject: this.#subject });
  }

  consent(granted: boolean): void {
    if (!granted) this.#refuse();
    else if (this.#consent !== 'granted') this.#grant();
  }

  flush(): void {
    this.#awake();
    this.#each((queue) => queue.tell({ type: 'flush.asked' }));
  }

  network(online: boolean): void {
    this.#awake();
    this.#each((queue) => queue.tell({ type: 'network.changed', online }));
  }

  hidden(isLeaving: boolean): void {
    this.#isHidden = true;
    // A page that leaves is told that it is hidden after that, too.
    this.#transport.isLeaving ||= isLeaving;
    this.#each((queue) => {
      queue.tell({ type: 'app.hidden' });
      queue.kept?.flush();
    });
    if (!this.#transport.isLeaving) this.#renew();
    else this.#handBack();
  }

  shown(): void {
    this.#isHidden = false;
    this.#transport.isLeaving = false;
    this.#renew();
    this.#each((queue) => queue.tell({ type: 'app.shown' }));
  }

  sharedChanged(key: string | null): void {
    const store = this.#store;
    if (store === undefined || this.#options.consent === 'not-needed') return;
    if (key !== null && key !== store.consentKey) return;
    const kept = store.consent();
    if (kept === undefined && this.#consent === 'granted') this.#refuse();
    if (kept === undefined || this.#consent === 'granted') return;
    this.#subject = this.#options.subject ?? kept.subject;
    this.#own.tell({ type: 'subject.changed', subject: this.#subject });
    this.#grant();
  }

  stats(): BacklotStats {
    const { state } = this.#own.host;
    let waiting = 0;
    let acknowledged = this.#past.adoptedAcknowledged;
    let failures = this.#past.failures + (this.#own.kept?.failures ?? 0);
    for (const queue of this.#adopted.values()) {
      const ledger = sdkLedger(queue.host.state);
      waiting += ledger.queued + ledger.inFlight;
      acknowledged += ledger.acknowledged;
      failures += queue.kept?.failures ?? 0;
    }
    return {
      ...sdkLedger(state),
      subject: this.#subject,
      consent: this.#consent,
      phase: state.phase,
      isOnline: state.isOnline,
      byType: { ...this.#byType },
      ...this.#gate.count,
      requests: this.#transport.count.requests,
      sentBytes: this.#transport.count.bytes,
      adopted: { queues: this.#past.adopted, waiting, acknowledged },
      isKept: this.#own.kept !== undefined,
      storeFailures: failures,
      storesRefused: this.#past.refused,
    };
  }

  stop(): void {
    this.#callOffBeat?.();
    this.#each((queue) => queue.kept?.flush());
    this.#handBack();
    this.#each((queue) => queue.end());
  }

  #each(act: (queue: TabQueue) => void): void {
    act(this.#own);
    for (const queue of [...this.#adopted.values()]) act(queue);
  }

  /** The page's own queue: that of its tab's page before, where it may be kept at all. */
  #openOwn(): TabQueue {
    const store = this.#consent === 'granted' ? this.#store : undefined;
    const tab = store?.ownTab() ?? randomName(this.#environment);
    const kept = store?.queue(tab);
    this.#lease(tab);
    store?.keepOwnTab(tab);
    const queue = openTabQueue(this.#parts, { tab, kept, subject: this.#subject });
    this.#setAside(queue);
    if (this.#consent === 'granted') {
      store?.keepConsent({ subject: this.#subject });
      queue.tell({ type: 'consent.decided', granted: true });
    }
    return queue;
  }

  #lease(tab: string): boolean {
    if (this.#consent !== 'granted' || this.#store === undefined) return true;
    const forMs = this.#isHidden ? LEASE_MS.hidden : LEASE_MS.shown;
    const isMine = this.#store.lease(tab, forMs);
    if (isMine) this.#leasedUntilMs = this.#environment.wallMs() + forMs;
    return isMine;
  }

  #handBack(): void {
    this.#leasedUntilMs = 0;
    if (this.#consent === 'granted') this.#each(({ tab }) => this.#store?.handBack(tab));
  }

  #setAside({ refused }: TabQueue): void {
    if (refused === undefined) return;
    this.#past.refused += 1;
    this.#store?.setAside(refused);
  }

  #grant(): void {
    this.#consent = 'granted';
    const store = this.#store;
    if (store !== undefined) {
      store.keepConsent({ subject: this.#subject });
      this.#own.kept = store.queue(this.#own.tab);
      store.keepOwnTab(this.#own.tab);
      this.#lease(this.#own.tab);
    }
    this.#own.tell({ type: 'consent.decided', granted: true });
    this.#adopt();
  }

  /** What is under way cannot be called back; nothing else is left. */
  #refuse(): void {
    this.#consent = 'denied';
    this.#each((queue) => {
      this.#past.failures += queue.kept?.failures ?? 0;
      queue.kept?.remove();
      queue.kept = undefined;
      queue.tell({ type: 'consent.decided', granted: false });
    });
    for (const queue of this.#adopted.values()) queue.end();
    this.#adopted.clear();
    this.#store?.clear();
    this.#subject = this.#options.subject ?? randomName(this.#environment);
    this.#own.tell({ type: 'subject.changed', subject: this.#subject });
  }

  #beat(): void {
    this.#renew();
    this.#adopt();
    this.#callOffBeat = this.#environment.later(BEAT_MS, () => this.#beat());
  }

  /** Before anything is done: a page that slept for long may have lost its queue. */
  #awake(): void {
    const isOver = this.#environment.wallMs() >= this.#leasedUntilMs;
    if (isOver && !this.#transport.isLeaving) this.#renew();
  }

  /** Keeps the leases, and notices where a queue was taken while the page slept. */
  #renew(): void {
    if (this.#consent !== 'granted' || this.#store === undefined) return;
    const isAsked = this.#options.consent === 'ask';
    if (isAsked && this.#own.kept?.written && this.#store.consent() === undefined) {
      this.#refuse();
      return;
    }
    const { tab, kept } = this.#own;
    const wasLeased = this.#environment.wallMs() < this.#leasedUntilMs;
    const before = kept?.written ?? null;
    const isMine = this.#lease(tab) && (wasLeased || before === kept?.read());
    if (!isMine) this.#startAnew();
    for (const queue of [...this.#adopted.values()]) {
      const isKept = queue.kept === undefined || this.#store.lease(queue.tab, LEASE_MS.hidden);
      if (!isKept) this.#leave(queue);
    }
  }

  /** Another tab has taken the own queue over, with all that was written of it. What was not is in
   * memory only, and goes on from there. */
  #startAnew(): void {
    const lost = this.#own;
    if (lost.kept?.isWritten === false) {
      lost.kept = undefined;
      this.#adopted.set(lost.tab, lost);
    } else {
      lost.end();
    }
    this.#own = this.#openOwn();
    if (this.#isHidden) this.#own.tell({ type: 'app.hidden' });
  }

  #leave(queue: TabQueue): void {
    queue.end();
    this.#adopted.delete(queue.tab);
  }

  /** Takes over what tabs that are gone have left, a few at a time. */
  #adopt(): void {
    const store = this.#store;
    if (this.#consent !== 'granted' || store === undefined) return;
    this.#settle();
    const isKnown = (tab: string) => tab === this.#own.tab || this.#adopted.has(tab);
    if (store.orphans().every(isKnown)) return;
    this.#environment.exclusively(store.consentKey, () => {
      if (this.#consent !== 'granted') return;
      for (const tab of store.orphans()) {
        if (isKnown(tab) || this.#adopted.size >= ADOPTED_MAX) continue;
        if (store.lease(tab, LEASE_MS.hidden)) this.#adoptOne(tab);
      }
    });
  }

  #adoptOne(tab: string): void {
    const kept = this.#store?.queue(tab);
    const parts = { ...this.#parts, observe: () => {} };
    const subject = subjectIn(kept?.read() ?? null) ?? this.#subject;
    const queue = openTabQueue(parts, { tab, kept, subject });
    this.#setAside(queue);
    this.#past.adopted += 1;
    this.#past.adoptedAcknowledged -= queue.host.state.acknowledgedCount;
    this.#adopted.set(tab, queue);
    if (this.#isHidden) queue.tell({ type: 'app.hidden' });
    this.#settle();
  }

  /** Lets go of queues that are through. */
  #settle(): void {
    for (const queue of [...this.#adopted.values()]) {
      const { acknowledgedCount, queue: waiting, batches } = queue.host.state;
      if (waiting.length > 0 || batches.length > 0) continue;
      this.#past.adoptedAcknowledged += acknowledgedCount;
      this.#past.failures += queue.kept?.failures ?? 0;
      queue.kept?.remove();
      this.#store?.handBack(queue.tab);
      this.#leave(queue);
    }
  }
}

/** Whose queue it is, if that can be read. */
function subjectIn(text: string | null): string | undefined {
  try {
    const subject: unknown = JSON.parse(text ?? 'null')?.state?.subject;
    return isText(subject) ? subject : undefined;
  } catch {
    return undefined;
  }
}
