/** What an actor runs: a compiled machine, or a transition function. */
import type { AnyActorLogic } from 'xstate';
import type { CodeGeneration } from '../compile/code-generation.ts';
import { type CompiledMachine, compileMachine } from '../compile/compiled-machine.ts';
import { checkLogic, isMachine, type TransitionLogic } from '../operations/logic.ts';

/** Logic of actors in one system. */
export interface RunnableLogic {
  readonly definition: AnyActorLogic;
  /** Undefined for a transition function. */
  readonly machine: CompiledMachine | undefined;
  readonly transition: TransitionLogic | undefined;
}

/** Logic in use, numbered. */
export class LogicTable {
  /** Compiled machines by number; undefined for transition functions. */
  readonly machines: (CompiledMachine | undefined)[] = [];
  readonly #list: RunnableLogic[] = [];
  readonly #numbers = new Map<AnyActorLogic, number>();
  readonly #codeGeneration: CodeGeneration;

  constructor(codeGeneration: CodeGeneration) {
    this.#codeGeneration = codeGeneration;
  }

  /** Number of a logic; compiles it the first time. @throws EngineError `ACTOR_UNSUPPORTED`. */
  numberOf(definition: AnyActorLogic): number {
    let number = this.#numbers.get(definition);
    if (number === undefined) {
      checkLogic(definition, 'spawn()');
      const isOfMachine = isMachine(definition);
      const machine = isOfMachine ? compileMachine(definition, this.#codeGeneration) : undefined;
      const transition = isOfMachine ? undefined : (definition as unknown as TransitionLogic);
      this.machines.push(machine);
      number = this.#list.push({ definition, machine, transition }) - 1;
      this.#numbers.set(definition, number);
    }
    return number;
  }

  at(number: number): RunnableLogic {
    return this.#list[number] as RunnableLogic;
  }
}
