/** What balancers picked, what limits made of it, and what autoscalers decided. */
import type { World } from '../../../experiment/assemble.ts';
import type { Attempt } from '../../../experiment/requests/calls/call.ts';
import type { Server } from '../../../experiment/requests/servers/server.ts';
import type { ServerSettings } from '../../../experiment/requests/wiring/server-settings.ts';
import type { ScalingStep } from '../../../experiment/world/probe.ts';
import type { Happenings } from './happenings.ts';
import { type Signal, Teller } from './signal.ts';
import { wrapMethod } from './wrap-method.ts';

/** A server and what it is like. */
export interface WatchedServer {
  readonly server: Server;
  readonly settings: ServerSettings;
}

/** A balancer's choice. */
export interface Pick extends WatchedServer {
  /** −1: nobody. */
  readonly replica: number;
}

/** A call left a server that has a limit. */
export interface LimitStep extends WatchedServer {
  readonly before: number;
  readonly after: number;
  /** As the limit was told. */
  readonly isDropped: boolean;
}

/** A step of the autoscaler of one server. */
export interface ScaledServer {
  readonly server: string;
  readonly step: ScalingStep;
}

/** Watches servers. */
export class ServerNotes {
  readonly #picks = new Teller<Pick>();
  readonly #limits = new Teller<LimitStep>();
  readonly #scalings = new Teller<ScaledServer>();
  readonly #happenings: Happenings;

  constructor(happenings: Happenings) {
    this.#happenings = happenings;
  }

  /** Told right after each choice. */
  get picks(): Signal<Pick> {
    return this.#picks;
  }

  get limits(): Signal<LimitStep> {
    return this.#limits;
  }

  get scalings(): Signal<ScaledServer> {
    return this.#scalings;
  }

  scaled(server: string, step: ScalingStep): void {
    const change = step.desiredReplicas - step.observation.currentReplicas;
    if (change > 0) this.#happenings['scaled-out'] += 1;
    if (change < 0) this.#happenings['scaled-in'] += 1;
    this.#scalings.tell({ server, step });
  }

  watch({ wired }: World): void {
    wired.servers.forEach((server, n) => {
      const settings = wired.settings[n];
      if (settings === undefined) return;
      this.#watchPicks({ server, settings });
      if (server.limit !== undefined) this.#watchLimit({ server, settings });
    });
  }

  #watchPicks(watched: WatchedServer): void {
    const { server, settings } = watched;
    const ejected: boolean[] = [];
    const look = () => {
      for (let i = 0; i < server.fleet.replicas.length; i += 1) {
        const isEjected = server.isEjected(i);
        if (isEjected === (ejected[i] ?? false)) continue;
        ejected[i] = isEjected;
        this.#happenings[isEjected ? 'replica-ejected' : 'replica-returned'] += 1;
      }
    };
    wrapMethod(server, 'choose', (choose, attempt) => {
      const replica = choose(attempt);
      if (settings.balancer.ejection !== undefined) look();
      if (this.#picks.isHeard) this.#picks.tell({ ...watched, replica });
      return replica;
    });
  }

  #watchLimit(watched: WatchedServer): void {
    const { server } = watched;
    wrapMethod(server, 'complete', (complete, attempt: Attempt, failure) => {
      const before = server.limit ?? 0;
      const { inFlight } = server;
      const isDropped = failure !== undefined || !attempt.isWanted;
      complete(attempt, failure);
      if (server.inFlight === inFlight) return;
      const after = server.limit ?? 0;
      if (after > before) this.#happenings['limit-grew'] += 1;
      if (after < before) this.#happenings['limit-shrank'] += 1;
      this.#limits.tell({ ...watched, before, after, isDropped });
    });
  }
}
