/** One macrostep of one machine actor: select, run the microsteps, look at `always`, drain the
 * internal queue. It changes nothing outside itself: effects are queued and the runtime takes over
 * the outcome. An exception leaves the actor as it was before. Spec: A15. */
import type { EventObject } from 'xstate';
import { ERROR_ACTOR } from '../compile/compiled-machine.ts';
import type {
  Candidate,
  Configuration,
  Plan,
  Selector,
  StaticEffect,
} from '../compile/configuration.ts';
import { guardFailed } from '../compile/guard-failure.ts';
import type { ActorReference, AssignArguments } from '../operations/operation.ts';
import { NO_CHILDREN } from '../operations/operation.ts';
import { StepState } from './step-state.ts';

const INIT = 'xstate.init';

/** A step; instances are reused. */
export class MachineStep extends StepState {
  /** What is left of the initial state when it throws. */
  initialContext: unknown = undefined;
  /** Set by generated reactions: the configuration they end in, … */
  landed!: Configuration;
  /** … and the timers they set and cancel, where nothing else is to be done. */
  follow: readonly StaticEffect[] | undefined = undefined;

  /** Computes the initial state. */
  initialise(input: unknown): void {
    this.soil();
    const event = { type: INIT, input };
    this.event = event;
    this.startActions = [];
    this.configuration = this.tables.unentered;
    const { context } = this.machine.config as { readonly context?: unknown };
    this.context = typeof context !== 'function' && context ? context : {};
    this.initialContext = this.context;
    if (typeof context === 'function') {
      this.context = Object.assign({}, context(new ContextArguments(this, input)));
    }
    this.initialContext = this.context;
    this.shape.learn(this.context);
    this.#take(this.tables.initialPlan);
    this.#settle();
  }

  /** Reacts to an event, from a context and a configuration. */
  react(event: EventObject, configuration: Configuration): void {
    const { tables } = this;
    const reaction = configuration.reaction(event.type);
    if (reaction.run !== undefined && !this.ports.isInspected) {
      this.context = reaction.run(this, this.context, event);
      this.configuration = this.landed;
      return;
    }
    if (event.type === '*') throw new Error("An event cannot have the wildcard type ('*')");
    this.event = event;
    this.configuration = configuration;
    const plan = this.#select(reaction.selector);
    if (plan === undefined && event.type.startsWith(ERROR_ACTOR)) {
      this.#failWith((event as EventObject & { readonly error?: unknown }).error);
      return;
    }
    if (plan !== undefined) this.#take(plan);
    else if (this.ports.isInspected) this.ports.inspectMicrostep(this, []);
    this.#settle();
    if (!this.ports.isInspected) tables.warm(reaction, configuration);
  }

  /** Goes on where a generated microstep that may have raised events ends. @returns the context. */
  finish(event: EventObject, context: unknown, plan: Plan): unknown {
    this.event = event;
    this.context = context;
    this.configuration = plan.next;
    this.#settle();
    this.landed = this.configuration;
    this.follow = undefined;
    return this.context;
  }

  /** Stops: children are stopped, no exit action runs. */
  halt(event: EventObject, configuration: Configuration): void {
    this.soil();
    this.event = event;
    this.configuration = configuration;
    this.stopChildren();
    this.children = NO_CHILDREN;
    this.status = 'stopped';
    if (this.ports.isInspected) this.ports.inspectMicrostep(this, []);
  }

  /** A child failed, and nothing answers that. */
  #failWith(error: unknown): void {
    this.soil();
    this.stopChildren();
    this.children = NO_CHILDREN;
    this.status = 'error';
    this.error = error;
    if (this.ports.isInspected) this.ports.inspectMicrostep(this, []);
  }

  #settle(): void {
    const { tables } = this;
    const isQuiet = this.queue.length === 0 && this.status === 'active';
    if (isQuiet && tables.always(this.configuration).length === 0) return;
    let looks = true;
    let microsteps = 0;
    while (this.status === 'active') {
      microsteps += 1;
      if (microsteps > tables.maxMicrosteps) throw endless(tables.maxMicrosteps);
      let plan = looks ? this.#eventless() : undefined;
      looks = true;
      if (plan !== undefined) {
        this.changed = false;
        this.#take(plan);
        looks = this.changed;
        continue;
      }
      const next = this.queue.shift();
      if (next === undefined) break;
      this.event = next;
      plan = this.#select(this.configuration.reaction(next.type).selector);
      if (plan !== undefined) this.#take(plan);
      else if (this.ports.isInspected) this.ports.inspectMicrostep(this, []);
    }
    if (this.status !== 'active') this.stopChildren();
  }

  #take(plan: Plan): void {
    if (this.startActions !== undefined || this.ports.isInspected) this.#runOneByOne(plan);
    else plan.run(this);
    if (plan.changes) {
      this.changed = true;
      this.configuration = plan.next;
    }
    if (this.ports.isInspected && plan !== this.tables.initialPlan) {
      this.ports.inspectMicrostep(this, plan.transitions);
    }
  }

  /** Code is for running actors that nobody inspects. */
  #runOneByOne(plan: Plan): void {
    for (const operation of plan.operations) operation.execute(this);
  }

  #select(selector: Selector | undefined): Plan | undefined {
    if (selector === undefined) return undefined;
    if (selector.regions.length > 0) return this.#selectInRegions(selector);
    return this.#planOf(this.#first(selector.own));
  }

  #planOf(chosen: Candidate | undefined): Plan | undefined {
    if (chosen === undefined) return undefined;
    chosen.plan ??= this.tables.plan(this.configuration, [chosen.transition]);
    return chosen.plan;
  }

  #selectInRegions(selector: Selector): Plan | undefined {
    const chosen: Candidate[] = [];
    this.#collect(selector, chosen);
    if (chosen.length === 0) return undefined;
    const transitions = chosen.map(({ transition }) => transition);
    return this.tables.plan(this.configuration, transitions);
  }

  /** @returns whether the selector chose any. */
  #collect(selector: Selector, chosen: Candidate[]): boolean {
    const before = chosen.length;
    for (const region of selector.regions) this.#collect(region, chosen);
    if (chosen.length > before) return true;
    const own = this.#first(selector.own);
    if (own !== undefined) chosen.push(own);
    return own !== undefined;
  }

  #first(candidates: readonly Candidate[]): Candidate | undefined {
    for (const candidate of candidates) {
      if (candidate.guard === undefined || this.#passes(candidate, candidate.guard)) {
        return candidate;
      }
    }
    return undefined;
  }

  #passes(candidate: Candidate, guard: NonNullable<Candidate['guard']>): boolean {
    try {
      return guard(this.context, this.event, this.configuration);
    } catch (cause) {
      throw guardFailed(candidate, this.event.type, cause);
    }
  }

  #eventless(): Plan | undefined {
    const chains = this.configuration.always ?? this.tables.always(this.configuration);
    if (chains.length === 0) return undefined;
    const chosen: Candidate[] = [];
    for (const chain of chains) {
      const candidate = this.#firstEventless(chain);
      if (candidate !== undefined) chosen.push(candidate);
    }
    if (chosen.length <= 1) return this.#planOf(chosen[0]);
    const transitions = this.tables.compatible(this.configuration, chosen);
    return this.tables.plan(this.configuration, transitions);
  }

  #firstEventless(chain: readonly Candidate[]): Candidate | undefined {
    for (const candidate of chain) {
      const { guard } = candidate;
      if (guard === undefined || guard(this.context, this.event, this.configuration)) {
        return candidate;
      }
    }
    return undefined;
  }
}

/** What the factory of a context gets. */
class ContextArguments {
  readonly input: unknown;
  readonly #step: MachineStep;

  constructor(step: MachineStep, input: unknown) {
    this.input = input;
    this.#step = step;
  }

  get self(): ActorReference {
    return this.#step.self;
  }

  get spawn(): AssignArguments['spawn'] {
    const { self } = this;
    const { context, event } = this.#step;
    return (src, options = {}) => this.#step.spawnInAssign(src, options, { context, event, self });
  }
}

function endless(limit: number): Error {
  return new Error(
    `Infinite loop detected: the machine has processed more than ${limit} microsteps without ` +
      "reaching a stable state. This usually happens when there's a cycle of transitions (e.g., " +
      'eventless transitions or raised events causing state A -> B -> C -> A).',
  );
}
