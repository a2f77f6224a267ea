/** Actors that run a transition function: their context is the function's state. Spec: A17. */
import type { EventObject } from 'xstate';
import { STOP_EVENT } from '../compile/compiled-machine.ts';
import type { LogicTable } from '../storage/actor-logic.ts';
import { type ActorStore, Word } from '../storage/actor-store.ts';
import type { ActorEndings } from './actor-endings.ts';
import type { RuntimePorts } from './runtime-ports.ts';

/** What it needs of the runtime. */
export interface TransitionHost {
  readonly store: ActorStore;
  readonly logics: LogicTable;
  readonly ports: Pick<RuntimePorts, 'transitionScope'>;
  /** The actor's snapshot for inspectors. */
  toldSnapshot(place: number): unknown;
}

/** Runs transition functions. */
export class TransitionRunner {
  readonly #host: TransitionHost;
  readonly #endings: ActorEndings;

  constructor(host: TransitionHost, endings: ActorEndings) {
    this.#host = host;
    this.#endings = endings;
  }

  /** Computes the first state. */
  initialise(place: number, input: unknown): void {
    const { store, logics } = this.#host;
    const { transition } = logics.at(store.wordOf(place, Word.logic));
    try {
      const scope = this.#host.ports.transitionScope(place);
      store.context[place] = transition?.getInitialSnapshot(scope, input).context;
    } catch (error) {
      this.#endings.setOutcome(place, 'error', error);
    }
  }

  /** Takes an event in. */
  process(place: number, event: EventObject): void {
    const { store, logics } = this.#host;
    const { transition } = logics.at(store.wordOf(place, Word.logic));
    const { context } = store;
    try {
      const scope = this.#host.ports.transitionScope(place);
      context[place] = transition?.config(context[place], event, scope);
    } catch (error) {
      this.#endings.setOutcome(place, 'error', error);
      this.#endings.fail(place);
      return;
    }
    this.#endings.concludeUpdate(place, event, this.#host.toldSnapshot(place));
    if (event.type === STOP_EVENT) this.#endings.end(place);
  }
}
