/** Drives runs on which people look and to which they say things: in slices, with commands heard
 * between two of them. Slices, frames, pauses and ways back change nothing of what happens; changes
 * of the world are made between two events and written down at once. Spec: L20–L29. */
import type { CommandAnswer, LiveCommand, WorldCommand } from '../../domain/live/live-command.ts';
import type { LiveClock } from '../../domain/live/live-frame.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { RunFigures } from '../results/summarise.ts';
import { type OpenRun, openRun, type RunTask } from '../run-task.ts';
import type { CommandLogWriter } from '../turns/command-log.ts';
import { faultsOf, wiringFor, wiringOf } from '../turns/ready-for.ts';
import type { Standing, Turn } from '../turns/turned-simulation.ts';
import { changeOf } from './change-of.ts';
import type { Desk, Incoming } from './desk.ts';
import { type FrameMaker, openEyes } from './frame-maker.ts';
import { Pace, STEPS_MS } from './pace.ts';

/** What a driver keeps from one run to the next. */
export interface DriverState {
  readonly pace: Pace;
  isPaused: boolean;
  /** Frames made so far. */
  frames: number;
  /** Wall time of the last one. */
  shownAtMs: number;
}

/** What a driver works with. */
export interface DriverOptions {
  readonly desk: Desk;
  readonly state: DriverState;
  /** Where changes are written; undefined keeps them in the figures only. */
  readonly log: CommandLogWriter | undefined;
}

/** A place to go to: after an event, or after all events up to a time. */
type Goal = { readonly event: number } | { readonly atUs: number };

/** Four frames a second. */
const FRAME_MS = 250;
const STEPS_BETWEEN_LOOKS = 64;

/** A state to begin with. */
export function newDriverState(options: {
  readonly speed: number | null;
  readonly isPaused: boolean;
}): DriverState {
  const pace = new Pace(options.speed);
  return { pace, isPaused: options.isPaused, frames: 0, shownAtMs: Number.NEGATIVE_INFINITY };
}

/** Runs a task to its end, whenever those who command let it come to that.
 * @throws EngineError as runs do. Cost: bench `watch`. */
export async function driveRun(task: RunTask, options: DriverOptions): Promise<RunFigures> {
  const driver = new Driver(task, options, await openRun(task));
  try {
    return await driver.toTheEnd();
  } finally {
    await driver.close();
  }
}

class Driver {
  readonly #task: RunTask;
  readonly #desk: Desk;
  readonly #state: DriverState;
  readonly #log: CommandLogWriter | undefined;
  #run: OpenRun;
  #eyes: FrameMaker;
  #goal: Goal | undefined;
  /** Changes of the world that wait until it is where they are meant to be made. */
  #waiting: Incoming[] = [];
  /** Whether the log has what was there before this driver, too. */
  #hasWritten = false;
  /** Whether something is to be seen that no frame has shown. */
  #isStale = true;

  constructor(task: RunTask, { desk, state, log }: DriverOptions, run: OpenRun) {
    this.#task = task;
    this.#desk = desk;
    this.#state = state;
    this.#log = log;
    this.#run = run;
    this.#eyes = this.#eyesOn(run);
  }

  async toTheEnd(): Promise<RunFigures> {
    this.#state.pace.stand();
    for (;;) {
      await this.#hear();
      if (this.#goal !== undefined) this.#approach(this.#goal);
      else if (this.#state.isPaused) this.#rest();
      else if (this.#isAtEnd()) break;
      else this.#goOn();
      this.#showIfDue();
    }
    this.#run.world.run();
    const figures = await this.#run.finish();
    this.#show('finished');
    return figures;
  }

  async close(): Promise<void> {
    await this.#run.close();
  }

  async #hear(): Promise<void> {
    const { isPaused } = this.#state;
    for (const incoming of this.#desk.take()) {
      if (isOfWorld(incoming.command)) this.#waiting.push(incoming);
      else incoming.answer(await this.#answerTo(incoming.command));
    }
    if (this.#goal === undefined) {
      const { pace } = this.#state;
      for (const incoming of this.#waiting.splice(0)) {
        incoming.answer(await this.#answerTo(incoming.command));
        pace.stand();
      }
    }
    if (isPaused !== this.#state.isPaused) this.#isStale = true;
  }

  async #answerTo(command: LiveCommand): Promise<CommandAnswer> {
    try {
      const note = isOfWorld(command) ? await this.#change(command) : await this.#obey(command);
      this.#isStale = true;
      return note === undefined ? { ok: true } : { ok: true, note };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return { ok: false, code: error.code, message: error.message };
    }
  }

  async #obey(command: Exclude<LiveCommand, WorldCommand>): Promise<undefined> {
    const state = this.#state;
    switch (command.type) {
      case 'speed':
        checkNumber('speed.factor', command.factor ?? 1, { isWhole: false, min: Number.MIN_VALUE });
        state.pace.speed = command.factor;
        return;
      case 'pause':
      case 'resume':
        this.#goal = undefined;
        state.isPaused = command.type === 'pause';
        state.pace.stand();
        return;
      case 'step': {
        checkNumber('step.events', command.events, { isWhole: true, min: -Number.MAX_VALUE });
        // Steps told in a row add up.
        const from = this.#goal !== undefined && 'event' in this.#goal ? this.#goal : this.#here();
        return this.#setGoal({ event: Math.max(0, from.event + command.events) });
      }
      case 'seek': {
        const isEvent = 'event' in command;
        const value = isEvent ? command.event : command.atUs;
        checkNumber(`seek.${isEvent ? 'event' : 'atUs'}`, value, { isWhole: true, min: 0 });
        return this.#setGoal(isEvent ? { event: value } : { atUs: value });
      }
    }
  }

  /** Then it stands. Back is from the start. */
  async #setGoal(goal: Goal): Promise<undefined> {
    const here = this.#here();
    const isBack = 'event' in goal ? goal.event < here.event : goal.atUs < here.atUs;
    this.#state.isPaused = true;
    this.#state.pace.stand();
    this.#goal = goal;
    if (isBack) await this.#startAgain(this.#turns());
  }

  /** Makes a change here and now. @returns what else became of it. */
  async #change(command: WorldCommand): Promise<string | undefined> {
    if (this.#isAtEnd()) throw tooLate();
    const change = changeOf(command, this.#task.scenario);
    const wiring = change.kind === 'fault' ? wiringFor(change.fault.kind) : undefined;
    if (change.kind === 'fault' && wiring !== undefined && !this.#wiring().has(wiring)) {
      // What faults of this kind hit has to be there from the start.
      await this.#return(this.#turns(), [change.fault]);
    }
    const { turns } = this.#run.world;
    const { turn, forgotten } = turns.make(change);
    if (forgotten.length === 0 && this.#hasWritten) this.#log?.append(turn);
    else this.#log?.rewrite(turns.made);
    this.#hasWritten = true;
    if (forgotten.length === 0) return undefined;
    // What only the forgotten ones needed is not there in a run from the log.
    const needed = wiringOf(this.#task.scenario, faultsOf(turns.made));
    if (needed.size < this.#wiringOf(forgotten, turns.made))
      await this.#return([...turns.made], []);
    const count =
      forgotten.length === 1 ? 'a later command is' : `${forgotten.length} later ones are`;
    return `${count} no more: the run goes another way from here`;
  }

  #wiring(): ReadonlySet<string> {
    return wiringOf(this.#task.scenario, faultsOf(this.#turns()));
  }

  #wiringOf(...lists: readonly (readonly Turn[])[]): number {
    return wiringOf(this.#task.scenario, lists.flatMap(faultsOf)).size;
  }

  /** Those taken and those to come. */
  #turns(): readonly Turn[] {
    const { made, toCome } = this.#run.world.turns;
    return [...made, ...toCome];
  }

  #here(): Standing {
    const { executedCount, nowUs } = this.#run.world.simulation;
    return { event: executedCount, atUs: nowUs };
  }

  /** Wires the world anew and runs it to where it stands. */
  async #return(turns: readonly Turn[], mayBegin: ReturnType<typeof faultsOf>): Promise<void> {
    const here = this.#here();
    await this.#startAgain(turns, mayBegin);
    const { simulation } = this.#run.world;
    while (simulation.nowUs < here.atUs - 1) {
      this.#slice(here.atUs - 1);
      this.#showIfDue();
    }
    this.#run.world.turns.standAt(here);
  }

  async #startAgain(
    turns: readonly Turn[],
    mayBegin: ReturnType<typeof faultsOf> = [],
  ): Promise<void> {
    await this.#run.close();
    this.#run = await openRun({ ...this.#task, turns }, mayBegin);
    this.#eyes = this.#eyesOn(this.#run);
  }

  #eyesOn({ world, warehouse }: OpenRun): FrameMaker {
    const { architecture, name: subject = architecture, catalogue } = this.#task;
    return openEyes({ subject, world, warehouse, catalogue });
  }

  #isAtEnd(): boolean {
    const { simulation, endUs } = this.#run.world;
    return simulation.nowUs >= endUs;
  }

  /** Goes on as fast as it is asked to. */
  #goOn(): void {
    const { desk, pace } = { desk: this.#desk, pace: this.#state.pace };
    const slice = pace.next(desk.nowMs(), this.#here().atUs);
    if ('waitMs' in slice) desk.wait(slice.waitMs);
    else this.#slice(slice.untilUs);
  }

  /** Goes to a place as fast as it can; there it stands. */
  #approach(goal: Goal): void {
    const { simulation, endUs } = this.#run.world;
    if ('event' in goal) this.#steps(goal.event);
    else this.#slice(goal.atUs);
    const isThere =
      'event' in goal ? this.#here().event >= goal.event : simulation.nowUs >= goal.atUs;
    if (isThere || simulation.nowUs >= endUs) this.#goal = undefined;
  }

  #slice(untilUs: number): void {
    const { simulation, endUs } = this.#run.world;
    const { pace } = this.#state;
    const startMs = this.#desk.nowMs();
    const freeUs = simulation.nowUs + pace.sliceUs;
    simulation.run(Math.min(untilUs, freeUs, endUs));
    if (freeUs <= untilUs) pace.took(this.#desk.nowMs() - startMs);
    this.#isStale = true;
  }

  #steps(lastEvent: number): void {
    const { simulation, endUs } = this.#run.world;
    const untilMs = this.#desk.nowMs() + STEPS_MS;
    this.#isStale = true;
    do {
      for (let i = 0; i < STEPS_BETWEEN_LOOKS; i += 1) {
        if (simulation.executedCount >= lastEvent || !simulation.step(endUs)) return;
      }
    } while (this.#desk.nowMs() < untilMs);
  }

  #rest(): void {
    if (!this.#isStale) this.#desk.wait();
    else this.#desk.wait(Math.max(0, this.#state.shownAtMs + FRAME_MS - this.#desk.nowMs()));
  }

  #showIfDue(): void {
    if (!this.#isStale || this.#desk.nowMs() - this.#state.shownAtMs < FRAME_MS) return;
    const isStanding = this.#state.isPaused && this.#goal === undefined;
    this.#show(isStanding ? 'paused' : 'running');
  }

  #show(state: LiveClock['state']): void {
    const { world } = this.#run;
    const nowMs = this.#desk.nowMs();
    this.#state.frames += 1;
    this.#state.shownAtMs = nowMs;
    const { event, atUs } = this.#here();
    const reachedSpeed = this.#state.pace.reachedSpeed(nowMs, atUs);
    if (state !== 'finished' && !this.#desk.hasRoom()) return;
    this.#isStale = false;
    const clock: LiveClock = {
      state,
      nowUs: atUs,
      startUs: Date.parse(world.scenario.clock.start) * 1_000,
      endUs: world.endUs,
      event,
      speed: this.#state.pace.speed,
      reachedSpeed,
    };
    this.#desk.show(this.#eyes.frameOf(clock, this.#state.frames));
  }
}

function isOfWorld(command: LiveCommand): command is WorldCommand {
  return ['fault', 'heal', 'breaker'].includes(command.type);
}

function checkNumber(
  place: string,
  found: number,
  { isWhole, min }: { readonly isWhole: boolean; readonly min: number },
): void {
  const isFit = isWhole ? Number.isSafeInteger(found) : Number.isFinite(found);
  if (isFit && found >= min) return;
  const rule = `${isWhole ? 'a whole number' : 'a number'}${min >= 0 ? ' from 0 on' : ''}`;
  throw new EngineError('LIVE_BAD_COMMAND', `${place}: found ${found}; give ${rule}`, {
    path: place,
    found: String(found),
  });
}

function tooLate(): EngineError {
  const message = 'the run is at its end: nothing happens any more; go back first';
  return new EngineError('LIVE_BAD_COMMAND', message, { path: 'command', found: 'the end' });
}
