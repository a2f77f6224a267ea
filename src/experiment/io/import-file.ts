/** Imports a user's TypeScript or JavaScript file. The imports `backlot` and `backlot/streams` in
 * it mean this very installation, wherever the file lies. */
import * as nodeModule from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The exports of a file. @throws whatever its import throws. */
export async function importFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  // Node has hooks since 22.15; before, `backlot` is resolved as any package is.
  const hooks = nodeModule.registerHooks?.({ resolve: resolveBacklot });
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } finally {
    hooks?.deregister();
  }
}

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const ENTRIES: Readonly<Record<string, string>> = {
  backlot: new URL(`../../index.${EXTENSION}`, import.meta.url).href,
  'backlot/streams': new URL(`../../streams/index.${EXTENSION}`, import.meta.url).href,
};

type Hooks = NonNullable<Parameters<typeof nodeModule.registerHooks>[0]>;
type Resolve = NonNullable<Hooks['resolve']>;

const resolveBacklot: Resolve = (specifier, context, nextResolve) => {
  const url = Object.hasOwn(ENTRIES, specifier) ? ENTRIES[specifier] : undefined;
  return url === undefined ? nextResolve(specifier, context) : { url, shortCircuit: true };
};
