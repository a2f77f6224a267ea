/** A world's clock as those who run the world see it: on its way it makes the changes that were
 * written down, each exactly where it was made: after so many events, at a time. Parts of the world
 * stand on the kernel's clock itself, and pay nothing for it. Spec: E535, E536. */
import { EngineError } from '../../kernel/errors.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { WorldChange } from './world-change.ts';

/** Where a run stands between two events: after so many of them, at a time. */
export interface Standing {
  readonly event: number;
  /** µs since the start of the run. */
  readonly atUs: number;
}

/** A change and where it is made. */
export interface Turn extends Standing {
  readonly change: WorldChange;
}

/** The turns of one world. */
export interface Turns {
  /** Those that it has taken, in order. */
  readonly made: readonly Turn[];
  /** Those that it will take. */
  readonly toCome: readonly Turn[];
  /** Makes a change here and now. What was to come belongs to another course of things: it is
   * forgotten. @throws EngineError as the change does; nothing is forgotten then. */
  make(change: WorldChange): { readonly turn: Turn; readonly forgotten: readonly Turn[] };
  /** Goes on to exactly there: turns up to there are taken, and no event beyond is run. */
  standAt(standing: Standing): void;
}

/** What a turned simulation is made of. */
export interface TurnedOptions {
  readonly kernel: Simulation;
  /** Ascending. */
  readonly turns: readonly Turn[];
  readonly makeChange: (change: WorldChange) => void;
  /** A time at which somebody looks, once all of its events have run. */
  readonly mark: { readonly atUs: number; readonly onReached: () => void };
}

/** The clock of a world. `save` and `restore` are the kernel's: turns are not among what they
 * save. */
export class TurnedSimulation implements Simulation, Turns {
  readonly made: Turn[] = [];
  readonly schedule: Simulation['schedule'];
  readonly cancel: Simulation['cancel'];
  readonly registerHandler: Simulation['registerHandler'];
  readonly save: Simulation['save'];
  readonly restore: Simulation['restore'];
  readonly #options: TurnedOptions;
  #toCome: readonly Turn[];
  #isMarked = false;

  constructor(options: TurnedOptions) {
    const { kernel } = options;
    this.#options = options;
    this.#toCome = options.turns;
    this.schedule = kernel.schedule.bind(kernel);
    this.cancel = kernel.cancel.bind(kernel);
    this.registerHandler = kernel.registerHandler.bind(kernel);
    this.save = kernel.save.bind(kernel);
    this.restore = kernel.restore.bind(kernel);
  }

  get nowUs(): number {
    return this.#options.kernel.nowUs;
  }

  get pendingCount(): number {
    return this.#options.kernel.pendingCount;
  }

  get executedCount(): number {
    return this.#options.kernel.executedCount;
  }

  get toCome(): readonly Turn[] {
    return this.#toCome;
  }

  run(untilUs: number): number {
    const before = this.executedCount;
    for (let turn = this.#due(untilUs); turn !== undefined; turn = this.#due(untilUs)) {
      this.#runTo(turn);
      this.#take(turn);
    }
    this.#runKernel(untilUs);
    return this.executedCount - before;
  }

  step(untilUs: number): boolean {
    this.#takeHere(untilUs);
    const next = this.#due(untilUs);
    const ran = this.#stepKernel(next?.atUs ?? untilUs);
    if (next === undefined) return ran;
    // An event too many, or none left before a turn that waits for one.
    const strays = ran ? this.executedCount > next.event : this.executedCount < next.event;
    if (strays) throw this.#strayed(next);
    if (ran) this.#takeHere(this.nowUs);
    return ran || this.step(untilUs);
  }

  make(change: WorldChange): { readonly turn: Turn; readonly forgotten: readonly Turn[] } {
    this.#options.makeChange(change);
    const forgotten = this.#toCome;
    this.#toCome = [];
    const turn = { event: this.executedCount, atUs: this.nowUs, change };
    this.made.push(turn);
    return { turn, forgotten };
  }

  standAt(standing: Standing): void {
    for (let turn = this.#due(standing.atUs); turn !== undefined; turn = this.#due(standing.atUs)) {
      if (turn.event > standing.event) break;
      this.#runTo(turn);
      this.#take(turn);
    }
    this.#runTo(standing);
  }

  #due(untilUs: number): Turn | undefined {
    const [next] = this.#toCome;
    return next !== undefined && next.atUs <= untilUs ? next : undefined;
  }

  /** All earlier events have run then, and of the instant as many as had when one stood there. */
  #runTo({ event, atUs }: Standing): void {
    this.#runKernel(atUs - 1);
    while (this.executedCount < event && this.#stepKernel(atUs));
    // Moves the clock, where no event was due at the instant.
    if (this.nowUs < atUs) this.#runKernel(atUs);
  }

  /** Takes the turns that are due before another event runs. */
  #takeHere(untilUs: number): void {
    for (let turn = this.#due(untilUs); turn !== undefined; turn = this.#due(untilUs)) {
      if (turn.event > this.executedCount) return;
      this.#runTo(turn);
      this.#take(turn);
    }
  }

  #take(turn: Turn): void {
    if (this.executedCount !== turn.event || this.nowUs !== turn.atUs) throw this.#strayed(turn);
    this.#options.makeChange(turn.change);
    this.made.push(turn);
    this.#toCome = this.#toCome.slice(1);
  }

  #runKernel(untilUs: number): void {
    const { kernel, mark } = this.#options;
    if (!this.#isMarked && untilUs >= mark.atUs) {
      kernel.run(mark.atUs);
      this.#reachMark();
    }
    kernel.run(untilUs);
  }

  #stepKernel(untilUs: number): boolean {
    const { kernel, mark } = this.#options;
    if (!this.#isMarked && untilUs >= mark.atUs) {
      if (kernel.step(mark.atUs)) return true;
      this.#reachMark();
    }
    return kernel.step(untilUs);
  }

  #reachMark(): void {
    this.#isMarked = true;
    this.#options.mark.onReached();
  }

  #strayed({ event, atUs, change }: Turn): EngineError {
    const problem =
      `${change.kind} is to be made after event #${event}, at ${atUs} µs, and after ` +
      `#${this.executedCount} the clock stands at ${this.nowUs} µs: it was written in another ` +
      'run; give the log of this scenario, seed and version';
    return new EngineError('COMMANDS_REFUSED', problem, { problems: [problem] });
  }
}

/** Turns that a run did not come to. @throws EngineError `COMMANDS_REFUSED`. */
export function refuseTurnsToCome({ toCome }: Turns): void {
  const [next] = toCome;
  if (next === undefined) return;
  const { event, atUs, change } = next;
  const problem =
    `${change.kind} is to be made after event #${event}, at ${atUs} µs, and the run is over ` +
    'before: it was written in another run; give the log of this scenario, seed and version';
  throw new EngineError('COMMANDS_REFUSED', problem, { problems: [problem] });
}
