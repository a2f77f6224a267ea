/** The demo site below `/demo/` of a collector. Spec: B40. */
import type { FastifyInstance } from 'fastify';
import { DEMO_POLICY, type DemoOptions, demoFiles } from './demo-site.ts';

/** Adds the site's routes. @throws EngineError `INPUT_UNREADABLE` where no bundle was built. */
export function addDemoRoutes(app: FastifyInstance, options: DemoOptions): void {
  app.get('/demo', (_, reply) => reply.redirect('/demo/', 308));
  for (const [path, { type, text }] of demoFiles(options)) {
    app.get(`/demo/${path}`, (_, reply) =>
      reply
        .headers({
          'content-type': type,
          'content-security-policy': DEMO_POLICY,
          'cache-control': 'no-cache',
          'referrer-policy': 'same-origin',
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
        })
        .send(text),
    );
  }
}
