/** Loads a scenario file: TypeScript or JavaScript that exports `scenario` (or a default), or JSON.
 * The import `backlot` inside it means this very installation, wherever the file lies. */
import { existsSync, readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EngineError } from '../../kernel/errors.ts';
import { defineScenario } from '../scenario/define-scenario.ts';
import type { Scenario, ScenarioInput } from '../scenario/schema.ts';

/** Loads and checks the scenario in a file.
 * @throws EngineError `SCENARIO_UNREADABLE`, `SCENARIO_INVALID`. */
export async function loadScenario(path: string): Promise<Scenario> {
  if (!existsSync(path)) {
    throw unreadable(
      path,
      'no such file; name an existing scenario like scenarios/evening-peak.ts',
    );
  }
  const exported = path.endsWith('.json') ? readJson(path) : await importScenario(path);
  return defineScenario(exported as ScenarioInput);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unreadable(path, 'not valid JSON; mend the file', cause);
  }
}

async function importScenario(path: string): Promise<unknown> {
  // Node has hooks since 22.15; before, `backlot` is resolved as any package is.
  const hooks = nodeModule.registerHooks?.({ resolve: resolveBacklot });
  try {
    const module: Record<string, unknown> = await import(pathToFileURL(resolve(path)).href);
    const exported = module['scenario'] ?? module['default'];
    if (exported === undefined || isEmpty(exported)) {
      throw unreadable(path, 'it exports no scenario; write `export const scenario = …`');
    }
    return exported;
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw unreadable(path, `it cannot be imported: ${reason}`, cause);
  } finally {
    hooks?.deregister();
  }
}

/** An empty file is a CommonJS module to Node: its default export is an empty object. */
function isEmpty(exported: unknown): boolean {
  return typeof exported === 'object' && exported !== null && Object.keys(exported).length === 0;
}

const INDEX_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../index.ts' : '../../index.js',
  import.meta.url,
).href;

type Hooks = NonNullable<Parameters<typeof nodeModule.registerHooks>[0]>;
type Resolve = NonNullable<Hooks['resolve']>;

const resolveBacklot: Resolve = (specifier, context, nextResolve) =>
  specifier === 'backlot'
    ? { url: INDEX_URL, shortCircuit: true }
    : nextResolve(specifier, context);

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'SCENARIO_UNREADABLE',
    `${path}: ${reason}`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
