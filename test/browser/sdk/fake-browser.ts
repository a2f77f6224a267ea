/** A browser without a document: tabs with virtual clocks and timers, a store that all of them
 * share and that may be full, and a collector that answers as a test wants. */
import type {
  BrowserEnvironment,
  HttpRequest,
  TextStore,
} from '../../../src/browser/sdk/environment.ts';
import type { TrackedEvent } from '../../../src/domain/tracked-event.ts';

/** A request as it came to the collector. */
export interface SeenRequest {
  readonly atMs: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly keepalive: boolean;
  readonly isBeacon: boolean;
  readonly isPacked: boolean;
  readonly body: {
    readonly requestId: string;
    readonly attempt: number;
    readonly sentTimeUs: number;
    readonly sentUptimeUs?: number;
    readonly events: readonly TrackedEvent[];
  };
}

/** What becomes of a request: `lost` never arrives, `unanswered` arrives and hears nothing. */
export type Fate =
  | 'lost'
  | 'unanswered'
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly text?: string;
    };

/** Web Storage with a quota in UTF-16 units. */
export class FakeStore implements TextStore {
  readonly texts = new Map<string, string>();
  quota = Number.POSITIVE_INFINITY;
  /** Counts everything that was ever written. */
  writes = 0;

  get length(): number {
    return this.texts.size;
  }

  key(index: number): string | null {
    return [...this.texts.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.texts.get(key) ?? null;
  }

  setItem(key: string, text: string): void {
    let size = text.length;
    for (const [other, kept] of this.texts) if (other !== key) size += kept.length;
    if (size > this.quota) throw new DOMException('full', 'QuotaExceededError');
    this.writes += 1;
    this.texts.set(key, text);
  }

  removeItem(key: string): void {
    this.texts.delete(key);
  }
}

interface Timer {
  readonly atMs: number;
  readonly call: () => void;
  readonly tab: FakeTab;
}

const START_MS = Date.UTC(2026, 10, 25);

/** All tabs of one browser, and the collector behind it. */
export class FakeBrowser {
  readonly shared = new FakeStore();
  readonly requests: SeenRequest[] = [];
  /** Ids that the collector took, with how often. */
  readonly accepted = new Map<string, number>();
  fate: (request: SeenRequest, n: number) => Fate | undefined = () => undefined;
  nowMs = 0;
  isOnline = true;
  #timers: Timer[] = [];
  #names = 0;

  open(ownTab: FakeStore = new FakeStore()): FakeTab {
    return new FakeTab(this, ownTab);
  }

  add(timer: Timer): () => void {
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Lets time pass, timer by timer, with all that hangs on promises in between. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await settled();
    for (;;) {
      const due = this.#timers
        .filter(({ atMs, tab }) => atMs <= untilMs && !tab.isFrozen)
        .sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== due);
      this.nowMs = Math.max(this.nowMs, due.atMs);
      due.call();
      await settled();
    }
    this.nowMs = untilMs;
  }

  nextName(): number {
    this.#names += 1;
    return this.#names;
  }

  get wallMs(): number {
    return START_MS + this.nowMs;
  }

  /** Takes a request in. @returns what to answer. */
  async receive(request: SeenRequest): Promise<Fate> {
    const fate = this.fate(request, this.requests.length) ?? okFor(request);
    this.requests.push(request);
    if (fate === 'lost') return fate;
    if (fate === 'unanswered' || fate.status === 200) {
      for (const { id } of request.body.events) {
        this.accepted.set(id, (this.accepted.get(id) ?? 0) + 1);
      }
    }
    return fate;
  }

  /** Ids of events that came, request by request. */
  sent(): readonly (readonly string[])[] {
    return this.requests.map(({ body }) => body.events.map(({ data }) => data.target ?? ''));
  }
}

/** The collector's word on every event. */
export function okFor({ body }: SeenRequest, result: (index: number) => string = () => 'ok'): Fate {
  const results = body.events.map(({ id }, index) => ({ index, id, result: result(index) }));
  return { status: 200, text: JSON.stringify({ results }) };
}

/** One tab, or one page of it: the next page of the tab is opened with the same `ownTab`. */
export class FakeTab implements BrowserEnvironment {
  readonly browser: FakeBrowser;
  readonly shared: TextStore | undefined;
  readonly ownTab: FakeStore;
  readonly gzip = async (text: string) =>
    new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob();
  isFrozen = false;
  mayBeacon = true;
  readonly #startedMs: number;

  constructor(browser: FakeBrowser, ownTab: FakeStore) {
    this.browser = browser;
    this.shared = browser.shared;
    this.ownTab = ownTab;
    this.#startedMs = browser.nowMs;
  }

  wallMs(): number {
    return this.browser.wallMs;
  }

  uptimeMs(): number {
    return this.browser.nowMs - this.#startedMs;
  }

  isOnline(): boolean {
    return this.browser.isOnline;
  }

  async post(request: HttpRequest) {
    const { url, headers, keepalive, signal } = request;
    if (!this.browser.isOnline) throw new TypeError('Failed to fetch');
    const isPacked = headers['content-encoding'] === 'gzip';
    const text = typeof request.body === 'string' ? request.body : await unpacked(request.body);
    const body = JSON.parse(text);
    const seen = {
      atMs: this.browser.nowMs,
      url,
      headers,
      keepalive,
      isBeacon: false,
      isPacked,
      body,
    };
    const fate = await this.browser.receive(seen);
    if (fate === 'lost' || fate === 'unanswered') {
      return new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('timeout', 'AbortError')));
      });
    }
    return {
      status: fate.status,
      header: (name: string) => fate.headers?.[name] ?? null,
      text: async () => fate.text ?? '',
    };
  }

  beacon(url: string, text: string): boolean {
    if (!this.mayBeacon) return false;
    const seen = {
      atMs: this.browser.nowMs,
      url,
      headers: { 'content-type': 'text/plain' },
      keepalive: true,
      isBeacon: true,
      isPacked: false,
      body: JSON.parse(text),
    };
    if (this.browser.isOnline) void this.browser.receive(seen);
    return true;
  }

  randomBytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    new DataView(bytes.buffer).setUint32(0, this.browser.nextName());
    return bytes;
  }

  uniform(): number {
    return 0.5;
  }

  later(delayMs: number, call: () => void): () => void {
    return this.browser.add({ atMs: this.browser.nowMs + Math.max(0, delayMs), call, tab: this });
  }

  exclusively(_name: string, call: () => void): void {
    call();
  }
}

async function unpacked(body: Blob): Promise<string> {
  const bytes = await new Response(
    body.stream().pipeThrough(new DecompressionStream('gzip')),
  ).text();
  return bytes;
}

/** Lets everything that hangs on promises happen. */
async function settled(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  await new Promise<void>((resolve) => setImmediate(resolve));
}
