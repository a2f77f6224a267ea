/** Servers on the loopback interface that behave as a test says, closed when its file is over. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A server and what reached it. */
export interface Loopback {
  readonly url: string;
  /** Bodies of requests, in the order in which they came. */
  readonly bodies: readonly string[];
  /** Connections ever accepted. */
  readonly connectionCount: () => number;
}

/** Answers a request whose body has been read. */
export type Behaviour = (
  response: ServerResponse,
  request: IncomingMessage & { readonly text: string },
) => unknown;

/** Starts a server. Call at the top of a test file or in a test. */
export async function loopback(behave: Behaviour): Promise<Loopback> {
  const bodies: string[] = [];
  const state = { connections: 0 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      bodies.push(text);
      behave(response, Object.assign(request, { text }));
    });
  });
  server.on('connection', () => {
    state.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;
  return { url, bodies, connectionCount: () => state.connections };
}

/** Answers with JSON. */
export function respond(response: ServerResponse, body: unknown, statusCode = 200): void {
  response.writeHead(statusCode, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** An address where nothing listens. */
export async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return `http://127.0.0.1:${port}/graphql`;
}

/** A promise that a test keeps when it likes. */
export function deferred<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
} {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}

const open: (() => void)[] = [];

afterAll(() => {
  for (const close of open.splice(0)) close();
});
