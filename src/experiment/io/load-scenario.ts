/** Loads a scenario file: TypeScript or JavaScript that exports `scenario` (or a default), or
 * JSON. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EngineError } from '../../kernel/errors.ts';
import { defineScenario } from '../scenario/define-scenario.ts';
import type { Scenario, ScenarioInput } from '../scenario/schema.ts';
import { importFile, importLightly } from './import-file.ts';
import { loadPlan } from './load-plan.ts';

/** Loads and checks the scenario in a file.
 * @param isToRun - false: only as much is loaded as checking takes, which saves half a second.
 * @throws EngineError `SCENARIO_UNREADABLE`, `SCENARIO_INVALID`. */
export async function loadScenario(path: string, isToRun = true): Promise<Scenario> {
  if (!existsSync(path)) {
    throw unreadable(
      path,
      'no such file; name an existing scenario like scenarios/evening-peak.ts',
    );
  }
  const exported = path.endsWith('.json') ? readJson(path) : await importScenario(path, isToRun);
  return defineScenario((await withPlans(path, exported)) as ScenarioInput);
}

/** Plans may stand in files of their own: a name is taken relative to the scenario's file.
 * @throws EngineError as {@link loadPlan}. */
async function withPlans(path: string, exported: unknown): Promise<unknown> {
  const { clickstream } = (exported ?? {}) as { readonly clickstream?: object };
  const { pipelines } = (clickstream ?? {}) as { readonly pipelines?: unknown };
  if (!Array.isArray(pipelines) || !pipelines.some((one) => typeof one === 'string')) {
    return exported;
  }
  const plans: unknown[] = [];
  for (const one of pipelines) {
    const isFile = typeof one === 'string';
    plans.push(isFile ? (await loadPlan(resolve(dirname(path), one))).plan : one);
  }
  return { ...(exported as object), clickstream: { ...clickstream, pipelines: plans } };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unreadable(path, 'not valid JSON; mend the file', cause);
  }
}

async function importScenario(path: string, isToRun: boolean): Promise<unknown> {
  try {
    const module = await (isToRun ? importFile : importLightly)(path);
    const exported = module['scenario'] ?? module['default'];
    if (exported === undefined || isEmpty(exported)) {
      throw unreadable(path, 'it exports no scenario; write `export const scenario = …`');
    }
    return exported;
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw unreadable(path, `it cannot be imported: ${reason}`, cause);
  }
}

/** An empty file is a CommonJS module to Node: its default export is an empty object. */
function isEmpty(exported: unknown): boolean {
  return typeof exported === 'object' && exported !== null && Object.keys(exported).length === 0;
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'SCENARIO_UNREADABLE',
    `${path}: ${reason}`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
