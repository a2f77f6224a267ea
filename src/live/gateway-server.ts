/** The gateway as a server: GraphQL over HTTP at `/graphql`, `/health` and `/ready` beside it.
 * Every answer is JSON, refusals included; nothing that a client sends ends the process. Spec:
 * G32–G36. */
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { operationKind } from '../gateway/federation/operation-kind.ts';
import type { GraphQLAnswer } from '../gateway/federation/request/graphql-answer.ts';
import {
  type AnswerMediaType,
  answerStatus,
  type GraphQLRequestBody,
  HttpRefusal,
  isReadableContentType,
  negotiateMediaType,
  readPostBody,
  readQueryString,
} from './graphql-over-http.ts';
import type { HttpGateway } from './http-gateway.ts';
import { cannotListen, originOf } from './listening.ts';

/** Where and how to serve. */
export interface GatewayServerOptions {
  readonly gateway: HttpGateway;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Of a request's body. Default 1 MiB. */
  readonly maxBodySizeBytes?: number | undefined;
  /** Told of bugs of ours; the client learns only that there was one. */
  readonly onInternalError?: ((error: unknown) => void) | undefined;
}

/** A server that listens. */
export interface GatewayServer {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  /** Of the health route. */
  readonly healthUrl: string;
  /** Refuses what is new, waits for open requests, then closes. */
  close(): Promise<void>;
}

const DEFAULT_BODY_SIZE_BYTES = 1_024 * 1_024;
const MAX_REQUEST_MS = 60_000;
const OTHER_METHODS = ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

/** Starts to listen.
 * @throws EngineError `SERVER_CANNOT_LISTEN` where the port is taken, forbidden or not ours. */
export async function startGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const { gateway, host, port } = options;
  const app = createApp(options);
  const state = { isDraining: false };
  addDraining(app, state);
  addHealth(app);
  addGraphQL(app, gateway);
  try {
    await app.listen({ host, port });
  } catch (error) {
    gateway.close();
    throw cannotListen(error, { host, port });
  }
  const origin = originOf(app, host);
  return {
    url: `${origin}/graphql`,
    healthUrl: `${origin}/health`,
    async close() {
      state.isDraining = true;
      await app.close();
      gateway.close();
    },
  };
}

function createApp(options: GatewayServerOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: options.maxBodySizeBytes ?? DEFAULT_BODY_SIZE_BYTES,
    requestTimeout: MAX_REQUEST_MS,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error: FastifyError | HttpRefusal, request, reply) => {
    if (error instanceof HttpRefusal) return refuse(request, reply, error);
    const { statusCode = 500 } = error;
    if (statusCode < 500) {
      const message = statusCode === 413 ? bodyTooLarge(options) : error.message;
      return refuse(request, reply, new HttpRefusal(statusCode, error.code, message));
    }
    options.onInternalError?.(error);
    const message = 'internal error of the gateway';
    return refuse(request, reply, new HttpRefusal(500, 'INTERNAL_SERVER_ERROR', message));
  });
  app.setNotFoundHandler((request, reply) => {
    const message = `nothing is at ${request.url.slice(0, 200)}; POST to /graphql`;
    return refuse(request, reply, new HttpRefusal(404, 'NOT_FOUND', message));
  });
  return app;
}

/** While open requests finish, connections that are kept open must not bring in new ones. */
function addDraining(app: FastifyInstance, state: { readonly isDraining: boolean }): void {
  app.addHook('onRequest', async () => {
    if (!state.isDraining) return;
    throw new HttpRefusal(503, 'SHUTTING_DOWN', 'the gateway is shutting down; ask another one');
  });
  app.addHook('onSend', async (_, reply) => {
    if (state.isDraining) reply.header('connection', 'close');
  });
}

function addHealth(app: FastifyInstance): void {
  const method = ['GET', 'HEAD'];
  app.route({ method, url: '/health', handler: () => ({ status: 'ok' }) });
  app.route({ method, url: '/ready', handler: () => ({ status: 'ready' }) });
}

function addGraphQL(app: FastifyInstance, gateway: HttpGateway): void {
  for (const url of ['/graphql', '/']) {
    app.post(url, (request, reply) => {
      const mediaType = mediaTypeFor(request);
      return answer({ gateway, reply, mediaType, body: postBody(request) });
    });
  }
  app.get('/graphql', (request, reply) => {
    const mediaType = mediaTypeFor(request);
    const body = readQueryString(request.query as Readonly<Record<string, unknown>>);
    const kind = operationKind(body.query, body.operationName) ?? 'query';
    if (kind !== 'query') {
      reply.header('allow', 'POST');
      throw new HttpRefusal(405, 'METHOD_NOT_ALLOWED', `a ${kind} needs POST; GET is for queries`);
    }
    return answer({ gateway, reply, mediaType, body });
  });
  app.route({
    method: OTHER_METHODS,
    url: '/graphql',
    handler: (request, reply) => {
      reply.header('allow', 'GET, POST');
      throw new HttpRefusal(405, 'METHOD_NOT_ALLOWED', `${request.method} does nothing here`);
    },
  });
}

interface Exchange {
  readonly gateway: HttpGateway;
  readonly reply: FastifyReply;
  readonly mediaType: AnswerMediaType;
  readonly body: GraphQLRequestBody;
}

/** Executes and replies; a query whose client has gone is given up, a mutation is seen through. */
async function answer({ gateway, reply, mediaType, body }: Exchange) {
  const gone = new AbortController();
  const onClose = () => {
    if (!reply.raw.writableFinished) gone.abort();
  };
  reply.raw.on('close', onClose);
  try {
    const result = await gateway.execute(body, { signal: gone.signal });
    return send(reply, {
      mediaType,
      statusCode: answerStatus(mediaType, 'data' in result),
      result,
    });
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    return reply.hijack();
  } finally {
    reply.raw.off('close', onClose);
  }
}

function postBody(request: FastifyRequest): GraphQLRequestBody {
  const contentType = request.headers['content-type'];
  if (contentType === undefined || !isReadableContentType(contentType)) {
    const found = contentType === undefined ? 'no content type' : contentType.slice(0, 80);
    const message = `found ${found}; send application/json in UTF-8`;
    throw new HttpRefusal(415, 'UNSUPPORTED_MEDIA_TYPE', message);
  }
  return readPostBody(typeof request.body === 'string' ? request.body : '');
}

function mediaTypeFor(request: FastifyRequest): AnswerMediaType {
  const mediaType = negotiateMediaType(request.headers.accept);
  if (mediaType !== undefined) return mediaType;
  const message = 'accept application/graphql-response+json or application/json';
  throw new HttpRefusal(406, 'NOT_ACCEPTABLE', message);
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: HttpRefusal): FastifyReply {
  const { statusCode, code, message } = refusal;
  const mediaType = negotiateMediaType(request.headers.accept) ?? 'application/json';
  const result = { errors: [{ message, extensions: { code } }] };
  return send(reply, { mediaType, statusCode, result });
}

function send(
  reply: FastifyReply,
  answered: {
    readonly mediaType: AnswerMediaType;
    readonly statusCode: number;
    readonly result: GraphQLAnswer;
  },
): FastifyReply {
  const { mediaType, statusCode, result } = answered;
  return reply
    .code(statusCode)
    .header('content-type', `${mediaType}; charset=utf-8`)
    .send(JSON.stringify(result));
}

function bodyTooLarge({ maxBodySizeBytes = DEFAULT_BODY_SIZE_BYTES }: GatewayServerOptions) {
  return `the body has more than ${maxBodySizeBytes} bytes; send a shorter operation`;
}
