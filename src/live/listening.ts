/** Where a server listens, and why it cannot. */
import type { FastifyInstance } from 'fastify';
import { EngineError } from '../kernel/errors.ts';

/** The address of a server that listens, like `http://127.0.0.1:4000`. */
export function originOf(app: FastifyInstance, host: string): string {
  const [address] = app.addresses();
  const port = typeof address === 'object' ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The error for what `listen` threw. */
export function cannotListen(
  cause: unknown,
  place: { readonly host: string; readonly port: number },
): EngineError<'SERVER_CANNOT_LISTEN'> {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  const { host, port } = place;
  const message = `port ${port} of "${host}" ${REASONS[code] ?? `cannot be used (${code})`}`;
  return new EngineError('SERVER_CANNOT_LISTEN', message, { host, port, reason: code }, { cause });
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use; end what listens there, or give another --port (0 takes a free one)',
  EACCES: 'needs more rights; give a --port from 1024 on (0 takes a free one)',
  EADDRNOTAVAIL: 'is no address of this machine; give another --host, like 127.0.0.1',
  ENOTFOUND: 'is no known host; give another --host, like 127.0.0.1',
};
