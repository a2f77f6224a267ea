/** The interpreters of statecharts by name. Both behave the same; the digest of a run does not tell
 * which one it was. */
import type { CreateActorSystem } from './actor-system.ts';
import { createCompiledActorSystem } from './compiled-actor-system.ts';
import { createXStateActorSystem } from './xstate-actor-system.ts';

/** `compiled` is the default of every run; `xstate` is the reference, for comparison. */
export type InterpreterName = 'compiled' | 'xstate';

/** All interpreters. */
export const INTERPRETERS: Readonly<Record<InterpreterName, CreateActorSystem>> = {
  compiled: createCompiledActorSystem,
  xstate: createXStateActorSystem,
};
