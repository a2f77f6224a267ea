/** Carries one fetch of a plan to a subgraph over HTTP. Whatever goes wrong on the way (refused,
 * too late, too long, no JSON, no GraphQL) becomes a failed fetch that names the subgraph and
 * never its address: the answer that it ends up in goes to strangers. Spec: G30, G31. */
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { FetchResult } from '../gateway/plan-run.ts';
import { readSubgraphAnswer, subgraphFailure } from './subgraph-answer.ts';

/** One fetch to carry. */
export interface SubgraphCall {
  readonly serviceName: string;
  /** `http:` or `https:`. */
  readonly url: URL;
  /** GraphQL text. */
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Carries calls to subgraphs. Never rejects: a failure is a result. */
export interface SubgraphTransport {
  /** @param signal - Ends the call early; its result is then of no use to anybody. */
  send(call: SubgraphCall, signal?: AbortSignal): Promise<FetchResult>;
  /** Closes idle connections; calls under way are cut off. */
  close(): void;
}

/** What bounds a call. */
export interface TransportLimits {
  /** From asking for a connection to the last byte of the answer. Default 30 s, as in Apollo
   * Router's traffic shaping. */
  readonly timeoutMs?: number | undefined;
  /** Of the answer's body. Default 32 MiB. */
  readonly maxAnswerSizeBytes?: number | undefined;
  /** Connections to one host at a time; more calls wait. Default 100, as in Hive Router. */
  readonly maxConnectionsPerHost?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** What a timer of node can wait; more would fire at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;
const DEFAULT_ANSWER_SIZE_BYTES = 32 * 1_024 * 1_024;
const DEFAULT_CONNECTIONS_PER_HOST = 100;

/** A transport over connections that are kept open. */
export function createHttpTransport(limits: TransportLimits = {}): SubgraphTransport {
  const {
    timeoutMs = DEFAULT_TIMEOUT_MS,
    maxAnswerSizeBytes = DEFAULT_ANSWER_SIZE_BYTES,
    maxConnectionsPerHost = DEFAULT_CONNECTIONS_PER_HOST,
  } = limits;
  const pool = { keepAlive: true, maxSockets: maxConnectionsPerHost, scheduling: 'lifo' } as const;
  const agents: Agents = { http: new HttpAgent(pool), https: new HttpsAgent(pool) };
  return {
    send: (call, signal) => new Call(call, { agents, timeoutMs, maxAnswerSizeBytes, signal }).sent,
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

interface CallOptions {
  readonly agents: Agents;
  readonly timeoutMs: number;
  readonly maxAnswerSizeBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** One call under way; over when `sent` resolves, and then nothing of it is left. */
class Call {
  readonly sent: Promise<FetchResult>;
  readonly #call: SubgraphCall;
  readonly #options: CallOptions;
  readonly #body: Buffer;
  #timer: NodeJS.Timeout | undefined;
  #request: ClientRequest | undefined;
  #resolve: (result: FetchResult) => void = () => {};
  #isOver = false;

  constructor(call: SubgraphCall, options: CallOptions) {
    const { operation, variables } = call;
    this.#call = call;
    this.#options = options;
    this.#body = Buffer.from(JSON.stringify({ query: operation, variables }));
    this.sent = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    options.signal?.addEventListener('abort', this.#cancel);
    this.#timer = setTimeout(() => this.#timeOut(), Math.min(options.timeoutMs, TIMER_MAX_MS));
    if (options.signal?.aborted === true) this.#cancel();
    else this.#attempt(!isMutation(operation));
  }

  /** @param mayRepeat - Once more where a kept connection turns out to have been closed by the
   * other side meanwhile: nobody read the request, but only for queries is that certain to be
   * harmless. */
  #attempt(mayRepeat: boolean): void {
    const { url } = this.#call;
    const isSecure = url.protocol === 'https:';
    const request = (isSecure ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: isSecure ? this.#options.agents.https : this.#options.agents.http,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'content-length': this.#body.length,
      },
    });
    this.#request = request;
    request.on('response', (response) => this.#read(response));
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (mayRepeat && !this.#isOver && request.reusedSocket && error.code === 'ECONNRESET')
        this.#attempt(false);
      else this.#fail('SUBGRAPH_UNREACHABLE', `cannot be reached (${error.code ?? error.name})`);
    });
    request.end(this.#body);
  }

  #read(response: IncomingMessage): void {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    response.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > this.#options.maxAnswerSizeBytes) {
        const limit = `more than ${this.#options.maxAnswerSizeBytes} bytes`;
        this.#fail('SUBGRAPH_BAD_ANSWER', `answered ${limit}`);
      } else {
        chunks.push(chunk);
      }
    });
    response.on('error', () => this.#fail('SUBGRAPH_UNREACHABLE', 'broke off its answer'));
    response.on('end', () => {
      const { statusCode = 0, headers } = response;
      const text = Buffer.concat(chunks).toString('utf8');
      const { serviceName } = this.#call;
      const contentType = headers['content-type'];
      this.#end(readSubgraphAnswer({ serviceName, statusCode, contentType, text }));
    });
  }

  #timeOut(): void {
    this.#fail('SUBGRAPH_TIMEOUT', `did not answer within ${this.#options.timeoutMs} ms`);
  }

  readonly #cancel = (): void => {
    this.#fail('SUBGRAPH_CANCELLED', 'is not waited for: the client has gone');
  };

  #fail(code: string, what: string): void {
    this.#end(subgraphFailure(this.#call.serviceName, { code, what }));
  }

  /** The first end counts; what it stops would otherwise report itself as a second one. */
  #end(result: FetchResult): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#cancel);
    this.#resolve(result);
    if (!result.ok) this.#request?.destroy();
  }
}

/** Whether a fetch changes something. Planners write the keyword first, without descriptions. */
export function isMutation(operation: string): boolean {
  return /^\s*mutation\b/.test(operation);
}
