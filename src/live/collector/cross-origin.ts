/** Which pages may send: an allow-list of exact origins, the server's own among them. S408. */
import type { FastifyReply } from 'fastify';
import type { KnownKey } from './write-keys.ts';

/** An allow-list. */
export interface CrossOrigin {
  /** Whether a page of this origin may use the key. */
  allows(origin: string, key: KnownKey): boolean;
  /** Sets the headers that let a page read the answer, where any key allows its origin. */
  mark(origin: string | undefined, reply: FastifyReply): void;
  /** Answers a preflight; without an allowed origin, with nothing that a browser would go by. */
  preflight(origin: string | undefined, reply: FastifyReply): FastifyReply;
}

const PREFLIGHT_SECONDS = '600';
const ALLOWED_HEADERS = 'authorization, content-type, content-encoding';

/** Makes the list. @param own - The server's own origins. @param given - Those of all keys. */
export function createCrossOrigin(options: {
  readonly own: () => readonly string[];
  readonly given: readonly string[];
}): CrossOrigin {
  const given = new Set(options.given);
  const isKnown = (origin: string) => given.has('*') || given.has(origin) || isOwn(origin);
  const isOwn = (origin: string) => options.own().includes(origin);
  const mark = (origin: string | undefined, reply: FastifyReply) => {
    reply.header('vary', 'Origin');
    if (origin === undefined || !isKnown(origin)) return;
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', 'retry-after');
  };
  return {
    allows(origin, { settings }) {
      const { origins = [] } = settings;
      return isOwn(origin) || origins.includes(origin) || origins.includes('*');
    },
    mark,
    preflight(origin, reply) {
      mark(origin, reply);
      if (origin !== undefined && isKnown(origin)) {
        reply.header('access-control-allow-methods', 'POST');
        reply.header('access-control-allow-headers', ALLOWED_HEADERS);
        reply.header('access-control-max-age', PREFLIGHT_SECONDS);
      }
      return reply.code(204).send();
    },
  };
}
