/** The dashboard's routes, for a server of its own or below a prefix of another: the page, the
 * greeting, the frames, the commands. Whoever lacks the right token, or comes from a foreign page,
 * learns nothing. Spec: L60–L66. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CommandAnswer } from '../../domain/live/live-command.ts';
import type { DashboardHello } from '../../domain/live/live-stream.ts';
import { browserBundle } from '../../experiment/io/browser-bundle.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { LiveSource } from '../live-source.ts';
import { type AccessRight, accessRight, type DashboardTokens } from './access-tokens.ts';
import { CLOSED_POLICY, dashboardPage } from './dashboard-page.ts';
import { DashboardRefusal } from './dashboard-refusal.ts';
import { FrameStreams } from './frame-streams.ts';
import { readCommand } from './read-command.ts';
import { checkOrigin, type HostRule, hostRule } from './request-origin.ts';

/** What the routes need. */
export interface DashboardRoutesOptions {
  readonly source: LiveSource;
  readonly tokens: DashboardTokens;
  /** Names that the server answers to; default: those of loopback. */
  readonly isOwnHost?: HostRule | undefined;
  /** Made here where there are none. They end when the server closes. */
  readonly streams?: FrameStreams | undefined;
  /** Told of bugs of ours; the client learns only that there was one. */
  readonly onInternalError?: ((error: unknown) => void) | undefined;
}

const COMMAND_SIZE_BYTES_MAX = 4_096;
const COMMANDS_AT_ONCE_MAX = 16;
const ENDED = { text: 'The server has closed.', command: null };

/** A plugin of fastify, as in
 * `app.register(dashboardRoutes, { prefix: '/dashboard', source, tokens })`. */
export async function dashboardRoutes(
  app: FastifyInstance,
  options: DashboardRoutesOptions,
): Promise<void> {
  const streams = options.streams ?? new FrameStreams(options.source);
  const page = dashboardPage(browserBundle('dashboard'));
  readBodiesAsText(app);
  refuseOpenly(app, options);
  guard(app, options.isOwnHost ?? hostRule('127.0.0.1'));
  app.addHook('preClose', () => streams.end(ENDED));
  app.get('/', (request, reply) => {
    const path = request.url.replace(/\?.*$/s, '');
    if (!path.endsWith('/')) return reply.redirect(`${path}/`, 308);
    return reply
      .header('content-security-policy', page.policy)
      .type('text/html; charset=utf-8')
      .send(page.html);
  });
  app.get('/hello.json', (request): DashboardHello => {
    const right = permit(request, options.tokens, 'read');
    return { ...options.source.hello(), mayAct: right === 'act' };
  });
  app.get('/frames', (request, reply) => {
    permit(request, options.tokens, 'read');
    if (streams.isFull()) {
      void reply.header('retry-after', '5');
      throw new DashboardRefusal(503, 'LIVE_TOO_MANY_CLIENTS', TOO_MANY_CLIENTS);
    }
    reply.hijack();
    reply.raw.writeHead(200, {
      ...headersOfAll(CLOSED_POLICY),
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    streams.open(reply.raw);
  });
  addCommands(app, options);
}

function addCommands(app: FastifyInstance, { source, tokens }: DashboardRoutesOptions): void {
  let pending = 0;
  app.post('/commands', {
    bodyLimit: COMMAND_SIZE_BYTES_MAX,
    // Before the body is read: who may not act does not make us read.
    onRequest: async (request) => {
      permit(request, tokens, 'act');
    },
    handler: async (request, reply): Promise<CommandAnswer> => {
      const command = readCommand(typeof request.body === 'string' ? request.body : '');
      if (pending >= COMMANDS_AT_ONCE_MAX) {
        void reply.header('retry-after', '1');
        throw new DashboardRefusal(503, 'LIVE_TOO_MANY_COMMANDS', TOO_MANY_COMMANDS);
      }
      pending += 1;
      try {
        const answer = await source.command(command);
        if (!answer.ok) void reply.code(422);
        return answer;
      } finally {
        pending -= 1;
      }
    },
  });
}

function permit(
  request: FastifyRequest,
  tokens: DashboardTokens,
  wanted: 'read' | 'act',
): AccessRight {
  const right = accessRight(tokens, request.headers.authorization);
  if (right === 'none') throw new DashboardRefusal(401, 'LIVE_NO_TOKEN', NO_TOKEN);
  if (wanted === 'act' && right !== 'act') {
    throw new DashboardRefusal(403, 'LIVE_READ_ONLY', READ_ONLY);
  }
  return right;
}

/** The parent's parsers do not matter below here. */
function readBodiesAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) =>
    done(null, body),
  );
}

function guard(app: FastifyInstance, isOwnHost: HostRule): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(headersOfAll(CLOSED_POLICY));
    const { url = '' } = request.routeOptions;
    const isPage = url === app.prefix || url === `${app.prefix}/`;
    checkOrigin(request.headers, { isOwnHost, isPage });
  });
}

function headersOfAll(policy: string): Record<string, string> {
  return {
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

/** Every refusal is a `CommandAnswer`: one shape, with a code and a sentence. */
function refuseOpenly(app: FastifyInstance, { onInternalError }: DashboardRoutesOptions): void {
  app.setErrorHandler((error: FastifyError | DashboardRefusal | EngineError, _, reply) => {
    if (error instanceof EngineError && error.code === 'LIVE_BAD_COMMAND') {
      return refuse(reply, { statusCode: 400, code: error.code, message: error.message });
    }
    const statusCode = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
    if (statusCode < 500 || error instanceof DashboardRefusal) {
      const { code, message } = error;
      return refuse(reply, { statusCode, code, message: MESSAGES[statusCode] ?? message });
    }
    onInternalError?.(error);
    const message = 'internal error of the dashboard';
    return refuse(reply, { statusCode: 500, code: 'LIVE_INTERNAL_ERROR', message });
  });
  app.setNotFoundHandler((_, reply) =>
    refuse(reply, { statusCode: 404, code: 'LIVE_NOT_FOUND', message: NOT_FOUND }),
  );
}

function refuse(
  reply: FastifyReply,
  refusal: { readonly statusCode: number; readonly code: string; readonly message: string },
): FastifyReply {
  const { statusCode, code, message } = refusal;
  const answer: CommandAnswer = { ok: false, code, message };
  return reply.code(statusCode).type('application/json; charset=utf-8').send(answer);
}

const MESSAGES: Readonly<Record<number, string>> = {
  413: `a command has at most ${COMMAND_SIZE_BYTES_MAX} bytes`,
  415: 'commands are sent as application/json',
};
const NOT_FOUND = 'there are GET /, GET /hello.json, GET /frames and POST /commands';
const NO_TOKEN = 'looking needs a token; open the address that was printed, with its #token=…';
const READ_ONLY = 'commands need the token for acting; open the address that was printed for it';
const TOO_MANY_CLIENTS = 'as many browsers watch as may; close one of them';
const TOO_MANY_COMMANDS = 'many commands are being carried out; try again in a second';
