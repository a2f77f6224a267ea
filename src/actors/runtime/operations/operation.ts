/** What an action compiles to, and what it may do to the step it runs in. Operations are made once
 * a machine; a step is one macrostep of one actor. */
import type { AnyActorLogic, AnyStateMachine, EventObject } from 'xstate';
import type { ContextShape } from './context-shape.ts';
import type { ActiveStates } from './guards.ts';

/** One compiled action. */
export interface Operation {
  readonly kind: string;
  /** Runs it: computes, changes the step's context, queues what is to happen after the step. */
  execute(step: StepScope): void;
}

/** What an expression gets: XState's action arguments. `self` and `system` are made on demand. */
export interface ActionArguments {
  readonly context: unknown;
  readonly event: EventObject;
  readonly self: ActorReference;
  readonly system: unknown;
}

/** What an assigner gets besides. */
export interface AssignArguments extends ActionArguments {
  readonly spawn: (src: unknown, options?: SpawnOptions) => ActorReference;
}

/** An expression of a machine: a value, or a function of arguments and parameters. */
export type Expression = (args: ActionArguments, params?: unknown) => unknown;

/** A running actor as machines see it: XState's actor reference. */
export interface ActorReference {
  readonly id: string;
  readonly sessionId: string;
  /** The actor that spawned it. */
  readonly _parent: ActorReference | undefined;
  send(event: EventObject): void;
  getSnapshot(): unknown;
}

/** Children by id. */
export type Children = Readonly<Record<string, ActorReference | undefined>>;

/** Of an actor without children. */
export const NO_CHILDREN: Children = Object.freeze({});

/** How a child is spawned. */
export interface SpawnOptions {
  readonly id?: string | undefined;
  readonly systemId?: string | undefined;
  /** A value, or a function of the arguments. */
  readonly input?: unknown;
  readonly syncSnapshot?: boolean | undefined;
}

/** A child to be made. */
export interface SpawnRequest {
  readonly logic: AnyActorLogic;
  /** What the machine calls the logic, or the logic itself. */
  readonly src: unknown;
  readonly id: string | undefined;
  readonly systemId: string | undefined;
  readonly input: unknown;
  readonly syncSnapshot: boolean;
}

/** A custom action about to run. */
export interface CustomAction {
  readonly type: string;
  readonly params: unknown;
  readonly args: ActionArguments;
  readonly exec: Expression | undefined;
}

/** A message on its way out of a step. */
export interface Delivery {
  readonly to: ActorReference;
  readonly event: EventObject;
  /** Name for cancelling it; undefined: cannot be cancelled. */
  readonly id: string | undefined;
  /** Delay in ms; undefined: now. */
  readonly delayMs: number | undefined;
}

/** A step as operations see it. */
export interface StepScope {
  readonly machine: AnyStateMachine;
  /** The context as far as the step has come. */
  context: unknown;
  readonly event: EventObject;
  readonly shape: ContextShape;
  /** Whether the actor is not started: actions wait for its start. */
  readonly isFresh: boolean;
  /** Whether the step changed what a snapshot holds: XState's test for another look at `always`. */
  changed: boolean;
  /** The active states before the current microstep. */
  readonly states: ActiveStates;
  readonly children: Children;
  readonly self: ActorReference;
  args(): ActionArguments;
  assignArgs(): AssignArguments;
  /** Runs a custom action: now, or at the start of an actor that is not started. */
  perform(action: CustomAction): void;
  log(args: readonly unknown[]): void;
  /** Appends to the internal queue. */
  raise(event: EventObject): void;
  /** Appends the done event of a state: no action of anybody's. */
  queueDone(event: EventObject): void;
  /** Schedules a message of the actor to itself. */
  raiseLater(event: EventObject, id: string | undefined, delayMs: number): void;
  deliver(delivery: Delivery): void;
  emit(event: EventObject): void;
  cancel(id: string): void;
  /** Makes a child and starts it after the step. */
  spawn(request: SpawnRequest): ActorReference;
  /** Stops an actor after the step and forgets it as a child. */
  stop(child: ActorReference | undefined): void;
  /** Ids that invokes of the state being entered will have: a send may name them beforehand. */
  beginEntry(invokeIds: readonly string[]): void;
  /** Sends to a child that the state being entered is about to invoke.
   * @returns false when none of that id is announced. */
  deliverOnEntry(childId: string, delivery: Omit<Delivery, 'to'>): boolean;
  endEntry(): void;
  /** The machine reached its final state. */
  complete(output: unknown): void;
}

/** Parameters of an action or guard: a value, or a function of context and event. */
export function paramsOf(params: unknown, step: StepScope): unknown {
  if (typeof params !== 'function') return params;
  return (params as Expression)({ context: step.context, event: step.event } as ActionArguments);
}

/** An output or input mapper's value. */
export function mapped(
  mapper: unknown,
  step: Pick<StepScope, 'context' | 'self'>,
  event: EventObject,
): unknown {
  if (typeof mapper !== 'function') return mapper;
  const { context, self } = step;
  return (mapper as (args: object) => unknown)({ context, event, self });
}

/** The value of an expression that may be a plain value. */
export function resolved(expression: unknown, args: ActionArguments, params: unknown): unknown {
  return typeof expression === 'function' ? (expression as Expression)(args, params) : expression;
}
