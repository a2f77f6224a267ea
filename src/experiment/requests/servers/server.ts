/** A server: who answers calls. It admits or sheds, hands work to the replicas of its fleet, waits
 * for its database, and responds; what is done in between is its application's. Everybody it
 * admitted is on its books until it has responded, crashes included. Spec: A11, E13. */
import type { ActorId } from '../../../actors/runtime/actor-system.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import type { Fleet } from '../../../queueing/stations/fleet.ts';
import type { DropReason, FleetListener } from '../../../queueing/stations/job.ts';
import type { ReplicaState } from '../../../queueing/stations/replica.ts';
import type { ServerHazards } from '../../faults/servers/server-hazards.ts';
import type { Anticipation } from '../anticipation/anticipation.ts';
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
  /** No replica is left, and everybody was told. */
  restarted?(): void;
  /** Its cache is emptied, while it goes on. Left out where it has none. */
  flushCache?(): boolean;
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
  /** What faults do to it; undefined where the plan has none for it. */
  readonly hazards?: ServerHazards | undefined;
  /** Notes an event of the fleet in the run digest. */
  readonly note: (event: 'finished' | 'dropped') => void;
}

/** Replicas whose process has a memory. */
const RUNNING: ReadonlySet<ReplicaState> = new Set<ReplicaState>(['ready', 'draining']);

/** A server. */
export class Server implements CallTarget, FleetListener<Attempt> {
  readonly name: string;
  readonly actor: ActorId;
  readonly region: number;
  readonly fleet: Fleet<Attempt>;
  readonly account: ServerAccount;
  /** What its autoscaler decided last; undefined without one, and before it has. */
  desiredReplicas: number | undefined = undefined;
  /** What its autoscaler expects; undefined where it looks at no forecast. */
  anticipation: Anticipation | undefined = undefined;
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

  /** Whether clients keep away from a replica now, because it failed them. */
  isEjected(replica: number): boolean {
    return this.#o.choice.isEjected(replica);
  }

  observe(attempt: Attempt, ok: boolean, durationUs: number): void {
    this.#o.choice.observe(attempt, ok, durationUs);
  }

  closed(attempt: Attempt): void {
    this.#o.choice.closed(attempt);
  }

  /** A try has arrived. */
  admit(attempt: Attempt): void {
    const { account, simulation, application, hazards } = this.#o;
    account.offered += 1;
    attempt.admittedAtUs = simulation.nowUs;
    if (attempt.replica < 0) {
      this.#turnAway(attempt, 'refused');
      return;
    }
    if (hazards?.swallows(attempt) === true) {
      this.#takeOn(attempt);
      return;
    }
    if (attempt.isUnreadable) {
      this.#turnAway(attempt, 'unreadable');
      return;
    }
    const refusal = this.#refusalAtDoor(attempt);
    if (refusal !== undefined) {
      this.#turnAway(attempt, refusal);
      return;
    }
    this.#takeOn(attempt);
    application.begin(attempt, this);
  }

  /** Why a try is not let in. */
  #refusalAtDoor(attempt: Attempt): ServerFailure | undefined {
    const { admission, simulation, hazards } = this.#o;
    const misfortune = hazards?.atDoor(attempt, this.inFlight);
    if (attempt.deadlineUs <= simulation.nowUs) return 'expired';
    if (misfortune !== undefined) return misfortune;
    const isAdmitted = admission?.admits(attempt, this.inFlight, this.fleet) ?? true;
    return isAdmitted ? undefined : 'shed';
  }

  #takeOn(attempt: Attempt): void {
    this.#books.add(attempt);
    this.fleet.hold(attempt.replica);
    attempt.inFlightAtStart = this.#books.size;
  }

  /** The server is down: nobody listens. */
  refuse(attempt: Attempt): void {
    this.#o.account.offered += 1;
    attempt.admittedAtUs = this.#o.simulation.nowUs;
    this.#turnAway(attempt, 'refused');
  }

  /** Gives workers something to do for a try. @param entitiesUs - The part of it that is for
   * entities. */
  work(attempt: Attempt, demandUs: number, entitiesUs = 0): void {
    const { hazards } = this.#o;
    const neededUs = hazards?.demandUs(attempt, { demandUs, entitiesUs }) ?? demandUs;
    attempt.demandUs = Math.max(1, Math.round(neededUs));
    this.#give(attempt);
    if (this.fleet.offer(attempt, attempt.replica) === 'started') this.started(attempt);
  }

  /** Gives them more to do for a try that they worked on before. */
  workMore(attempt: Attempt, demandUs: number): void {
    attempt.demandUs = Math.max(1, Math.round(demandUs));
    this.#give(attempt);
    if (this.fleet.offerMore(attempt, attempt.replica) === 'started') this.started(attempt);
  }

  #give(attempt: Attempt): void {
    const { nowUs } = this.#o.simulation;
    this.account.gave(nowUs, attempt.demandUs);
    attempt.give(nowUs);
  }

  /** A worker is at it. */
  started(attempt: Attempt): void {
    attempt.startedUs = this.#o.simulation.nowUs - attempt.admittedAtUs;
  }

  finished(attempt: Attempt, _replica: number, waitUs: number, serviceUs: number): void {
    const { account, note, simulation, hazards } = this.#o;
    const isFirst = attempt.workedUs === 0;
    attempt.done(simulation.nowUs);
    note('finished');
    attempt.workedUs += attempt.demandUs;
    account.waited(waitUs);
    account.worked(simulation.nowUs, serviceUs, attempt.demandUs);
    if (attempt.isResponded) {
      attempt.call.route.workedInVain(attempt.demandUs);
      return;
    }
    const end = isFirst ? hazards?.afterWork(attempt) : undefined;
    if (end === undefined) this.#o.application.worked(attempt, this);
    else if (end !== 'killed') this.complete(attempt, end);
  }

  startsLater(): number {
    return this.#o.hazards?.startupDelayUs() ?? 0;
  }

  opened(replica: number): void {
    this.#o.hazards?.opened(replica);
  }

  dropped(attempt: Attempt, _replica: number, reason: DropReason): void {
    this.#o.note('dropped');
    this.complete(attempt, reason);
  }

  shedsAtStart(attempt: Attempt, waitUs: number): boolean {
    const isShed = this.#o.admission?.shedsAtStart(waitUs) ?? false;
    if (!isShed) this.started(attempt);
    return isShed;
  }

  /** Responds, once. */
  complete(attempt: Attempt, failure: ServerFailure | undefined): void {
    const { account, admission, simulation, application, hazards } = this.#o;
    if (hazards !== undefined && this.#books.has(attempt)) {
      // A process that is gone keeps nothing to itself, and who hung up does not wait for it.
      const mayBeKept = failure !== 'reset' && attempt.isWanted;
      if (mayBeKept && hazards.withholds(attempt, failure)) return;
    }
    if (!this.#books.delete(attempt)) return;
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
    if (zone === undefined) this.fleet.failAll();
    else this.fleet.failZone(zone);
    this.#resetThoseDown();
  }

  /** One replica crashes. */
  crashReplica(replica: number): void {
    this.fleet.failReplica(replica);
    this.#resetThoseDown();
  }

  recoverReplica(replica: number): void {
    this.fleet.restoreReplica(replica);
  }

  #resetThoseDown(): void {
    const { replicas } = this.fleet;
    for (const attempt of [...this.#books]) {
      const replica = replicas[attempt.replica];
      if (replica === undefined || replica.state === 'down') this.complete(attempt, 'reset');
    }
    const { application, hazards } = this.#o;
    for (const { index, state } of replicas) {
      if (state !== 'down') continue;
      application.crashed?.(index);
      hazards?.crashed(index);
    }
    if (!replicas.some(({ state }) => RUNNING.has(state))) application.restarted?.();
  }

  /** Loses what its cache has. @returns whether it has a cache. */
  flushCache(): boolean {
    return this.#o.application.flushCache?.() ?? false;
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
