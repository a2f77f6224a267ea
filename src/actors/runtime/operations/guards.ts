/** Guards as tests of (context, event, configuration). `stateIn` is told by the configuration
 * alone. A guard sees the context that the step has come to. */
import type { AnyStateMachine, EventObject } from 'xstate';
import { refused } from './refusal.ts';

/** What a guard can ask about the active states. */
export interface ActiveStates {
  hasId(id: string): boolean;
  /** Whether the state value matches, as XState's `snapshot.matches`. */
  matches(value: unknown): boolean;
}

/** A compiled guard. */
export interface GuardTest {
  (context: unknown, event: EventObject, states: ActiveStates): boolean;
  /** The author's function and parameters, where the guard is nothing but that. */
  readonly plain?: { readonly guard: Expression; readonly params: unknown };
}

/** Where a guard stands. */
export interface GuardPlace {
  readonly machine: AnyStateMachine;
  readonly place: string;
}

/** A guard as its author writes it. */
export type Expression = (
  args: { readonly context: unknown; readonly event: EventObject },
  params?: unknown,
) => unknown;

interface BuiltInGuard extends Expression {
  readonly check: { readonly name: string };
  readonly guards?: readonly unknown[];
  readonly stateValue?: unknown;
}

/** Compiles a guard: a function, the name of one, or `{ type, params }`.
 * @throws EngineError `ACTOR_UNSUPPORTED` for a name without implementation. */
export function compileGuard(guard: unknown, at: GuardPlace): GuardTest {
  if (typeof guard === 'function') return compileFunction(guard as Expression, undefined, at);
  const name = guardName(guard) ?? String(guard);
  const implementation: unknown = at.machine.implementations.guards[name];
  if (implementation === undefined) {
    throw refused({
      feature: `guard '${name}'`,
      place: at.place,
      remedy: 'it has no implementation: give one in setup({ guards }) or machine.provide()',
    });
  }
  if (typeof implementation !== 'function') return compileGuard(implementation, at);
  const params = typeof guard === 'string' ? undefined : (guard as { params?: unknown }).params;
  return compileFunction(implementation as Expression, params, at);
}

/** The name a guard is known by, as XState's messages tell it. */
export function guardName(guard: unknown): string | undefined {
  if (typeof guard === 'string') return guard;
  return typeof guard === 'object' && guard !== null ? (guard as { type: string }).type : undefined;
}

function compileFunction(guard: Expression, params: unknown, at: GuardPlace): GuardTest {
  if ('check' in guard) return compileBuiltIn(guard as BuiltInGuard, at);
  if (typeof params === 'function') {
    const paramsOf = params as Expression;
    return Object.assign(
      (context: unknown, event: EventObject) =>
        Boolean(guard({ context, event }, paramsOf({ context, event }))),
      { plain: { guard, params } },
    );
  }
  return Object.assign(
    (context: unknown, event: EventObject) => Boolean(guard({ context, event }, params)),
    { plain: { guard, params } },
  );
}

function compileBuiltIn(guard: BuiltInGuard, at: GuardPlace): GuardTest {
  const parts = () => (guard.guards ?? []).map((part) => compileGuard(part, at));
  // By name: a user's machine may come from another copy of XState than ours.
  switch (guard.check.name) {
    case 'checkAnd': {
      const tests = parts();
      return (context, event, states) => tests.every((test) => test(context, event, states));
    }
    case 'checkOr': {
      const tests = parts();
      return (context, event, states) => tests.some((test) => test(context, event, states));
    }
    case 'checkNot': {
      const [test] = parts();
      return (context, event, states) => !test?.(context, event, states);
    }
    case 'checkStateIn':
      return compileStateIn(guard.stateValue, at);
  }
  throw refused({
    feature: `guard '${guard.name}'`,
    place: at.place,
    remedy: 'use functions, and, or, not and stateIn',
  });
}

function compileStateIn(value: unknown, { machine }: GuardPlace): GuardTest {
  if (typeof value === 'string' && value.startsWith('#')) {
    return (_context, _event, states) => states.hasId(machine.getStateNodeById(value).id);
  }
  return (_context, _event, states) => states.matches(value);
}
