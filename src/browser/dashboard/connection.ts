/** The way to the server: the greeting, the stream of frames with reconnecting, and commands. The
 * token comes from the address's fragment, which browsers send to nobody. Spec: L68. */
import type { CommandAnswer, LiveCommand } from '../../domain/live/live-command.ts';
import type { DashboardHello, FrameMessage, LiveEnding } from '../../domain/live/live-stream.ts';
import { createEventParser, type ServerSentEvent } from './model/event-parser.ts';
import { reconnectDelayMs } from './model/reconnect-delay.ts';

/** Who is told. */
export interface ConnectionListener {
  onHello(hello: DashboardHello): void;
  onFrame(message: FrameMessage): void;
  onEnd(ending: LiveEnding): void;
  /** How the connection is, in a sentence. */
  onState(state: ConnectionState, words: string): void;
}

/** How the connection is. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused' | 'ended';

/** Longer than three heartbeats of the server. */
const SILENCE_MAX_MS = 50_000;

/** The connection of one page. */
export class Connection {
  readonly #listener: ConnectionListener;
  readonly #headers: Record<string, string>;
  #failures = 0;

  /** @param fragment - Like `#token=…`. */
  constructor(listener: ConnectionListener, fragment: string) {
    this.#listener = listener;
    const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token') ?? '';
    this.#headers = /^[\w.~+/=-]+$/.test(token) ? { authorization: `Bearer ${token}` } : {};
  }

  /** Connects, and connects again until the run has ended or the server refuses. */
  async run(): Promise<void> {
    this.#listener.onState('connecting', 'connecting');
    for (;;) {
      const outcome = await this.#connect().catch((error: unknown): Outcome => {
        return { isOver: false, words: error instanceof Error ? error.message : String(error) };
      });
      if (outcome.isOver) return;
      this.#failures += 1;
      const delayMs = reconnectDelayMs(this.#failures, outcome.retryAfterSec);
      const words = `${outcome.words}; trying again in ${delayMs / 1_000} s`;
      this.#listener.onState('lost', words);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }

  /** Never rejects: what went wrong is the answer. */
  async send(command: LiveCommand): Promise<CommandAnswer> {
    try {
      const response = await fetch('commands', {
        method: 'POST',
        headers: { ...this.#headers, 'content-type': 'application/json' },
        body: JSON.stringify(command),
      });
      return (await response.json()) as CommandAnswer;
    } catch (error) {
      return { ok: false, code: 'LIVE_UNREACHABLE', message: `the server is gone: ${error}` };
    }
  }

  async #connect(): Promise<Outcome> {
    const abort = new AbortController();
    const options: RequestInit = {
      headers: this.#headers,
      signal: abort.signal,
      cache: 'no-store',
    };
    const hello = await fetch('hello.json', options);
    if (!hello.ok) return this.#refused(hello);
    this.#listener.onHello((await hello.json()) as DashboardHello);
    const frames = await fetch('frames', options);
    if (!frames.ok || frames.body === null) return this.#refused(frames);
    this.#listener.onState('open', 'connected');
    const pieces = frames.body.pipeThrough(new TextDecoderStream()).getReader();
    const parse = createEventParser();
    for (;;) {
      const silence = setTimeout(() => abort.abort(new Error('no sign of life')), SILENCE_MAX_MS);
      const { done, value } = await pieces.read().finally(() => clearTimeout(silence));
      if (done) return { isOver: false, words: 'connection lost' };
      this.#failures = 0;
      if (parse(value).some((event) => this.#take(event))) return { isOver: true, words: '' };
    }
  }

  /** @returns whether it was the last. */
  #take({ event, data }: ServerSentEvent): boolean {
    if (event === 'frame') this.#listener.onFrame(JSON.parse(data) as FrameMessage);
    if (event !== 'end') return false;
    this.#listener.onState('ended', 'ended');
    this.#listener.onEnd(JSON.parse(data) as LiveEnding);
    return true;
  }

  async #refused(response: Response): Promise<Outcome> {
    const answer = (await response.json().catch(() => ({}))) as { readonly message?: string };
    const words = answer.message ?? `the server answers ${response.status}`;
    if (response.status === 503) {
      return { isOver: false, words, retryAfterSec: Number(response.headers.get('retry-after')) };
    }
    this.#listener.onState('refused', words);
    return { isOver: true, words };
  }
}

interface Outcome {
  readonly isOver: boolean;
  readonly words: string;
  readonly retryAfterSec?: number;
}
