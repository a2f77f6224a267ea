/** The life of actors: they are made, started, sent events, stopped; each runs to completion, what
 * arrives meanwhile waits in its mailbox. Follows XState's `Actor` step by step; actors are told by
 * their place in the {@link ActorStore}. Spec: A2–A4, A15–A17. */
import type { AnyActorLogic, EventObject } from 'xstate';
import { STOP_EVENT } from '../compile/compiled-machine.ts';
import type {
  Configuration,
  MachineTables,
  Reaction,
  StaticEffect,
} from '../compile/configuration.ts';
import { NO_CHILDREN } from '../operations/operation.ts';
import { LogicTable } from '../storage/actor-logic.ts';
import { ActorStore, type Family, Flag, WORDS_SHIFT, Word } from '../storage/actor-store.ts';
import { ActorTimers } from '../storage/actor-timers.ts';
import { SystemIds } from '../storage/system-ids.ts';
import { ActorEndings, type EndingHost } from './actor-endings.ts';
import type { ActorHandle } from './actor-handle.ts';
import { EffectList } from './effects.ts';
import type { Inspection } from './inspection.ts';
import { MachineStep } from './machine-step.ts';
import type { RuntimeOptions, RuntimePorts } from './runtime-ports.ts';
import { type ReleaseHost, StorageRelease } from './storage-release.ts';
import { type TransitionHost, TransitionRunner } from './transition-runner.ts';

const STOP: EventObject = { type: STOP_EVENT };
/** Flags of an actor in the midst of a step that concerns nobody else. */
const ALONE = Flag.running | Flag.busy;

/** Runs actors. */
export class ActorRuntime implements EndingHost, ReleaseHost, TransitionHost {
  readonly store = new ActorStore();
  readonly timers: ActorTimers;
  readonly logics: LogicTable;
  readonly systemIds = new SystemIds();
  /** Gives storage back. */
  readonly storage = new StorageRelease(this);
  inspection: Inspection | undefined;
  ports!: RuntimePorts;
  readonly #options: RuntimeOptions;
  readonly #endings = new ActorEndings(this);
  readonly #transitions = new TransitionRunner(this, this.#endings);
  /** A step that is free to use; steps within steps make their own. */
  #spareStep: MachineStep | undefined;
  /** Of actors that have something to do at their start. */
  readonly #initial = new Map<number, MachineStep>();
  /** Of actors that are not started, while somebody inspects. */
  readonly #inputs = new Map<number, unknown>();

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.logics = new LogicTable(options.codeGeneration);
    this.timers = new ActorTimers(this.store, options.simulation, options.timerHandler);
  }

  /** Connects the ports, once, before anything runs. */
  connect(ports: RuntimePorts): void {
    this.ports = ports;
  }

  /** Actors that have something to do at their start: closures, which cannot be saved. */
  unstarted(): readonly number[] {
    return [...this.#initial.keys()];
  }

  /** Makes a root actor and computes its initial state. @returns its place.
   * @throws EngineError `ACTOR_UNSUPPORTED`. */
  createRoot(definition: AnyActorLogic, name: string, input: unknown): number {
    const place = this.store.take(this.logics.numberOf(definition), name);
    this.inspection?.actor(place);
    this.#initialise(place, input);
    return place;
  }

  /** Makes a child of an actor, as {@link ActorRuntime.createRoot}.
   * @throws Error when its system id is taken. */
  createChild(definition: AnyActorLogic, family: Family, input: unknown): number {
    const { store } = this;
    const place = store.take(this.logics.numberOf(definition), '');
    store.set(place, Flag.child);
    store.record(place).family = family;
    const reference = this.ports.referenceOf(place);
    this.inspection?.actor(place);
    this.systemIds.set(family.root, family.systemId, reference);
    this.#initialise(place, input);
    if (store.isOver(place)) this.systemIds.delete(family.root, family.systemId);
    return place;
  }

  /** Starts an actor. Idempotent. */
  start(place: number): void {
    const { store } = this;
    if (store.has(place, Flag.running | Flag.ended)) return;
    store.set(place, Flag.running | Flag.busy);
    const event = { type: 'xstate.init', input: this.#inputs.get(place) };
    if (this.inspection !== undefined) {
      this.inspection.event(this.#parentOf(place), place, event);
      this.#inputs.delete(place);
    }
    const status = store.statusOf(place);
    if (status === 'error') {
      this.#endings.fail(place);
      this.#drain(place);
      return;
    }
    if (status === 'active') {
      for (const child of Object.values(this.#childrenOf(place))) {
        const { place: childPlace } = child as ActorHandle;
        if (!store.isOver(childPlace)) this.start(childPlace);
      }
    }
    const told = this.toldSnapshot(place);
    this.#runStartActions(place);
    this.#endings.concludeUpdate(place, event, told);
    this.#drain(place);
  }

  #runStartActions(place: number): void {
    const step = this.#initial.get(place);
    if (step === undefined) return;
    this.#initial.delete(place);
    const actions = step.startActions ?? [];
    step.startActions = undefined;
    this.#carryOut(place, () => {
      for (const action of actions) action();
      step.effects.run(place);
    });
    step.effects.clear();
    this.#spareStep = step;
  }

  /** Gives an actor an event: it runs now, or when it is done with what it does. */
  receive(place: number, event: EventObject): void {
    const { store } = this;
    const flags = store.wordOf(place, Word.flags);
    if ((flags & (Flag.running | Flag.ended | Flag.busy)) !== Flag.running) {
      if ((flags & Flag.ended) !== 0) return;
      store.record(place).mailbox.push(event);
      store.set(place, Flag.mailbox);
      return;
    }
    const reaction = this.reactionAlone(place, event.type);
    if (reaction === undefined) this.#receiveNow(place, event);
    else this.receiveAlone(place, event, reaction);
  }

  #receiveNow(place: number, event: EventObject): void {
    const { store } = this;
    store.set(place, Flag.busy);
    this.#process(place, event);
    const after = store.wordOf(place, Word.flags);
    if ((after & (Flag.mailbox | Flag.ended)) !== 0) this.#drain(place);
    else store.setWord(place, Word.flags, after & ~Flag.busy);
  }

  /** Stops an actor: at once, or after what it does now. */
  stop(place: number): void {
    const { store } = this;
    if (store.has(place, Flag.ended)) return;
    const record = store.records.get(place);
    if (record !== undefined) record.mailbox.length = 0;
    if (store.has(place, Flag.running)) this.receive(place, STOP);
    else this.#discard(place);
  }

  /** An actor's snapshot for inspectors: nothing is made while there is none. */
  toldSnapshot(place: number): unknown {
    return this.inspection === undefined ? undefined : this.ports.snapshotAt(place);
  }

  /** A root actor that ran has ended. */
  onEnd(place: number): void {
    this.#options.onEnd(place);
  }

  /** Sees to it that an actor which never ran will not, nor its children. */
  #discard(place: number): void {
    const { store } = this;
    store.set(place, Flag.ended);
    for (const child of Object.values(this.#childrenOf(place))) {
      const { place: childPlace } = child as ActorHandle;
      if (!store.has(childPlace, Flag.running | Flag.ended)) this.#discard(childPlace);
    }
    const step = this.#initial.get(place);
    if (step === undefined) return;
    this.#initial.delete(place);
    step.effects.clear();
    this.#spareStep = step;
  }

  #drain(place: number): void {
    const { store } = this;
    while (store.has(place, Flag.mailbox)) {
      const next = store.records.get(place)?.mailbox.shift();
      if (next === undefined) store.clear(place, Flag.mailbox);
      else this.#process(place, next);
    }
    store.clear(place, Flag.busy);
    if (!store.has(place, Flag.ended)) return;
    if (store.has(place, Flag.child)) this.storage.releaseOrphan(place);
    else this.storage.releaseIfAsked(place);
  }

  /** What an event does to an actor that runs by itself: without children, parent, messages waiting
   * and inspection. Undefined for others. */
  reactionAlone(place: number, eventType: string): Reaction | undefined {
    const { words } = this.store;
    const at = place << WORDS_SHIFT;
    if (words[at] !== Flag.running || this.inspection !== undefined) return undefined;
    return this.store.configuration[place]?.reaction(eventType);
  }

  /** Gives such an actor such an event: the frequent case, as {@link ActorRuntime.receive}.
   * @returns whether it goes on as before: certainly not failed. */
  receiveAlone(place: number, event: EventObject, reaction: Reaction): boolean {
    const step = this.#spareStep;
    if (reaction.run === undefined || step === undefined) {
      if (reaction.isIdle) return true;
      this.#receiveNow(place, event);
      return false;
    }
    const { store } = this;
    const at = place << WORDS_SHIFT;
    const context = store.context[place];
    store.words[at] = ALONE;
    this.#spareStep = undefined;
    step.begin(place, reaction.machine);
    let next: unknown;
    try {
      next = reaction.run(step, context, event);
    } catch (error) {
      this.#fail(step, error);
      this.#drain(place);
      return false;
    }
    if (step.isClean) {
      if (next !== context) store.context[place] = next;
      store.configuration[place] = step.landed;
      if (!step.effects.isEmpty) this.#carryOut(place, () => step.effects.run(place));
      if (step.follow !== undefined) this.#follow(step, step.follow);
      this.#spareStep = step;
      if (store.words[at] === ALONE) {
        store.words[at] = Flag.running;
        return true;
      }
      this.#endings.concludeUpdate(place, event, undefined);
    } else {
      step.context = next;
      step.configuration = step.landed;
      this.#conclude(step, event);
    }
    this.#drain(place);
    return false;
  }

  #follow(step: MachineStep, effects: readonly StaticEffect[]): void {
    const { timers } = this;
    const place = step.actor;
    step.follow = undefined;
    try {
      for (const { message, delayUs, cancels } of effects) {
        if (message === undefined) timers.cancel(place, cancels);
        else timers.schedule(place, message, delayUs);
      }
    } catch (error) {
      this.#endings.setOutcome(place, 'error', error);
    }
  }

  #process(place: number, event: EventObject): void {
    const { store } = this;
    const machine = this.logics.machines[store.wordOf(place, Word.logic)];
    if (machine === undefined) {
      this.#transitions.process(place, event);
      return;
    }
    const step = this.#takeStep();
    const configuration = store.configuration[place];
    step.begin(place, machine);
    step.context = store.context[place];
    if (store.has(place, Flag.record)) {
      step.soil();
      step.children = this.#childrenOf(place);
    }
    try {
      if (event.type === STOP_EVENT) step.halt(event, configuration as Configuration);
      else step.react(event, configuration as Configuration);
    } catch (error) {
      this.#fail(step, error);
      return;
    }
    this.#conclude(step, event);
  }

  /** Takes over what a step comes to, and does what it queued. */
  #conclude(step: MachineStep, event: EventObject): void {
    const place = step.actor;
    this.#commit(step);
    const told = this.toldSnapshot(place);
    if (!step.effects.isEmpty) this.#carryOut(place, () => step.effects.run(place));
    if (step.follow !== undefined) this.#follow(step, step.follow);
    this.#endings.concludeUpdate(place, event, told);
    if (event.type === STOP_EVENT) this.#endings.end(place);
    this.#spareStep = step;
  }

  #fail(step: MachineStep, error: unknown): void {
    const place = step.actor;
    this.#abandon(step);
    this.#endings.setOutcome(place, 'error', error);
    this.#endings.fail(place);
    this.#spareStep = step;
  }

  #commit(step: MachineStep): void {
    const { store } = this;
    const { actor, status } = step;
    store.context[actor] = step.context;
    store.configuration[actor] = step.configuration;
    if (status !== 'active') {
      this.#endings.setOutcome(actor, status, status === 'error' ? step.error : step.output);
    }
    if (step.children !== this.#childrenOf(actor)) this.storage.adopt(step);
  }

  /** Forgets what a failed step queued and made. */
  #abandon(step: MachineStep): void {
    step.soil();
    step.effects.clear();
    step.follow = undefined;
    for (const child of step.created) {
      const { place } = child as ActorHandle;
      this.#discard(place);
      this.storage.release(place);
    }
  }

  #initialise(place: number, input: unknown): void {
    if (this.inspection !== undefined) this.#inputs.set(place, input);
    const machine = this.logics.machines[this.store.wordOf(place, Word.logic)];
    if (machine === undefined) this.#transitions.initialise(place, input);
    else this.#initialiseMachine(place, machine, input);
    this.store.clear(place, Flag.initialising);
  }

  #initialiseMachine(place: number, machine: MachineTables, input: unknown): void {
    const step = this.#takeStep();
    step.begin(place, machine);
    try {
      step.initialise(input);
      this.#commit(step);
    } catch (error) {
      this.#abandon(step);
      this.store.configuration[place] = machine.unentered;
      this.store.context[place] = step.initialContext;
      this.#endings.setOutcome(place, 'error', error);
      this.#spareStep = step;
      return;
    }
    const isIdle = step.startActions?.length === 0 && step.effects.isEmpty;
    if (isIdle) this.#spareStep = step;
    else this.#initial.set(place, step);
  }

  #carryOut(place: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#endings.setOutcome(place, 'error', error);
    }
  }

  #takeStep(): MachineStep {
    const spare = this.#spareStep;
    this.#spareStep = undefined;
    return spare ?? new MachineStep(this.ports, new EffectList(this.ports, this.timers));
  }

  #parentOf(place: number): number | undefined {
    const family = this.store.records.get(place)?.family;
    return family === undefined ? undefined : this.store.placeOf(family.parent);
  }

  #childrenOf(place: number) {
    return this.store.records.get(place)?.children ?? NO_CHILDREN;
  }
}
