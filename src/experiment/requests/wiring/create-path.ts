/** Wires the request path of one architecture: its servers as actors, the edges between clients,
 * gateway and services, and the path that pages take. Read it from top to bottom. */
import type { ActorSystem } from '../../../actors/runtime/actor-system.ts';
import type { MachineMaker } from '../../../actors/runtime/machine-shelf.ts';
import { createServerMachine, type ServerPort } from '../../../actors/server.ts';
import type { ApiArchitecture } from '../../../gateway/architecture.ts';
import type { PageTraces } from '../../../gateway/page-trace.ts';
import type { CallGuard } from '../../../queueing/calls/call-guard.ts';
import type { Attempt } from '../calls/call.ts';
import type { CallEdge } from '../calls/call-edge.ts';
import type { Demands } from '../calls/demands.ts';
import type { PageHostWorld } from '../calls/page-host.ts';
import { createRequestPath, type RequestPath, type RequestPathOptions } from '../request-path.ts';
import type { DatabaseWorkers } from '../servers/database-workers.ts';
import { GatewayApplication } from '../servers/gateway-application.ts';
import { createGatewayCosts } from '../servers/gateway-costs.ts';
import { MonolithApplication } from '../servers/monolith-application.ts';
import type { Application, Server } from '../servers/server.ts';
import { ServiceApplication } from '../servers/service-application.ts';
import { pagePolicies, servicePolicies } from './call-settings.ts';
import { createEdges, type EdgeMaker, type EdgesOptions } from './create-edges.ts';
import {
  createCacheOf,
  createDatabaseOf,
  createServer,
  type ServerGround,
} from './create-servers.ts';
import type { GuardNotes } from './guard-notes.ts';
import { gatewaySettings, type ServerSettings, serviceSettings } from './server-settings.ts';
import type { Ways } from './ways.ts';

/** What a path is wired from. */
export interface PathOptions extends ServerGround {
  readonly architecture: ApiArchitecture;
  readonly actors: ActorSystem;
  readonly machineOf: MachineMaker;
  readonly traces: PageTraces;
  readonly demands: Demands;
  readonly ways: Ways;
  readonly onEnd: RequestPathOptions['onEnd'];
  readonly linkFaults: EdgesOptions['linkFaults'];
  readonly onLost: EdgesOptions['onLost'];
}

/** A path with everything on it. */
export interface WiredPath {
  readonly path: RequestPath;
  /** In the order of reports: services, then the gateway. */
  readonly servers: readonly Server[];
  /** What they are like, in the same order. */
  readonly settings: readonly ServerSettings[];
  /** Workers of the databases that are limited. */
  readonly databases: readonly DatabaseWorkers[];
  readonly edges: readonly CallEdge[];
  readonly demands: Demands;
  /** Policies at work where one gateway asks and has a breaker, by the edge's name. */
  readonly guards: ReadonlyMap<string, CallGuard>;
  /** What breakers and budgets did, of edges that have them. */
  readonly guardNotes: readonly GuardNotes[];
}

/** Wires the path of one architecture. */
export function createPath(options: PathOptions): WiredPath {
  const { architecture, scenario } = options;
  const rack = createRack(options);
  const edges = createEdges({ ...options, openConnection: options.ways.openConnection });
  const databases: DatabaseWorkers[] = [];
  for (const settings of serviceSettings(scenario, architecture)) {
    rack.install(settings, serviceApplication(options, settings, databases));
  }
  const hosts = createHosts(options, rack, edges);
  const gateway = gatewaySettings(scenario, architecture);
  if (gateway !== undefined) {
    rack.install(
      gateway.server,
      new GatewayApplication({
        costs: createGatewayCosts(gateway.costs, {
          name: gateway.server.name,
          chance: options.chance,
        }),
        traces: options.traces,
        world: hosts,
        propagatesDeadline: pagePolicies(scenario).deadline !== undefined,
      }),
    );
  }
  const entryServer = architecture.executedAt === 'device' ? undefined : rack.servers.at(-1);
  const entry =
    entryServer &&
    edges.make({
      from: 'clients',
      target: entryServer,
      transport: options.ways.fromClients(entryServer),
      policies: pagePolicies(scenario),
      areClients: true,
    });
  const path = createRequestPath({
    architecture,
    actors: options.actors,
    traces: options.traces,
    hosts,
    entry,
    onEnd: options.onEnd,
  });
  const { servers, settings } = rack;
  const { all, guards, guardNotes } = edges;
  const { demands } = options;
  return { path, servers, settings, databases, edges: all, guards, guardNotes, demands };
}

/** Where servers stand: each with its actor, whose messages find it by its number. */
function createRack(options: PathOptions) {
  const { actors, machineOf } = options;
  const servers: Server[] = [];
  const installed: ServerSettings[] = [];
  const port: ServerPort = {
    admit: (server, attempt) => servers[server]?.admit(attempt as Attempt),
    refuse: (server, attempt) => servers[server]?.refuse(attempt as Attempt),
    takeIn: (attempt) => (attempt as Attempt).call.route.answered(attempt as Attempt),
    crash: (server, zone) => servers[server]?.crash(zone),
    recover: (server, zone) => servers[server]?.recover(zone),
    crashReplica: (server, replica) => servers[server]?.crashReplica(replica),
    recoverReplica: (server, replica) => servers[server]?.recoverReplica(replica),
  };
  const machine = machineOf(createServerMachine, port);
  return {
    servers,
    settings: installed,
    install(settings: ServerSettings, application: Application): void {
      const input = { server: servers.length };
      const actor = actors.spawn(machine, { name: `server/${settings.name}`, input });
      installed.push(settings);
      servers.push(createServer(options, settings, { actor, application }));
    },
  };
}

function serviceApplication(
  options: PathOptions,
  settings: ServerSettings,
  databases: DatabaseWorkers[],
): Application {
  const createDatabase = createDatabaseOf(options, settings, databases);
  if (settings.name === 'monolith') {
    const { traces, demands } = options;
    return new MonolithApplication({ traces, demands, createDatabase });
  }
  return new ServiceApplication({ cache: createCacheOf(options, settings), createDatabase });
}

/** How plans are run: on the device over its network, or at the gateway over the datacentre's. */
function createHosts(
  options: PathOptions,
  rack: { readonly servers: readonly Server[] },
  edges: EdgeMaker,
): PageHostWorld {
  const { architecture, scenario, demands, ways } = options;
  const areClients = architecture.executedAt === 'device';
  const region = gatewaySettings(scenario, architecture)?.server.region ?? 0;
  const byService = new Map<string, CallEdge>();
  if (architecture.executedAt !== 'server') {
    for (const target of rack.servers) {
      const policies = servicePolicies(scenario, target.name);
      const from = areClients ? 'clients' : architecture.executedAt;
      const transport = areClients ? ways.fromClients(target) : ways.between(region, target);
      byService.set(target.name, edges.make({ from, target, transport, policies, areClients }));
    }
  }
  return {
    demands,
    edgeTo: (service) => byService.get(service) as CallEdge,
  };
}
