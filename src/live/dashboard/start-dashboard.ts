/** The dashboard as a server of its own, on loopback unless told otherwise. Spec: L60–L67. */
import Fastify from 'fastify';
import type { LiveEnding } from '../../domain/live/live-stream.ts';
import { cannotListen, originOf } from '../listening.ts';
import type { LiveSource } from '../live-source.ts';
import { createAccessToken, type DashboardTokens } from './access-tokens.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { type FrameStreamLimits, type FrameStreamStats, FrameStreams } from './frame-streams.ts';
import { hostRule } from './request-origin.ts';

/** What to show, where, and to whom. */
export interface DashboardOptions {
  readonly source: LiveSource;
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  /** Default: one new token for looking and one for acting. */
  readonly tokens?: DashboardTokens | undefined;
  readonly limits?: FrameStreamLimits | undefined;
  /** Names besides its host under which it may be asked for, such as a proxy's. */
  readonly otherHosts?: readonly string[] | undefined;
  readonly onInternalError?: ((error: unknown) => void) | undefined;
}

/** A dashboard that can be opened. */
export interface Dashboard {
  /** Opens it with all rights that there are tokens for. */
  readonly url: string;
  /** Opens it for looking only. */
  readonly readOnlyUrl: string;
  stats(): FrameStreamStats;
  /** Tells browsers that no frame follows, then closes; within a second, whoever is connected.
   * @param ending - What became of the run, and how to run it again. */
  close(ending?: LiveEnding): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 64;
/** What a browser opens of a server that listens everywhere. */
const OPENED: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const ENDED: LiveEnding = { text: 'The server has closed.', command: null };

/** Starts to listen.
 * @throws EngineError `SERVER_CANNOT_LISTEN` where the port is taken, forbidden or not ours. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { source, host = '127.0.0.1', port = 0, limits = {}, onInternalError } = options;
  const tokens = options.tokens ?? { read: createAccessToken(), act: createAccessToken() };
  const streams = new FrameStreams(source, limits);
  const app = Fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  const isOwnHost = hostRule(host, options.otherHosts);
  await app.register(dashboardRoutes, { source, tokens, streams, isOwnHost, onInternalError });
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw cannotListen(error, { host, port });
  }
  const address = `${originOf(app, OPENED[host] ?? host)}/`;
  return {
    url: withToken(address, tokens.act ?? tokens.read),
    readOnlyUrl: withToken(address, tokens.read),
    stats: () => streams.stats(),
    async close(ending = ENDED) {
      await streams.end(ending);
      await app.close();
    },
  };
}

/** In the fragment, which browsers send to nobody. */
function withToken(address: string, token: string | undefined): string {
  return token === undefined ? address : `${address}#token=${token}`;
}
