/** Code for what is hot: one function for a plan, and one for all that an event does in a
 * configuration. It does what the operations do one by one, for actors that run and that nobody
 * inspects; the same tests hold both. Where the platform forbids code generation, the operations
 * stay. */

import type { AssignOperation } from '../operations/basic-operations.ts';
import type { ContextShape } from '../operations/context-shape.ts';
import type { Operation } from '../operations/operation.ts';
import { type AssignPlace, CodeWriter, writeOperation } from './code-writer.ts';
import type {
  Candidate,
  Configuration,
  MachineTables,
  Plan,
  Reaction,
  StaticEffect,
} from './configuration.ts';
import { guardFailed } from './guard-failure.ts';
import { staticEffectOf } from './static-effects.ts';

/** Whether plans become code: when hot (the default), at once, or never. */
export type CodeGeneration = 'hot' | 'always' | 'never';

/** Whether this platform lets text become functions. */
export const canGenerate = ((): boolean => {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
})();

/** A transition that an event may take, and its microstep. */
export interface Choice {
  readonly candidate: Candidate;
  readonly plan: Plan;
  /** Whether no eventless transition can follow. */
  readonly isSettled: boolean;
}

/** What an event may do in a configuration. */
export interface ReactionParts {
  /** In the order of asking. */
  readonly choices: readonly Choice[];
  readonly from: Configuration;
  /** Whether no eventless transition can follow when none is chosen. */
  readonly isSettled: boolean;
  readonly machine: MachineTables;
}

/** The function that runs a plan's operations one after another. */
export function generateRun(operations: readonly Operation[], shape: ContextShape): Plan['run'] {
  const code = new CodeWriter();
  code.line('c = step.context; e = step.event;');
  for (const operation of operations) writeOperation(code, operation, { shape });
  if (operations.some(({ kind }) => kind === 'assign')) code.line('step.changed = true;');
  code.line('step.context = c;');
  return code.finish() as Plan['run'];
}

/** The function that asks the guards and runs what the first that passes stands for. */
export function generateReaction(parts: ReactionParts): Reaction['run'] {
  const { choices, from, isSettled } = parts;
  const code = new CodeWriter();
  for (const choice of choices) {
    const { guard } = choice.candidate;
    if (guard === undefined) {
      writeChoice(code, choice, parts);
      return code.finish() as Reaction['run'];
    }
    writeGuard(code, choice.candidate, from);
    code.line('if (passes) {');
    writeChoice(code, choice, parts);
    code.line('} }');
  }
  writeEnd(code, { next: from }, isSettled ? [] : undefined);
  return code.finish() as Reaction['run'];
}

/** Opens a block in which `passes` says what the guard says. */
function writeGuard(code: CodeWriter, candidate: Candidate, from: Configuration): void {
  const { guard } = candidate;
  const test =
    guard?.plain === undefined
      ? `${code.constant(guard)}(c, e, ${code.constant(from)})`
      : `${code.constant(guard.plain.guard)}({ context: c, event: e }, ` +
        `${code.params(guard.plain.params)})`;
  code.line(`{ let passes; try { passes = ${test}; }`);
  const failed = `${code.constant(guardFailed)}(${code.constant(candidate)}, e.type, error)`;
  code.line(`catch (error) { throw ${failed}; }`);
}

function writeChoice(code: CodeWriter, choice: Choice, parts: ReactionParts): void {
  const { plan, isSettled } = choice;
  const isPlain = isSettled && plan.operations.every(isSettling);
  const follow = isPlain ? followOf(plan.operations) : undefined;
  if (!isPlain) code.line(`step.event = e; step.configuration = ${code.constant(parts.from)};`);
  const { shape } = parts.machine;
  const places = isPlain && parts.machine.isPrivate ? assignPlaces(plan.operations) : undefined;
  const initial = initialContextOf(parts.machine);
  plan.operations.forEach((operation, i) => {
    if (follow !== undefined && staticEffectOf(operation) !== undefined) return;
    writeOperation(code, operation, { shape, place: places?.[i], initial });
  });
  writeEnd(code, plan, isPlain ? (follow ?? []) : undefined);
}

/** Where each assign may write: into an object that the step made, or into the actor's own, where
 * nothing after it can throw; else it makes a new one. */
function assignPlaces(operations: readonly Operation[]): readonly (AssignPlace | undefined)[] {
  let isFresh = false;
  return operations.map((operation, i) => {
    if (operation.kind !== 'assign') return undefined;
    if (isFresh) return 'fresh';
    if (!operations.slice(i + 1).some(mayThrow)) return 'stored';
    isFresh = true;
    return undefined;
  });
}

/** Whether a function of the author's is called. */
function mayThrow(operation: Operation): boolean {
  return operation.kind === 'custom' || (operation.kind !== 'cancel' && !isConstant(operation));
}

function isConstant(operation: Operation): boolean {
  if (staticEffectOf(operation) !== undefined) return true;
  if (operation.kind !== 'assign') return false;
  const { assignment, params } = operation as AssignOperation;
  if (typeof assignment === 'function' || typeof params === 'function') return false;
  return Object.values(assignment as object).every((value) => typeof value !== 'function');
}

/** The context that actors share until their first assign. */
function initialContextOf({ machine }: MachineTables): unknown {
  const { context } = machine.config as { readonly context?: unknown };
  return typeof context === 'function' ? undefined : context;
}

/** Ends the reaction in a configuration. @param follow - undefined where more may follow. */
function writeEnd(
  code: CodeWriter,
  plan: Pick<Plan, 'next'>,
  follow: readonly StaticEffect[] | undefined,
): void {
  if (follow === undefined) {
    code.line(`return step.finish(e, c, ${code.constant(plan)});`);
    return;
  }
  const effects = follow.length > 0 ? code.constant(follow) : 'undefined';
  const landed = code.constant(plan.next);
  code.line(`step.landed = ${landed}; step.follow = ${effects}; return c;`);
}

/** Whether nothing that it does can go on within the macrostep. */
function isSettling(operation: Operation): boolean {
  const { kind } = operation;
  if (kind === 'raise') return staticEffectOf(operation) !== undefined;
  return kind === 'assign' || kind === 'emit' || kind === 'cancel' || kind === 'custom';
}

/** The plan's effects, when all are known beforehand. An assigner may start children: timers that
 * are set before it must keep their place in the order. */
function followOf(operations: readonly Operation[]): readonly StaticEffect[] | undefined {
  const kinds = operations.map(({ kind }) => kind);
  const firstTimer = kinds.indexOf('raise');
  if (firstTimer >= 0 && kinds.lastIndexOf('assign') > firstTimer) return undefined;
  const queued = operations.filter(({ kind }) => kind !== 'assign' && kind !== 'custom');
  const effects = queued.flatMap((operation) => staticEffectOf(operation) ?? []);
  return effects.length === queued.length ? effects : undefined;
}
