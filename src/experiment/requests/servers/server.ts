/** A server: who answers calls. It admits or sheds, hands work to the replicas of its fleet, waits
 * for its database, and responds; what is done in between is its application's. Everybody it
 * admitted is on its books until it has responded, crashes included. Spec: A11, E13. */
import type { ActorId } from '../../../actors/runtime/actor-system.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import type { Fleet } from '../../../queueing/stations/fleet.ts';
import type { DropReason, FleetListener } from '../../../queueing/stations/job.ts';
import type { Attempt, ServerFailure } from '../calls/call.ts';
import type { CallTarget } from '../calls/call-edge.ts';
import type { Admission } from './admission.ts';
import type { ReplicaChoice } from './replica-choice.ts';
import type { ServerAccount } from './server-account.ts';

/** What a server does with a try that it admitted. */
export interface Application {
  /** Begins. Ends in {@link Server.complete}, now or later. */
  begin(attempt: Attempt, server: Server): void;
  /** Workers are done with what they were given. */
  worked(attempt: Attempt, server: Server): void;
  /** Whether a try that no worker is needed for now ends at once when its client is gone. */
  readonly stopsAtHangUp: boolean;
  /** The try failed: what is kept of it goes. */
  forget?(attempt: Attempt, failure: ServerFailure): void;
  /** A replica is down: what its process held is gone. */
  crashed?(replica: number): void;
  /** All replicas crashed, and everybody was told. */
  restarted?(): void;
  /** Share of entities found in its cache; undefined where none was looked for. */
  cacheHitShare?(): number | undefined;
}

/** What a server is made of. */
export interface ServerOptions {
  readonly name: string;
  readonly actor: ActorId;
  readonly region: number;
  readonly simulation: Simulation;
  /** Makes the fleet that tells this server what became of its jobs. */
  readonly createFleet: (listener: FleetListener<Attempt>) => Fleet<Attempt>;
  readonly choice: ReplicaChoice;
  readonly admission: Admission | undefined;
  readonly application: Application;
  readonly workersPerReplica: number;
  readonly account: ServerAccount;
  /** Notes an event of the fleet in the run digest. */
  readonly note: (event: 'finished' | 'dropped') => void;
}

/** A server. */
export class Server implements CallTarget, FleetListener<Attempt> {
  readonly name: string;
  readonly actor: ActorId;
  readonly region: number;
  readonly fleet: Fleet<Attempt>;
  readonly account: ServerAccount;
  readonly #o: ServerOptions;
  /** Admitted and not responded, in the order of admission. */
  readonly #books = new Set<Attempt>();

  constructor(options: ServerOptions) {
    this.name = options.name;
    this.actor = options.actor;
    this.region = options.region;
    this.account = options.account;
    this.#o = options;
    this.fleet = options.createFleet(this);
  }

  /** Workers of a number of replicas. */
  readonly workers = (replicas: number): number => replicas * this.#o.workersPerReplica;

  /** How many tries may be in flight now; undefined without a limit. */
  get limit(): number | undefined {
    return this.#o.admission?.limit;
  }

  /** Share of entities found in the cache; undefined without one. */
  get cacheHitShare(): number | undefined {
    return this.#o.application.cacheHitShare?.();
  }

  get nowUs(): number {
    return this.#o.simulation.nowUs;
  }

  /** Tries admitted and not responded. */
  get inFlight(): number {
    return this.#books.size;
  }

  zoneOf(replica: number): number | undefined {
    return this.fleet.replicas[replica]?.zone;
  }

  choose(attempt: Attempt): number {
    return this.#o.choice.choose(this.fleet, attempt);
  }

  observe(attempt: Attempt, ok: boolean, durationUs: number): void {
    this.#o.choice.observe(attempt, ok, durationUs);
  }

  closed(attempt: Attempt): void {
    this.#o.choice.closed(attempt);
  }

  /** A try has arrived. */
  admit(attempt: Attempt): void {
    const { account, admission, simulation, application } = this.#o;
    account.offered += 1;
    attempt.admittedAtUs = simulation.nowUs;
    if (attempt.replica < 0) {
      this.#turnAway(attempt, 'refused');
      return;
    }
    if (attempt.deadlineUs <= simulation.nowUs) {
      this.#turnAway(attempt, 'expired');
      return;
    }
    if (admission !== undefined && !admission.admits(attempt, this.inFlight, this.fleet)) {
      this.#turnAway(attempt, 'shed');
      return;
    }
    this.#books.add(attempt);
    this.fleet.hold(attempt.replica);
    attempt.inFlightAtStart = this.#books.size;
    application.begin(attempt, this);
  }

  /** The server is down: nobody listens. */
  refuse(attempt: Attempt): void {
    this.#o.account.offered += 1;
    this.#turnAway(attempt, 'refused');
  }

  /** Gives workers something to do for a try. */
  work(attempt: Attempt, demandUs: number): void {
    attempt.demandUs = Math.max(1, Math.round(demandUs));
    this.account.gave(this.#o.simulation.nowUs, attempt.demandUs);
    this.fleet.offer(attempt, attempt.replica);
  }

  /** Gives them more to do for a try that they worked on before. */
  workMore(attempt: Attempt, demandUs: number): void {
    attempt.demandUs = Math.max(1, Math.round(demandUs));
    this.account.gave(this.#o.simulation.nowUs, attempt.demandUs);
    this.fleet.offerMore(attempt, attempt.replica);
  }

  finished(attempt: Attempt, _replica: number, waitUs: number, serviceUs: number): void {
    const { account, note, application, simulation } = this.#o;
    note('finished');
    attempt.workedUs += attempt.demandUs;
    account.waited(waitUs);
    account.worked(simulation.nowUs, serviceUs, attempt.demandUs);
    if (attempt.isResponded) {
      attempt.call.route.workedInVain(attempt.demandUs);
      return;
    }
    application.worked(attempt, this);
  }

  dropped(attempt: Attempt, _replica: number, reason: DropReason): void {
    this.#o.note('dropped');
    this.complete(attempt, reason);
  }

  shedsAtStart(_attempt: Attempt, waitUs: number): boolean {
    return this.#o.admission?.shedsAtStart(waitUs) ?? false;
  }

  /** Responds, once. */
  complete(attempt: Attempt, failure: ServerFailure | undefined): void {
    if (!this.#books.delete(attempt)) return;
    const { account, admission, simulation, application } = this.#o;
    if (failure !== undefined) application.forget?.(attempt, failure);
    this.fleet.release(attempt.replica);
    account.responded(failure);
    admission?.observe(attempt, {
      durationUs: simulation.nowUs - attempt.admittedAtUs,
      inFlight: attempt.inFlightAtStart,
      dropped: failure !== undefined || !attempt.isWanted,
    });
    attempt.call.route.respond(attempt, failure);
  }

  hungUp(attempt: Attempt): void {
    // Where it has not arrived yet, it finds itself too late.
    attempt.deadlineUs = Math.min(attempt.deadlineUs, this.#o.simulation.nowUs);
    if (!this.#books.has(attempt)) return;
    const stops = attempt.visit === 'plan' && this.#o.application.stopsAtHangUp;
    if (this.fleet.cancel(attempt, attempt.replica) || stops) {
      this.complete(attempt, 'expired');
    }
  }

  /** All replicas crash, or those of one zone; whoever they were busy with learns of it. */
  crash(zone: number | undefined): void {
    const { fleet } = this;
    if (zone === undefined) fleet.failAll();
    else fleet.failZone(zone);
    for (const attempt of [...this.#books]) {
      const replica = fleet.replicas[attempt.replica];
      if (replica === undefined || replica.state === 'down') this.complete(attempt, 'reset');
    }
    const { application } = this.#o;
    for (const { index, state } of fleet.replicas) {
      if (state === 'down') application.crashed?.(index);
    }
    if (zone === undefined) application.restarted?.();
  }

  /** What crashed comes back, empty. */
  recover(zone: number | undefined): void {
    if (zone === undefined) this.fleet.restoreAll();
    else this.fleet.restoreZone(zone);
  }

  #turnAway(attempt: Attempt, failure: ServerFailure): void {
    this.#o.account.responded(failure);
    attempt.call.route.respond(attempt, failure);
  }
}
