/** XState's action arguments. `self`, `system` and `spawn` are made when asked for: few ask. */
import type { EventObject } from 'xstate';
import type { ActorReference, AssignArguments, SpawnOptions } from './operation.ts';

/** What arguments need of the step they belong to. */
export interface ArgumentsScope {
  readonly actor: number;
  readonly ports: ActorDirectory;
  /** Makes a child; `seen` is what the mapper of its input gets. */
  spawnInAssign(src: unknown, options: SpawnOptions, seen: SeenByMapper): ActorReference;
}

/** What a mapper of an input gets. */
export interface SeenByMapper {
  readonly context: unknown;
  readonly event: EventObject;
  readonly self: ActorReference;
}

/** Who knows actors by their place. */
export interface ActorDirectory {
  referenceOf(actor: number): ActorReference;
  systemOf(actor: number): unknown;
}

/** Arguments of an action's expressions. */
export class StepArguments implements AssignArguments {
  readonly context: unknown;
  readonly event: EventObject;
  // Not private fields of the language: those cost a third of an assign's time.
  private readonly scope: ArgumentsScope;
  /** Kept besides: the step goes on to other actors. */
  private readonly actor: number;

  constructor(context: unknown, event: EventObject, scope: ArgumentsScope) {
    this.context = context;
    this.event = event;
    this.scope = scope;
    this.actor = scope.actor;
  }

  get self(): ActorReference {
    return this.scope.ports.referenceOf(this.actor);
  }

  get system(): unknown {
    return this.scope.ports.systemOf(this.actor);
  }

  get spawn(): AssignArguments['spawn'] {
    return (src, options = {}) => this.scope.spawnInAssign(src, options, this);
  }
}
