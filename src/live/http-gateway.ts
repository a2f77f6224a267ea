/** A federated gateway whose subgraphs are reached over HTTP: the same plans and the same answers
 * as in the simulation, carried by promises. Fetches go out as soon as the plan allows. Spec:
 * G30, G31. */
import { setMaxListeners } from 'node:events';
import type { Gateway, GatewayFetch, GatewayRun } from '../gateway/federation/gateway.ts';
import type {
  GraphQLAnswer,
  GraphQLRequest,
} from '../gateway/federation/request/graphql-answer.ts';
import { EngineError, nearestName } from '../kernel/errors.ts';
import {
  createHttpTransport,
  isMutation,
  type SubgraphTransport,
  type TransportLimits,
} from './subgraph-transport.ts';

/** What a gateway over HTTP is made of. */
export interface HttpGatewayOptions {
  /** Plans and shapes. Subgraphs with resolvers in this process are answered there. */
  readonly gateway: Gateway;
  /** Addresses by subgraph name, instead of the supergraph's. */
  readonly subgraphUrls?: Readonly<Record<string, string>> | undefined;
  readonly limits?: TransportLimits | undefined;
  /** Instead of node's HTTP client; then `limits` is up to it. */
  readonly transport?: SubgraphTransport | undefined;
}

/** A gateway that answers by and by. */
export interface HttpGateway {
  readonly gateway: Gateway;
  /** Answers a request; rejects only for a bug of ours or when `signal` ends it.
   * @param options - `signal`: nobody waits any more; calls under way are cut off. */
  execute(
    request: GraphQLRequest,
    options?: { readonly signal?: AbortSignal },
  ): Promise<GraphQLAnswer>;
  /** Closes connections to subgraphs. */
  close(): void;
}

/** Puts a gateway on HTTP.
 * @throws EngineError `GATEWAY_BAD_SUBGRAPH_URL` where a subgraph has no usable address, or an
 * address is given for a subgraph that the supergraph does not have. */
export function createHttpGateway(options: HttpGatewayOptions): HttpGateway {
  const { gateway } = options;
  const urls = subgraphUrls(gateway, options.subgraphUrls ?? {});
  const transport = options.transport ?? createHttpTransport(options.limits);
  const host: Host = { gateway, transport, urls };
  return {
    gateway,
    async execute(request, { signal } = {}) {
      const { answer, run } = gateway.begin(request);
      if (run === undefined) return answer;
      return new Promise((resolve, reject) => {
        new Carrier({ host, run, request, signal, resolve, reject }).start();
      });
    },
    close: () => transport.close(),
  };
}

interface Host {
  readonly gateway: Gateway;
  readonly transport: SubgraphTransport;
  readonly urls: ReadonlyMap<string, URL>;
}

interface CarrierOptions {
  readonly host: Host;
  readonly run: GatewayRun;
  readonly request: GraphQLRequest;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (answer: GraphQLAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

/** Carries the fetches of one run. A query whose client has gone is given up; a mutation that has
 * begun is seen through. */
class Carrier {
  readonly #options: CarrierOptions;
  readonly #stop = new AbortController();

  constructor(options: CarrierOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stop.signal);
    options.signal?.addEventListener('abort', this.#giveUp);
  }

  start(): void {
    if (this.#options.signal?.aborted === true) this.#giveUp();
    else this.#step((run) => run.start());
  }

  /** Takes a step of the run, sends what it asks for, and answers once nothing is open. */
  #step(step: (run: GatewayRun) => readonly GatewayFetch[]): void {
    if (this.#stop.signal.aborted) return;
    const { run, resolve } = this.#options;
    try {
      const fetches = step(run);
      if (fetches.some(({ operation }) => isMutation(operation))) this.#detach();
      for (const fetch of fetches) this.#carry(fetch);
      const answer = run.answer();
      if (answer === undefined) return;
      this.#detach();
      resolve(answer);
    } catch (error) {
      this.#fail(error);
    }
  }

  #carry(fetch: GatewayFetch): void {
    const { host, request } = this.#options;
    const { fetchId, serviceName, operation, variables } = fetch;
    const url = host.urls.get(serviceName);
    const sent =
      url === undefined
        ? Promise.resolve(host.gateway.resolve(fetch, request.context))
        : host.transport.send({ serviceName, url, operation, variables }, this.#stop.signal);
    sent.then(
      (result) => this.#step((run) => run.complete(fetchId, result)),
      (error: unknown) => this.#fail(error),
    );
  }

  readonly #giveUp = (): void => this.#fail(this.#options.signal?.reason);

  #fail(reason: unknown): void {
    this.#detach();
    this.#stop.abort();
    this.#options.reject(reason);
  }

  #detach(): void {
    this.#options.signal?.removeEventListener('abort', this.#giveUp);
  }
}

/** Where each remote subgraph is. */
function subgraphUrls(
  gateway: Gateway,
  overrides: Readonly<Record<string, string>>,
): ReadonlyMap<string, URL> {
  const names = gateway.services.map((service) => service.name);
  for (const [name, found] of Object.entries(overrides)) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
    const rule = `the supergraph has no such subgraph${hint}; it has ${names.join(', ')}`;
    throw badUrl({ subgraph: name, found, rule });
  }
  const urls = new Map<string, URL>();
  for (const { name, url, isLocal } of gateway.services) {
    const override = overrides[name];
    if (override !== undefined || !isLocal) urls.set(name, httpUrl(name, override ?? url ?? ''));
  }
  return urls;
}

function httpUrl(subgraph: string, found: string): URL {
  const url = URL.parse(found);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  const rule = 'expected an http or https URL; correct the supergraph or name the address yourself';
  throw badUrl({ subgraph, found, rule });
}

function badUrl(problem: {
  readonly subgraph: string;
  readonly found: string;
  readonly rule: string;
}): EngineError<'GATEWAY_BAD_SUBGRAPH_URL'> {
  const { subgraph, found, rule } = problem;
  const message = `subgraph "${subgraph}" has the URL "${found}": ${rule}`;
  return new EngineError('GATEWAY_BAD_SUBGRAPH_URL', message, { subgraph, found });
}
