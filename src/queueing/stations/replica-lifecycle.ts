/** When replicas start, get ready, pause, drain, crash and come back. Spec: Q68–Q71. */
import type { Chance, Draws } from '../../kernel/chance.ts';
import { quantileOf } from '../../kernel/distributions/distribution.ts';
import type { HandlerId, Simulation } from '../../kernel/simulation.ts';
import type { FleetConfig } from './fleet-config.ts';
import type { FleetListener, Job } from './job.ts';
import { NONE } from './job-table.ts';
import { Replica } from './replica.ts';
import type { ReplicaService } from './service/replica-service.ts';

type Quantile = (u: number) => number;

/** What a lifecycle works on. */
export interface LifecycleOptions<J extends Job> {
  readonly name: string;
  readonly config: FleetConfig;
  readonly simulation: Simulation;
  readonly chance: Chance;
  readonly service: ReplicaService<J>;
  readonly listener: FleetListener<J>;
  /** Filled and grown here; indices stay, those of replicas that are gone are used again. */
  readonly replicas: Replica[];
}

/** The replicas of one fleet over time. */
export class ReplicaLifecycle<J extends Job> {
  readonly #config: FleetConfig;
  readonly #simulation: Simulation;
  readonly #service: ReplicaService<J>;
  readonly #listener: FleetListener<J>;
  readonly #replicas: Replica[];
  readonly #startupTime: Quantile;
  readonly #startupDraws: Draws;
  readonly #pauseGap: Quantile | undefined;
  readonly #pauseLength: Quantile;
  readonly #pauseDraws: Draws;
  readonly #startupHandler: HandlerId;
  readonly #pauseHandler: HandlerId;
  readonly #zoneIsUp: boolean[];
  #isUp = true;
  #factor = 1;
  readonly #slowness = new Map<object, number>();
  #births = 0;

  constructor(options: LifecycleOptions<J>) {
    const { name, config, simulation, chance } = options;
    this.#config = config;
    this.#simulation = simulation;
    this.#service = options.service;
    this.#listener = options.listener;
    this.#replicas = options.replicas;
    this.#startupTime = quantileOf(config.startupTime);
    this.#startupDraws = chance.draws(`fleet.${name}.start-up`);
    this.#pauseGap = config.pauses && quantileOf(config.pauses.gap);
    this.#pauseLength = config.pauses ? quantileOf(config.pauses.length) : () => 0;
    this.#pauseDraws = chance.draws(`fleet.${name}.pause`);
    this.#startupHandler = simulation.registerHandler(`fleet.${name}.ready`, (index) => {
      this.#replicaAt(index).startupEvent = NONE;
      this.#getReady(this.#replicaAt(index));
    });
    this.#pauseHandler = simulation.registerHandler(`fleet.${name}.pause`, (index) =>
      this.#turnPause(this.#replicaAt(index)),
    );
    this.#zoneIsUp = Array.from({ length: config.zones }, () => true);
    for (let i = 0; i < config.replicas; i += 1) {
      const replica = this.#addMember();
      replica.state = 'ready';
      replica.isReady = true;
      replica.opened(simulation.nowUs);
      this.#planPauses(replica);
    }
  }

  /** Members wanted: those missing start, or else some drain: not ready ones, then the newest. */
  scaleTo(count: number): void {
    let members = 0;
    for (const replica of this.#replicas) if (replica.isMember) members += 1;
    for (; members < count; members += 1) {
      const replica = this.#addMember();
      if (this.#mayRun(replica)) this.#beginStartup(replica);
    }
    for (; members > count; members -= 1) this.#removeMember();
  }

  /** A draining replica ends with its last job and visit. */
  retireIfDone(replica: Replica): void {
    const isDone = replica.outstanding === 0 && replica.held === 0;
    if (isDone && replica.state === 'draining') this.#stop(replica);
  }

  /** The replicas of a zone crash and stay down. */
  failZone(zone: number): void {
    this.#zoneIsUp[zone] = false;
    this.#stopThoseDown();
  }

  /** The members of a zone start. */
  restoreZone(zone: number): void {
    this.#zoneIsUp[zone] = true;
    this.#startThoseUp();
  }

  /** Every replica crashes and stays down. */
  failAll(): void {
    this.#isUp = false;
    this.#stopThoseDown();
  }

  /** Members start, save where their zone is down. */
  restoreAll(): void {
    this.#isUp = true;
    this.#startThoseUp();
  }

  /** A replica crashes and stays down until it was restored as often as it failed. */
  failReplica(replica: Replica): void {
    replica.blocks += 1;
    this.#stop(replica);
  }

  /** It starts, if it is a member and nothing else holds it down. */
  restoreReplica(replica: Replica): void {
    replica.blocks -= 1;
    this.#startThoseUp();
  }

  /** Speed of all workers from now on. */
  setFactor(factor: number): void {
    this.#factor = factor;
    this.#setPaces();
  }

  /** Work takes longer for a cause; 1 ends it. */
  slowDown(cause: object, factor: number): void {
    if (factor === 1) this.#slowness.delete(cause);
    else this.#slowness.set(cause, factor);
    this.#setPaces();
  }

  /** Those that run stand still for a cause. */
  pause(cause: object): void {
    for (const replica of this.#replicas) {
      const { state } = replica;
      if (state === 'ready' || state === 'draining')
        this.#stall(replica, () => {
          replica.stalls.add(cause);
        });
    }
  }

  /** Those that stood still for a cause, and did not crash since, go on. */
  goOn(cause: object): void {
    for (const replica of this.#replicas) {
      if (replica.stalls.has(cause)) this.#stall(replica, () => replica.stalls.delete(cause));
    }
  }

  /** A job comes to a replica whose pauses went on unseen while it had none: catches up, so that a
   * fleet without jobs has nothing pending. Cost O(pauses missed). */
  wake(replica: Replica): void {
    replica.isPauseDormant = false;
    while (replica.nextPauseTurnUs <= this.#simulation.nowUs) this.#passTurn(replica);
    this.#scheduleTurn(replica);
  }

  #addMember(): Replica {
    const zone = this.#emptiestZone();
    let replica = this.#replicas.find(isVacant);
    if (replica === undefined) {
      const index = this.#replicas.length;
      const { nowUs } = this.#simulation;
      replica = new Replica({ index, zone, workers: this.#config.workersPerReplica, nowUs });
      replica.pace.factor = this.#paceFactor();
      this.#replicas.push(replica);
      this.#service.addReplica();
    }
    replica.book(this.#simulation.nowUs);
    replica.zone = zone;
    replica.isMember = true;
    replica.birth = this.#births;
    this.#births += 1;
    return replica;
  }

  #removeMember(): void {
    let chosen: Replica | undefined;
    for (const replica of this.#replicas) {
      if (!replica.isMember) continue;
      if (chosen === undefined || leavesBefore(replica, chosen)) chosen = replica;
    }
    if (chosen === undefined) return;
    chosen.book(this.#simulation.nowUs);
    chosen.isMember = false;
    chosen.isReady = false;
    if (chosen.outstanding > 0 || chosen.held > 0) chosen.state = 'draining';
    else this.#stop(chosen);
  }

  #emptiestZone(): number {
    const members = this.#zoneIsUp.map((isUp) => (isUp ? 0 : 2 ** 32));
    for (const { isMember, zone } of this.#replicas) {
      if (isMember) members[zone] = (members[zone] as number) + 1;
    }
    return members.indexOf(Math.min(...members));
  }

  #mayRun(replica: Replica): boolean {
    return this.#isUp && this.#zoneIsUp[replica.zone] === true && replica.blocks === 0;
  }

  #stopThoseDown(): void {
    for (const replica of this.#replicas) if (!this.#mayRun(replica)) this.#stop(replica);
  }

  #startThoseUp(): void {
    for (const replica of this.#replicas) {
      const isWanted = replica.isMember && replica.state === 'down';
      if (isWanted && this.#mayRun(replica)) this.#beginStartup(replica);
    }
  }

  #beginStartup(replica: Replica): void {
    const uniform = this.#startupDraws.uniform(replica.index, replica.startups);
    replica.startups += 1;
    replica.state = 'starting';
    const laterUs = this.#listener.startsLater?.(replica.index) ?? 0;
    const delayUs = Math.round(this.#startupTime(uniform)) + laterUs;
    if (delayUs === 0) this.#getReady(replica);
    else {
      replica.startupEvent = this.#simulation.schedule(
        delayUs,
        this.#startupHandler,
        replica.index,
      );
    }
  }

  #getReady(replica: Replica): void {
    replica.state = 'ready';
    replica.isReady = true;
    replica.opened(this.#simulation.nowUs);
    const { slowStart } = this.#config;
    if (slowStart !== undefined) replica.pace.rise(this.#simulation.nowUs, slowStart);
    this.#planPauses(replica);
    this.#listener.opened?.(replica.index);
  }

  #stop(replica: Replica): void {
    if (replica.state === 'down') return;
    replica.book(this.#simulation.nowUs);
    replica.state = 'down';
    replica.isReady = false;
    replica.closed(this.#simulation.nowUs);
    replica.isPauseDormant = false;
    this.#simulation.cancel(replica.startupEvent);
    this.#simulation.cancel(replica.pauseEvent);
    this.#service.settle(replica);
    replica.pace.isPaused = false;
    replica.pace.isStalled = false;
    replica.stalls.clear();
    this.#service.reset(replica);
  }

  #stall(replica: Replica, change: () => void): void {
    this.#service.settle(replica);
    change();
    replica.pace.isStalled = replica.stalls.size > 0;
    this.#service.resume(replica);
  }

  #setPaces(): void {
    for (const replica of this.#replicas) {
      this.#service.settle(replica);
      replica.pace.factor = this.#paceFactor();
      this.#service.resume(replica);
    }
  }

  /** The product of all causes, anew each time: without any it is what it was before, exactly. */
  #paceFactor(): number {
    let slowness = 1;
    for (const factor of this.#slowness.values()) slowness *= factor;
    return this.#factor / slowness;
  }

  /** The first pause is a gap away; nothing is pending for it until there is a job. */
  #planPauses(replica: Replica): void {
    if (this.#pauseGap === undefined) return;
    replica.nextPauseTurnUs = this.#simulation.nowUs + this.#drawPauseUs(replica);
    replica.isPauseDormant = true;
  }

  #turnPause(replica: Replica): void {
    this.#service.settle(replica);
    this.#passTurn(replica);
    this.#service.resume(replica);
    replica.pauseEvent = NONE;
    if (replica.outstanding === 0) replica.isPauseDormant = true;
    else this.#scheduleTurn(replica);
  }

  #passTurn(replica: Replica): void {
    replica.pace.isPaused = !replica.pace.isPaused;
    if (!replica.pace.isPaused) replica.pauses += 1;
    replica.nextPauseTurnUs += this.#drawPauseUs(replica);
  }

  #scheduleTurn(replica: Replica): void {
    const delayUs = replica.nextPauseTurnUs - this.#simulation.nowUs;
    replica.pauseEvent = this.#simulation.schedule(delayUs, this.#pauseHandler, replica.index);
  }

  /** The length of the pause that lasts, or of the gap: at least 1 µs, so that time gets on. */
  #drawPauseUs(replica: Replica): number {
    const { isPaused } = replica.pace;
    const index = 2 * replica.pauses + (isPaused ? 1 : 0);
    const uniform = this.#pauseDraws.uniform(replica.index, index);
    const durationUs = isPaused ? this.#pauseLength(uniform) : this.#pauseGap?.(uniform);
    return Math.max(1, Math.round(durationUs ?? 1));
  }

  #replicaAt(index: number): Replica {
    return this.#replicas[index] as Replica;
  }
}

/** Whether a new member may have this place. One that a fault holds down stays empty. */
function isVacant({ isMember, state, blocks }: Replica): boolean {
  return !isMember && state === 'down' && blocks === 0;
}

function leavesBefore(a: Replica, b: Replica): boolean {
  if (a.isReady !== b.isReady) return !a.isReady;
  return a.birth > b.birth;
}
