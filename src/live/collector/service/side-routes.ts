/** What a collector serves beside batches: the SDK for pages, metrics and the dashboard for who has
 * the read token. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { browserBundle } from '../../../experiment/io/browser-bundle.ts';
import { dashboardRoutes } from '../../dashboard/dashboard-routes.ts';
import { hostRule } from '../../dashboard/request-origin.ts';
import type { LiveSource } from '../../live-source.ts';
import { OPEN_METRICS_TYPE } from '../open-metrics.ts';
import { CollectorRefusal } from '../refusal.ts';
import { bearerOf, isSameSecret } from '../write-keys.ts';

/** What the routes show. */
export interface SideRoutesOptions {
  readonly host: string;
  readonly readToken: string;
  readonly source: LiveSource;
  readonly metrics: () => string;
  readonly onInternalError: (error: unknown) => void;
}

/** How long a browser keeps the SDK without asking. */
const SDK_SECONDS = 300;

/** Adds them. */
export async function addSideRoutes(
  app: FastifyInstance,
  options: SideRoutesOptions,
): Promise<void> {
  const { host, readToken, source, onInternalError } = options;
  addScript(app, '/sdk.js', () => browserBundle('sdk'));
  addScript(app, '/sdk-capture.js', () => browserBundle('sdk-capture'));
  app.get('/metrics', (request, reply) => {
    const given = bearerOf(request.headers.authorization);
    if (given === undefined || !isSameSecret(given, readToken)) throw NO_TOKEN;
    return reply
      .header('content-type', OPEN_METRICS_TYPE)
      .header('cache-control', 'no-store')
      .send(options.metrics());
  });
  await app.register(dashboardRoutes, {
    prefix: '/dashboard',
    source,
    tokens: { read: readToken },
    isOwnHost: hostRule(host),
    onInternalError,
  });
}

/** A script that pages of any origin may load, and that caches may keep. */
function addScript(app: FastifyInstance, url: string, text: () => string): void {
  let known: { readonly text: string; readonly tag: string } | undefined;
  app.get(url, (request: FastifyRequest, reply: FastifyReply) => {
    if (known === undefined) {
      const script = text();
      const hash = createHash('sha256').update(script).digest('base64url');
      known = { text: script, tag: `"${hash}"` };
    }
    reply.headers({
      etag: known.tag,
      'cache-control': `public, max-age=${SDK_SECONDS}`,
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    if (request.headers['if-none-match'] === known.tag) return reply.code(304).send();
    return reply.type('text/javascript; charset=utf-8').send(known.text);
  });
}

const NO_TOKEN = new CollectorRefusal(401, 'no_read_token', {
  message: 'reading needs the read token; send it as "Authorization: Bearer …"',
});
