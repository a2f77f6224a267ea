/** The collector as a server: batches in, and beside them health, metrics, the SDK, and whatever
 * else is mounted. Every refusal is JSON in fixed words; nothing that a client sends ends the
 * process, holds it up, or stays in its memory. Spec: S404–S414. */
import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Collector } from '../../streams/collector/collector.ts';
import { cannotListen, originOf } from '../listening.ts';
import {
  type Admission,
  type AdmissionLimits,
  BODY_TOO_LARGE,
  createAdmission,
} from './admission.ts';
import { addBatchRoute, BATCH_URL } from './batch-route.ts';
import { createCrossOrigin } from './cross-origin.ts';
import type { GroupCommit } from './group-commit.ts';
import type { InflateLimits } from './inflate.ts';
import { CollectorRefusal, refusalBody } from './refusal.ts';
import { createWriteKeys, type WriteKey } from './write-keys.ts';

/** Limits of requests and connections. */
export interface CollectorLimits extends AdmissionLimits, InflateLimits {
  /** From the first byte of a request to its last, ms. */
  readonly requestMs: number;
  /** Its head alone, ms. */
  readonly headersMs: number;
  /** A connection without a request, ms. */
  readonly idleMs: number;
  readonly connectionsMax: number;
  readonly headerBytesMax: number;
}

/** The limits of `backlot serve`. */
export const COLLECTOR_LIMITS: CollectorLimits = {
  bodyBytesMax: 1_048_576,
  inflatedBytesMax: 8 * 1_048_576,
  ratioMax: 100,
  openRequestsMax: 2_048,
  openBytesMax: 64 * 1_048_576,
  unreadMax: 20_000_000,
  requestMs: 10_000,
  headersMs: 5_000,
  idleMs: 65_000,
  connectionsMax: 8_192,
  headerBytesMax: 16_384,
};

/** Limits of what is in a body. */
export const EVENT_LIMITS = {
  bodyBytesMax: COLLECTOR_LIMITS.inflatedBytesMax,
  eventsMax: 500,
  eventBytesMax: 32 * 1_024,
  depthMax: 40,
};

/** Where and how to serve. */
export interface CollectorServerOptions {
  readonly collector: Collector;
  readonly groups: GroupCommit;
  readonly keys: readonly WriteKey[];
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly limits?: Partial<CollectorLimits> | undefined;
  readonly unread: () => number;
  /** Whether the pipeline works: else `/ready` says no. Batches are taken in all the same. */
  readonly isReady: () => boolean;
  /** Adds routes of their own. */
  readonly mount?: ((app: FastifyInstance) => Promise<void>) | undefined;
  /** Told of bugs of ours; the client learns only that there was one. */
  readonly onInternalError: (error: unknown) => void;
}

/** A server that listens. */
export interface CollectorServer {
  /** Like `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly admission: Admission;
  /** Answers of the batch route, by status; refusals, by code. */
  readonly answers: ReadonlyMap<number, number>;
  readonly refusals: ReadonlyMap<string, number>;
  /** Refuses what is new, waits for open requests, then closes. */
  close(): Promise<void>;
}

interface State {
  isDraining: boolean;
  readonly answers: Map<number, number>;
  readonly refusals: Map<string, number>;
}

const LOOKED_WHILE_CLOSING_MS = 50;
/** How often node looks for connections that take too long. */
const LOOKED_AFTER_MS = 500;

/** Starts to listen.
 * @throws EngineError `SERVER_CANNOT_LISTEN` where the port is taken, forbidden or not ours. */
export async function startCollectorServer(
  options: CollectorServerOptions,
): Promise<CollectorServer> {
  const { collector, groups, keys, host, port, unread } = options;
  const limits = { ...COLLECTOR_LIMITS, ...options.limits };
  const state: State = { isDraining: false, answers: new Map(), refusals: new Map() };
  const app = createApp(limits, { state, options });
  const crossOrigin = createCrossOrigin({
    own: () => ownOrigins(app, host),
    given: keys.flatMap(({ origins = [] }) => origins),
  });
  const admission = createAdmission({
    keys: createWriteKeys(keys),
    limits,
    unread,
    isAllowedOrigin: (origin, key) => crossOrigin.allows(origin, key),
    nowMs: () => performance.now(),
  });
  const nowUs = () => Date.now() * 1_000;
  addHealth(app, { state, isReady: options.isReady });
  addBatchRoute(app, { ...limits, collector, groups, admission, crossOrigin, nowUs });
  refuseOtherMethods(app);
  await options.mount?.(app);
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw cannotListen(error, { host, port });
  }
  return {
    origin: originOf(app, host),
    admission,
    answers: state.answers,
    refusals: state.refusals,
    async close() {
      state.isDraining = true;
      const closed = app.close();
      await openRequestsEnd(admission, limits.requestMs);
      // Node waits for ever for connections on which nothing was ever asked, as browsers open them.
      app.server.closeAllConnections();
      await closed;
    },
  };
}

function createApp(
  limits: CollectorLimits,
  { state, options }: { readonly state: State; readonly options: CollectorServerOptions },
): FastifyInstance {
  const app = Fastify({
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 64, ignoreTrailingSlash: false },
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: LOOKED_AFTER_MS,
      maxHeaderSize: limits.headerBytesMax,
    },
    clientErrorHandler: (error, socket) => refuseSocket(error, socket),
  });
  app.server.maxConnections = limits.connectionsMax;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.addHook('onRequest', (_, reply, done) => {
    if (!state.isDraining) {
      done();
      return;
    }
    reply.header('connection', 'close');
    done(SHUTTING_DOWN);
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.url === BATCH_URL) count(state.answers, reply.statusCode);
    done();
  });
  app.setErrorHandler((error: FastifyError | CollectorRefusal, _, reply) => {
    const refusal = refusalFor(error);
    if (refusal.statusCode === 500) options.onInternalError(error);
    count(state.refusals, refusal.code);
    return refuse(reply, refusal);
  });
  app.setNotFoundHandler((_, reply) => refuse(reply, NOT_FOUND));
  return app;
}

function refusalFor(error: FastifyError | CollectorRefusal): CollectorRefusal {
  if (error instanceof CollectorRefusal) return error;
  const { statusCode = 500 } = error;
  if (statusCode === 413) return BODY_TOO_LARGE;
  if (statusCode === 415) return BAD_TYPE;
  return statusCode < 500 ? BAD_REQUEST : INTERNAL;
}

function refuse(reply: FastifyReply, refusal: CollectorRefusal): FastifyReply {
  const { statusCode, retryAfterSeconds, closes } = refusal;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (statusCode === 401) reply.header('www-authenticate', 'Bearer');
  if (closes) reply.header('connection', 'close');
  return reply
    .code(statusCode)
    .header('content-type', 'application/json; charset=utf-8')
    .send(refusalBody(refusal));
}

/** What is no HTTP, too long or too slow never reaches a route. */
function refuseSocket(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const refusal = SOCKET_REFUSALS[error.code ?? ''] ?? BAD_REQUEST;
  const body = refusalBody(refusal);
  const head = [
    `HTTP/1.1 ${refusal.statusCode} Refused`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function addHealth(
  app: FastifyInstance,
  { state, isReady }: { readonly state: State; readonly isReady: () => boolean },
): void {
  const method = ['GET', 'HEAD'];
  app.route({ method, url: '/health', handler: () => ({ status: 'ok' }) });
  app.route({
    method,
    url: '/ready',
    handler: (_, reply) => {
      if (!state.isDraining && isReady()) return { status: 'ready' };
      return reply.code(503).header('retry-after', '1').send({ status: 'not ready' });
    },
  });
}

function refuseOtherMethods(app: FastifyInstance): void {
  app.route({
    method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
    url: BATCH_URL,
    onRequest: (_, reply, done) => {
      reply.header('allow', 'POST, OPTIONS');
      done(BAD_METHOD);
    },
    handler: () => undefined,
  });
}

/** The origins of pages that the server itself serves. */
function ownOrigins(app: FastifyInstance, host: string): readonly string[] {
  const { port } = new URL(originOf(app, host));
  const names = new Set([
    '127.0.0.1',
    'localhost',
    '[::1]',
    host.includes(':') ? `[${host}]` : host,
  ]);
  return [...names].map((name) => `http://${name}:${port}`);
}

async function openRequestsEnd(admission: Admission, forMs: number): Promise<void> {
  const endMs = performance.now() + forMs;
  do {
    await new Promise((resolve) => setTimeout(resolve, LOOKED_WHILE_CLOSING_MS));
  } while (admission.openRequests > 0 && performance.now() < endMs);
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const SHUTTING_DOWN = new CollectorRefusal(503, 'shutting_down', {
  message: 'the collector is shutting down; send it again',
  retryAfterSeconds: 5,
});
const NOT_FOUND = new CollectorRefusal(404, 'not_found', {
  message: 'nothing is here; send batches to POST /v1/batch',
});
const BAD_METHOD = new CollectorRefusal(405, 'method_not_allowed', { message: 'use POST' });
const BAD_TYPE = new CollectorRefusal(415, 'unsupported_media_type', {
  message: 'send application/json (or text/plain from a beacon)',
});
const BAD_REQUEST = new CollectorRefusal(400, 'bad_request', {
  message: 'this is no request that can be read',
  closes: true,
});
const INTERNAL = new CollectorRefusal(500, 'internal_error', {
  message: 'internal error of the collector; send it again',
});
const SOCKET_REFUSALS: Readonly<Record<string, CollectorRefusal>> = {
  HPE_HEADER_OVERFLOW: new CollectorRefusal(431, 'headers_too_large', {
    message: 'the headers are too large',
  }),
  ERR_HTTP_REQUEST_TIMEOUT: new CollectorRefusal(408, 'too_slow', {
    message: 'the request took too long',
  }),
};
