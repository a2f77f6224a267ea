/** Loads a pipeline file: TypeScript or JavaScript that exports `plan` (or a default) and, where it
 * calls any, its `functions`; or JSON. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { EngineError } from '../../kernel/errors.ts';
import type { PlanFunction } from '../../streams/plan/functions.ts';
import { parsePlan } from '../../streams/plan/parse-plan.ts';
import type { PipelinePlan } from '../../streams/plan/plan.ts';
import { importFile } from './import-file.ts';

/** A plan and the bodies of its functions. */
export interface LoadedPlan {
  readonly plan: PipelinePlan;
  readonly functions: readonly PlanFunction[];
}

/** A plan as it stands in a file, not yet checked. */
export interface PlanDocument {
  readonly document: unknown;
  readonly functions: readonly PlanFunction[];
}

/** Loads and checks the plan in a file.
 * @throws EngineError `PLAN_UNREADABLE`, `PLAN_INVALID`. */
export async function loadPlan(path: string): Promise<LoadedPlan> {
  const { document, functions } = await loadPlanDocument(path);
  return { plan: parsePlan(document), functions };
}

/** Loads the plan in a file.
 * @throws EngineError `PLAN_UNREADABLE`; `PLAN_INVALID` from a builder. */
export async function loadPlanDocument(path: string): Promise<PlanDocument> {
  if (!existsSync(path)) {
    throw unreadable(path, 'no such file; name an existing one like pipelines/top-titles.ts');
  }
  if (statSync(path).isDirectory()) throw unreadable(path, 'a folder; name one file in it');
  if (path.endsWith('.json')) return { document: readJson(path), functions: [] };
  const { plan, functions } = await importPlan(path);
  return { document: plan, functions: functionsIn(path, functions) };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unreadable(path, 'not valid JSON; mend the file', cause);
  }
}

async function importPlan(path: string): Promise<{ plan: unknown; functions: unknown }> {
  try {
    const module = await importFile(path);
    const plan = module['plan'] ?? module['default'];
    if (typeof plan === 'object' && plan !== null && 'schema' in plan) {
      return { plan, functions: module['functions'] ?? [] };
    }
  } catch (cause) {
    if (cause instanceof EngineError && cause.code === 'PLAN_INVALID') throw cause;
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw unreadable(path, `it cannot be imported: ${reason}`, cause);
  }
  throw unreadable(path, 'it exports no plan; write `export const plan = pipeline(…)…`');
}

function functionsIn(path: string, found: unknown): readonly PlanFunction[] {
  if (Array.isArray(found) && found.every((one) => typeof one?.body === 'function')) return found;
  throw unreadable(path, '`functions` is no list of functions; fill it with defineFunction(…)');
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  const message = `${path}: ${reason}`;
  return new EngineError('PLAN_UNREADABLE', message, { path }, { cause });
}
