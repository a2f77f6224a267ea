/** Runs one machine on two actor systems, each in a world of its own, through the same steps, and
 * compares all that can be seen after every step. */
import type { AnyMachineSnapshot, InspectionEvent } from 'xstate';
import type {
  ActorId,
  ActorMachine,
  ActorMessage,
  ActorSnapshot,
  ActorSystem,
  CreateActorSystem,
} from '../../../src/actors/runtime/actor-system.ts';
import type { SavableActorSystem } from '../../../src/actors/runtime/compiled-actor-system.ts';
import { createRunDigest } from '../../../src/kernel/digest.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { createSimulation, type Simulation } from '../../../src/kernel/simulation.ts';
import type { Notes } from './random-machine.ts';

/** What happens to the actor. */
export type Step =
  | { readonly kind: 'deliver'; readonly message: ActorMessage }
  | { readonly kind: 'send'; readonly message: ActorMessage; readonly ms: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'stop' }
  /** The world is saved, goes through JSON, and goes on elsewhere; where that cannot be,
   * nothing. */
  | { readonly kind: 'save' };

/** A machine with its input. Built once; both systems run the same. */
export interface Subject {
  readonly machine: ActorMachine;
  readonly input?: unknown;
  readonly notes: Notes;
  /** Whether XState's inspection events are compared, too. */
  readonly isInspected?: boolean;
}

const US_PER_MS = 1_000;

/** Random machines multiply their timers, and go round without delay. */
const LIMITS = { maxPending: 60, maxEventsPerInstant: 200, maxEvents: 2_000 };

/** What was seen after each step, as text: equal texts, equal behaviour. */
export function observe(
  create: CreateActorSystem,
  subject: Subject,
  steps: readonly Step[],
): readonly string[] {
  subject.notes.lines = [];
  const world = new World(create, subject);
  const seen = [world.attempt(() => world.spawn(subject))];
  for (const step of steps) seen.push(world.attempt(() => world.take(step)));
  seen.push(`digest ${world.digest.value()}`);
  return seen;
}

/** The first step where the two differ, as a report; undefined when they never do. */
export function difference(
  left: readonly string[],
  right: readonly string[],
  steps: readonly Step[],
): string | undefined {
  const place = left.findIndex((text, i) => text !== right[i]);
  if (place < 0) return undefined;
  const step = place === 0 ? 'spawn and start' : JSON.stringify(steps[place - 1] ?? 'the end');
  const before = JSON.stringify(steps.slice(0, Math.max(0, place - 1)));
  return `after ${before}, at ${step}:\n one   ${left[place]}\n other ${right[place]}`;
}

class World {
  simulation: Simulation = createSimulation(LIMITS);
  digest = newDigest();
  readonly #create: CreateActorSystem;
  readonly #subject: Subject;
  #actors: ActorSystem;
  #emitted: string[] = [];
  #actor: ActorId | undefined;

  constructor(create: CreateActorSystem, subject: Subject) {
    this.#create = create;
    this.#subject = subject;
    this.#actors = this.#newActors();
  }

  #newActors(): ActorSystem {
    const inspect = (event: InspectionEvent) => this.#emitted.push(inspected(event));
    return this.#create({
      ...(this.#subject.isInspected === true ? { inspect } : {}),
      simulation: this.simulation,
      digest: this.digest,
      drawCount: () => 7,
      onEmit: (actor, message) => {
        this.#emitted.push(`${this.simulation.nowUs} ${actor} ${JSON.stringify(message)}`);
      },
    });
  }

  #saveAndRestore(): void {
    if (!isSavable(this.#actors)) return;
    const world = [this.simulation.save(), this.digest.save(), this.#actors.save()] as const;
    const [simulation, digest, actors] = JSON.parse(JSON.stringify(world)) as typeof world;
    this.simulation = createSimulation(LIMITS);
    this.digest = newDigest();
    this.#actors = this.#newActors();
    this.simulation.restore(simulation);
    this.digest.restore(digest);
    if (isSavable(this.#actors)) this.#actors.restore(actors, [this.#subject.machine]);
  }

  spawn({ machine, input }: Subject): void {
    this.#actor = this.#actors.spawn(machine, { name: 'viewer/1', input });
    this.#actors.start(this.#actor);
  }

  take(step: Step): void {
    const actor = this.#actor;
    if (actor === undefined) return;
    if (step.kind === 'save') this.#saveAndRestore();
    else if (step.kind === 'deliver') this.#actors.deliver(actor, step.message);
    else if (step.kind === 'send') this.#actors.send(actor, step.message, step.ms * US_PER_MS);
    else if (step.kind === 'stop') this.#actors.stop(actor);
    else this.simulation.run(this.simulation.nowUs + step.ms * US_PER_MS);
  }

  /** Does something, and tells all that can be seen afterwards. */
  attempt(work: () => void): string {
    let thrown: unknown = 'nothing';
    try {
      work();
    } catch (error) {
      thrown = error instanceof EngineError ? [error.code, error.message] : String(error);
    }
    const actors = this.#actors;
    const seen = {
      thrown,
      snapshot: this.#actor === undefined ? undefined : plain(actors.snapshot(this.#actor)),
      emitted: this.#emitted,
      notes: this.#subject.notes.lines,
      nowUs: this.simulation.nowUs,
      pending: this.simulation.pendingCount,
      counters: [actors.processedCount, actors.deadLetterCount, actors.runningCount],
    };
    this.#emitted = [];
    this.#subject.notes.lines = [];
    return JSON.stringify(seen);
  }
}

/** An inspection event as text, without the ids of sessions. */
function inspected(event: InspectionEvent): string {
  const told: Record<string, unknown> = { type: event.type, actor: idOf(event.actorRef) };
  if ('sourceRef' in event) told['source'] = idOf(event.sourceRef);
  if ('event' in event) told['event'] = plainEvent(event.event);
  if ('action' in event) told['action'] = event.action.type;
  if ('snapshot' in event) told['snapshot'] = ofSnapshot(event.snapshot as AnyMachineSnapshot);
  if ('_transitions' in event) {
    told['transitions'] = event._transitions.map(({ source, target, eventType }) => [
      source.id,
      eventType,
      target?.map(({ id }) => id),
    ]);
  }
  return JSON.stringify(told);
}

function idOf(actor: unknown): unknown {
  return (actor as { readonly id?: unknown } | undefined)?.id;
}

function plainEvent(event: { readonly type: string }): unknown {
  return { ...event, snapshot: undefined, error: undefined };
}

function ofSnapshot({ value, context, status, output }: AnyMachineSnapshot): unknown {
  return [sorted(value), context, status, output];
}

function newDigest() {
  return createRunDigest({ sliceUs: 50_000 });
}

function isSavable(actors: ActorSystem): actors is SavableActorSystem {
  return 'save' in actors;
}

function plain(snapshot: ActorSnapshot): unknown {
  const { value, context, status, output, error, tags, children } = snapshot;
  return {
    value: sorted(value),
    context,
    status,
    output,
    error: error === undefined ? undefined : String(error),
    tags,
    children: Object.entries(children).map(([id, child]) => [id, plain(child)]),
  };
}

/** A state value with its regions in the order of their names. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
