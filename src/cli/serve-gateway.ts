/** The gateway as a process: listens, says where, and serves until a signal ends it. The first
 * signal lets open requests finish, a second one does not wait. Spec: G36, G37. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { createGateway } from '../gateway/federation/gateway.ts';
import type { GatewayLimits } from '../gateway/federation/request/limits.ts';
import { EngineError } from '../kernel/errors.ts';
import { type GatewayServer, startGatewayServer } from '../live/gateway-server.ts';
import { createHttpGateway } from '../live/http-gateway.ts';
import type { Terminal } from './terminal.ts';

/** What to serve, where and how. */
export interface ServeOptions extends GatewayLimits {
  readonly supergraph: string;
  readonly host: string;
  readonly port: number;
  readonly schedule: 'plan' | 'dataflow';
  readonly subgraph: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly maxBodyBytes: number;
  readonly json: boolean | undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Serves until a signal has ended it.
 * @throws EngineError for a file, supergraph, URL or address that cannot be used. */
export async function serveGateway(options: ServeOptions, terminal: Terminal): Promise<void> {
  const { host, port, timeout, maxBodyBytes } = options;
  const gateway = createHttpGateway({
    gateway: createGateway({
      supergraph: readSupergraph(options.supergraph),
      schedule: options.schedule,
      limits: limitsOf(options),
    }),
    subgraphUrls: options.subgraph,
    limits: { timeoutMs: timeout },
  });
  const ending = nextSignal();
  const server = await startGatewayServer({
    gateway,
    host,
    port,
    maxBodySizeBytes: maxBodyBytes,
    onInternalError: (error) => terminal.complain(oneLine(error)),
  });
  terminal.print(options.json === true ? urlsAsJson(server) : urlsAsLine(server));
  const signal = await ending;
  for (const name of SIGNALS) process.once(name, () => process.exit(128 + constants.signals[name]));
  terminal.complain(`${signal}: open requests are finished, then the gateway ends`);
  await server.close();
}

function limitsOf(options: ServeOptions): GatewayLimits {
  const { maxDepth, maxAliases, maxRootFields, maxFields, maxTokens, maxCost } = options;
  return { maxDepth, maxAliases, maxRootFields, maxFields, maxTokens, maxCost };
}

function urlsAsLine({ url, healthUrl }: GatewayServer): string {
  return `Gateway at ${url} (health: ${healthUrl})\n`;
}

function urlsAsJson({ url, healthUrl }: GatewayServer): string {
  return `${JSON.stringify({ url, health: healthUrl })}\n`;
}

function readSupergraph(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const message = `"${path}" cannot be read (${reason}); give the path of a supergraph SDL file`;
    throw new EngineError('INPUT_UNREADABLE', message, { path }, { cause });
  }
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of SIGNALS) process.once(name, () => resolve(name));
  });
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `internal error: ${text.replaceAll(/\s*\n\s*/g, ' ')}`;
}
