/** Servers and their replicas as invariants see them. */
import type { Server } from '../../../experiment/requests/servers/server.ts';
import type { ServerSettings } from '../../../experiment/requests/wiring/server-settings.ts';
import type { ReplicaView, ServerView } from './world-view.ts';

type Sight = Server['fleet']['replicas'][number];

class LiveReplica implements ReplicaView {
  readonly #server: Server;
  readonly #sight: Sight;

  constructor(server: Server, sight: Sight) {
    this.#server = server;
    this.#sight = sight;
  }

  get index(): number {
    return this.#sight.index;
  }

  get zone(): number {
    return this.#sight.zone;
  }

  get state(): ReplicaView['state'] {
    return this.#sight.state;
  }

  get isReady(): boolean {
    return this.#sight.isReady;
  }

  get isMember(): boolean {
    return this.#sight.isMember;
  }

  get waiting(): number {
    return this.#sight.outstanding - this.#sight.inService;
  }

  get inService(): number {
    return this.#sight.inService;
  }

  get workers(): number {
    return this.#sight.workers;
  }

  get held(): number {
    return this.#sight.held;
  }

  get isEjected(): boolean {
    return this.#server.isEjected(this.#sight.index);
  }
}

/** A server, live. */
export class LiveServer implements ServerView {
  readonly name: string;
  readonly maxWaiting: number;
  readonly isShared: boolean;
  readonly #server: Server;
  readonly #replicas: LiveReplica[] = [];

  constructor(server: Server, settings: ServerSettings | undefined) {
    this.name = server.name;
    this.maxWaiting = settings?.fleet.maxWaiting ?? Number.POSITIVE_INFINITY;
    this.isShared = settings?.fleet.discipline === 'processor-sharing';
    this.#server = server;
  }

  get offered(): number {
    return this.#server.account.offered;
  }

  get answered(): number {
    return this.#server.account.answered;
  }

  get failures(): Readonly<Record<string, number>> {
    return this.#server.account.failures;
  }

  get inFlight(): number {
    return this.#server.inFlight;
  }

  get limit(): number | undefined {
    return this.#server.limit;
  }

  get replicas(): readonly ReplicaView[] {
    const sights = this.#server.fleet.replicas;
    for (let i = this.#replicas.length; i < sights.length; i += 1) {
      this.#replicas.push(new LiveReplica(this.#server, sights[i] as Sight));
    }
    return this.#replicas;
  }

  get waiting(): number {
    let sum = 0;
    for (const { outstanding, inService } of this.#server.fleet.replicas) {
      sum += outstanding - inService;
    }
    return sum;
  }

  get busyWorkers(): number {
    let sum = 0;
    for (const { inService, workers } of this.#server.fleet.replicas) {
      sum += Math.min(inService, workers);
    }
    return sum;
  }

  get readyCount(): number {
    let count = 0;
    for (const { isReady } of this.#server.fleet.replicas) if (isReady) count += 1;
    return count;
  }

  get memberCount(): number {
    let count = 0;
    for (const { isMember } of this.#server.fleet.replicas) if (isMember) count += 1;
    return count;
  }
}
