/** Frames to browsers as server-sent events. The source never waits: a client has at most one
 * frame waiting, the newest; what it missed is counted and told to it. Nobody watching costs
 * nothing. Spec: L60–L62. */
import type { ServerResponse } from 'node:http';
import type { LiveFrame } from '../../domain/live/live-frame.ts';
import type { LiveEnding } from '../../domain/live/live-stream.ts';
import type { LiveSource } from '../live-source.ts';

/** How many, and how long they may be silent. */
export interface FrameStreamLimits {
  /** Clients at once; default 8. */
  readonly clientsMax?: number | undefined;
  /** A sign of life after so long a silence, ms; default 15 s. */
  readonly heartbeatMs?: number | undefined;
  /** Beats after which a client that takes nothing is let go; default 4. */
  readonly stalledBeatsMax?: number | undefined;
}

/** What has been sent since the start. */
export interface FrameStreamStats {
  readonly clients: number;
  readonly framesSent: number;
  /** Frames that some client was too slow for, summed over clients. */
  readonly framesMissed: number;
  /** Clients that were turned away. */
  readonly clientsRefused: number;
}

/** The streams of one server. */
export class FrameStreams {
  readonly #source: LiveSource;
  readonly #clients = new Set<Client>();
  readonly #limits: Required<{ [K in keyof FrameStreamLimits]: number }>;
  readonly #counts = { framesSent: 0, framesMissed: 0, clientsRefused: 0 };
  #unsubscribe: (() => void) | undefined;
  #heart: NodeJS.Timeout | undefined;
  #ending: LiveEnding | undefined;

  constructor(source: LiveSource, limits: FrameStreamLimits = {}) {
    this.#source = source;
    this.#limits = {
      clientsMax: limits.clientsMax ?? 8,
      heartbeatMs: limits.heartbeatMs ?? 15_000,
      stalledBeatsMax: limits.stalledBeatsMax ?? 4,
    };
  }

  /** Whether one more client is too many; counts it as turned away. */
  isFull(): boolean {
    const isFull = this.#clients.size >= this.#limits.clientsMax;
    if (isFull) this.#counts.clientsRefused += 1;
    return isFull;
  }

  /** Begins to send, with the latest frame first. The response's head must have been written. */
  open(response: ServerResponse): void {
    const client: Client = { response, isBlocked: false, missed: 0, silentBeats: 0 };
    response.on('drain', () => this.#drained(client));
    response.on('close', () => this.#closed(client));
    response.on('error', () => response.destroy());
    this.#clients.add(client);
    response.write(': backlot\n\n');
    const latest = this.#source.latest();
    if (latest !== undefined) this.#offer(client, textOf(latest));
    if (this.#ending !== undefined) {
      finish(client, this.#ending);
      return;
    }
    this.#unsubscribe ??= this.#source.onFrame((frame) => this.#spread(frame));
    this.#heart ??= setInterval(() => this.#beat(), this.#limits.heartbeatMs).unref();
  }

  /** Tells all clients that no frame follows, and closes their connections.
   * @param graceMs - How long a slow one may take to hear it.
   * @returns when all are gone. */
  async end(ending: LiveEnding, graceMs = 300): Promise<void> {
    this.#ending ??= ending;
    this.#rest();
    const clients = [...this.#clients];
    const gone = clients.map(
      ({ response }) => new Promise<void>((resolve) => response.once('close', () => resolve())),
    );
    for (const client of clients) finish(client, this.#ending);
    const timer = setTimeout(() => {
      for (const { response } of clients) response.destroy();
    }, graceMs);
    await Promise.all(gone);
    clearTimeout(timer);
  }

  stats(): FrameStreamStats {
    return { clients: this.#clients.size, ...this.#counts };
  }

  #spread(frame: LiveFrame): void {
    const text = textOf(frame);
    for (const client of this.#clients) this.#offer(client, text);
  }

  #offer(client: Client, text: FrameText): void {
    if (client.isBlocked) {
      if (client.waiting !== undefined) {
        client.missed += 1;
        this.#counts.framesMissed += 1;
      }
      client.waiting = text;
      return;
    }
    client.silentBeats = 0;
    this.#counts.framesSent += 1;
    client.isBlocked = !client.response.write(frameEvent(client, text));
  }

  #drained(client: Client): void {
    client.isBlocked = false;
    const { waiting } = client;
    client.waiting = undefined;
    if (waiting !== undefined && !client.response.writableEnded) this.#offer(client, waiting);
  }

  #closed(client: Client): void {
    this.#clients.delete(client);
    if (this.#clients.size === 0) this.#rest();
  }

  /** Signs of life for the silent; those that have taken nothing for long make room. */
  #beat(): void {
    for (const client of this.#clients) {
      client.silentBeats += 1;
      if (client.isBlocked) {
        if (client.silentBeats > this.#limits.stalledBeatsMax) client.response.destroy();
      } else if (client.silentBeats > 1) {
        client.isBlocked = !client.response.write(': beat\n\n');
        client.silentBeats = 1;
      }
    }
  }

  #rest(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearInterval(this.#heart);
    this.#heart = undefined;
  }
}

interface Client {
  readonly response: ServerResponse;
  isBlocked: boolean;
  waiting?: FrameText | undefined;
  missed: number;
  /** Heartbeats since something was written. */
  silentBeats: number;
}

interface FrameText {
  readonly sequence: number;
  readonly json: string;
}

function textOf(frame: LiveFrame): FrameText {
  return { sequence: frame.sequence, json: JSON.stringify(frame) };
}

function frameEvent({ missed }: Client, { sequence, json }: FrameText): string {
  return `id: ${sequence}\nevent: frame\ndata: {"missed":${missed},"frame":${json}}\n\n`;
}

function finish(client: Client, ending: LiveEnding): void {
  const { response, waiting } = client;
  client.waiting = undefined;
  if (waiting !== undefined) response.write(frameEvent(client, waiting));
  response.end(`event: end\ndata: ${JSON.stringify(ending)}\n\n`);
}
