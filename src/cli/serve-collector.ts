/** The collector as a process: says where it is and what opens it, and serves until a signal ends
 * it. The first signal lets requests and pipeline finish, a second one does not wait. S414. */
import { constants } from 'node:os';
import { EngineError } from '../kernel/errors.ts';
import {
  type CollectorService,
  type CollectorServiceOptions,
  startCollectorService,
} from '../live/collector/service/collector-service.ts';
import { addDemoRoutes } from '../live/demo/demo-routes.ts';
import type { Terminal } from './terminal.ts';

/** What to serve, where and how. */
export interface ServeCollectorOptions {
  readonly folder: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly writeKey: string | undefined;
  readonly readToken: string | undefined;
  readonly origin: readonly string[];
  readonly durability: 'disk' | 'os';
  readonly rate: number;
  readonly lake: boolean;
  readonly pipeline: readonly string[];
  readonly demo: boolean | undefined;
  readonly json: boolean | undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const USUAL_PORT = 8_080;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Serves until a signal has ended it.
 * @throws EngineError for a folder, plan, key or address that cannot be used. */
export async function serveCollector(
  options: ServeCollectorOptions,
  terminal: Terminal,
): Promise<void> {
  const ending = nextSignal();
  const service = await startAtPort(options, terminal);
  terminal.print(options.json === true ? asJson(service, options) : asText(service, options));
  const signal = await ending;
  for (const name of SIGNALS) process.once(name, () => process.exit(128 + constants.signals[name]));
  terminal.complain(`${signal}: open requests and the pipeline finish, then the collector ends`);
  await service.close();
}

/** A newcomer's 8080 is often taken; who asks for a port gets that one or an error. */
async function startAtPort(
  options: ServeCollectorOptions,
  terminal: Terminal,
): Promise<CollectorService> {
  if (options.port !== undefined) return start(options, options.port, terminal);
  try {
    return await start(options, USUAL_PORT, terminal);
  } catch (error) {
    const isTaken =
      error instanceof EngineError &&
      error.code === 'SERVER_CANNOT_LISTEN' &&
      (error.details as { readonly reason?: string }).reason === 'EADDRINUSE';
    if (!isTaken) throw error;
    terminal.complain(`port ${USUAL_PORT} is in use; a free one is taken`);
    return start(options, 0, terminal);
  }
}

function start(
  options: ServeCollectorOptions,
  port: number,
  terminal: Terminal,
): Promise<CollectorService> {
  const { folder, host, writeKey, readToken, origin, durability, rate, lake, pipeline } = options;
  return startCollectorService({
    folder,
    host,
    port,
    keys: {
      ...(writeKey === undefined ? {} : { writeKey }),
      ...(readToken === undefined ? {} : { readToken }),
    },
    origins: origin,
    durability,
    ratePerSec: rate,
    hasLake: lake,
    pipelines: pipeline,
    ...(options.demo === true ? { mount: demoAt(host) } : {}),
    onTrouble: terminal.complain,
  });
}

/** Only on a machine of one's own does the demo lead into the dashboard without its token. */
function demoAt(host: string): NonNullable<CollectorServiceOptions['mount']> {
  return async (app, { writeKey, readToken }) => {
    const token = LOOPBACK.has(host) ? `#token=${readToken}` : '';
    addDemoRoutes(app, { writeKey, dashboardUrl: `../dashboard/${token}` });
  };
}

function addressesOf({ origin, keys }: CollectorService, { folder, demo }: ServeCollectorOptions) {
  return {
    collector: `${origin}/v1/batch`,
    writeKey: keys.writeKey,
    sdk: `${origin}/sdk.js`,
    dashboard: `${origin}/dashboard/#token=${keys.readToken}`,
    readToken: keys.readToken,
    metrics: `${origin}/metrics`,
    health: `${origin}/health`,
    ...(demo === true ? { demo: `${origin}/demo/` } : {}),
    folder,
  };
}

function asJson(service: CollectorService, options: ServeCollectorOptions): string {
  return `${JSON.stringify(addressesOf(service, options))}\n`;
}

function asText(service: CollectorService, options: ServeCollectorOptions): string {
  const { collector, writeKey, sdk, dashboard, demo, folder } = addressesOf(service, options);
  return [
    `Collector  POST ${collector}`,
    `Write key  ${writeKey}`,
    `SDK        ${sdk}`,
    `Dashboard  ${dashboard}`,
    ...(demo === undefined ? [] : [`Demo       ${demo}`]),
    `Folder     ${folder} (warehouse.sqlite${options.lake ? ', lake' : ''}, log, keys.json)`,
    'Ctrl-C ends it; what was acknowledged is kept.',
    '',
  ].join('\n');
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of SIGNALS) process.once(name, () => resolve(name));
  });
}
