/** The errors of an answer: what services said, at the places of the page that it is about, what
 * failed as a whole, and nulls that nobody explained. Spec: G5, G10. */

import type { Place } from './data/response-data.ts';
import type { CallOutcome } from './fetch-outcome.ts';
import type { PlanError } from './run.ts';
import type { RunState } from './run-state.ts';
import { clientKey } from './shape/client-aliases.ts';
import type { Violation } from './shape/trail.ts';
import type { EntityBatchStep, FetchStep } from './steps.ts';

const NO_ERRORS: readonly PlanError[] = Object.freeze([]);

/** Errors of all fetches, in the order of the plan. */
export function answerErrors(fetches: readonly FetchStep[], state: RunState): readonly PlanError[] {
  let errors = NO_ERRORS;
  for (const step of fetches) {
    state.outcomes[step.index]?.forEach((call, n) => {
      if (call.errors.length === 0 && call.failures.length === 0) return;
      const span = { first: n * (step.maxBatch ?? 0), count: step.maxBatch };
      const found = errorsOfCall(call, { step, state, ...span });
      errors = [...errors, ...found.map(inClientsWords)];
    });
  }
  return errors;
}

function inClientsWords(error: PlanError): PlanError {
  if (error.path === undefined) return error;
  const path = error.path.map((key) => (typeof key === 'string' ? clientKey(key) : key));
  return { ...error, path };
}

/** Violations that no error tells the reason of: where a fetch failed, nulls that are not allowed
 * are its consequence and tell nothing new. */
export function unexplained(
  violations: readonly Violation[],
  errors: readonly PlanError[],
): readonly PlanError[] {
  return violations
    .filter(({ path, isNull }) => !isNull || !errors.some((error) => explains(error.path, path)))
    .map(({ message, path }) => ({ message, path }));
}

function explains(errorPath: Place | undefined, path: Place): boolean {
  if (errorPath === undefined) return true;
  const length = Math.min(errorPath.length, path.length);
  for (let i = 0; i < length; i += 1) if (errorPath[i] !== path[i]) return false;
  return true;
}

interface Context {
  readonly step: FetchStep;
  readonly state: RunState;
  /** The representations that the call carried; all where `count` is undefined. */
  readonly first: number;
  readonly count: number | undefined;
}

function errorsOfCall(call: CallOutcome, context: Context): readonly PlanError[] {
  const { step } = context;
  const failures = call.failures.flatMap((error) => atPaths(error, pathsOfCall(context)));
  if (step.batches === undefined) {
    return [...failures, ...call.errors.map((error) => renamed(error, step))];
  }
  return [...failures, ...call.errors.flatMap((error) => relocated(error, context))];
}

/** Where an error of a whole call belongs: at the step's places, or where it was one of several
 * calls, at the objects that it carried. */
function pathsOfCall(context: Context): readonly Place[] {
  const { step, count, first } = context;
  if (count === undefined) return step.errorPaths;
  const carries = (index: number) => index >= first && index < first + count;
  return (step.batches ?? []).flatMap((_, n) => placesOf(context, n, carries));
}

function relocated(error: PlanError, context: Context): readonly PlanError[] {
  const [root, index, ...rest] = error.path ?? [];
  const { batches = [] } = context.step;
  const n = batches.findIndex((batch) => batch.key === root);
  const batch = batches[n];
  if (batch === undefined || typeof index !== 'number') {
    return atPaths(error, pathsOfCall(context));
  }
  const wanted = context.first + index;
  const places = placesOf(context, n, (one) => one === wanted);
  // About an entity that nobody asked for: then it is about the call.
  if (places.length === 0) return atPaths(error, pathsOfCall(context));
  return places.map((place) => ({
    ...error,
    path: [...place, ...rest.map((key) => renamedKey(key, batch.outputRewrites))],
  }));
}

function placesOf(
  { step, state }: Context,
  batch: number,
  isWanted: (index: number) => boolean,
): readonly Place[] {
  const targets = state.carried[step.index]?.targets[batch];
  return (targets?.places ?? []).filter((_, i) => isWanted(targets?.indexOfObject[i] ?? -1));
}

function atPaths(error: PlanError, paths: readonly Place[]): readonly PlanError[] {
  return paths.map((path) => ({ ...error, path }));
}

function renamed(error: PlanError, { outputRewrites }: FetchStep): PlanError {
  if (error.path === undefined || outputRewrites.length === 0) return error;
  return { ...error, path: error.path.map((key) => renamedKey(key, outputRewrites)) };
}

function renamedKey(
  key: string | number,
  rewrites: EntityBatchStep['outputRewrites'],
): string | number {
  for (const rewrite of rewrites) {
    if (!('KeyRenamer' in rewrite)) continue;
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    const last = path.at(-1);
    if (last !== undefined && 'Key' in last && last.Key === key) return renameKeyTo;
  }
  return key;
}
