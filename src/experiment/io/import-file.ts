/** Imports a user's TypeScript or JavaScript file. The imports `backlot` and `backlot/streams` in
 * it mean this very installation, wherever the file lies. */
import * as nodeModule from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The exports of a file. @throws whatever its import throws. */
export async function importFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  return importWith(pathToFileURL(resolve(path)).href, ENTRIES);
}

/** The exports of a scenario's file, with as little loaded as it asks for.
 * @throws whatever its import throws. */
export async function importLightly(path: string): Promise<Readonly<Record<string, unknown>>> {
  const { href } = pathToFileURL(resolve(path));
  try {
    return await importWith(href, { ...ENTRIES, backlot: FACE });
  } catch (error) {
    // A name that the face lacks: the file is another module by its query, so it is linked anew.
    if (!(error instanceof SyntaxError)) throw error;
    return importWith(`${href}?whole`, ENTRIES);
  }
}

async function importWith(
  href: string,
  entries: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  // Node has hooks since 22.15; before, `backlot` is resolved as any package is.
  const hooks = nodeModule.registerHooks?.({ resolve: resolveBacklot(entries) });
  try {
    return await import(href);
  } finally {
    hooks?.deregister();
  }
}

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const ENTRIES: Readonly<Record<string, string>> = {
  backlot: new URL(`../../index.${EXTENSION}`, import.meta.url).href,
  'backlot/streams': new URL(`../../streams/index.${EXTENSION}`, import.meta.url).href,
};

const FACE = new URL(`./scenario-face.${EXTENSION}`, import.meta.url).href;

type Hooks = NonNullable<Parameters<typeof nodeModule.registerHooks>[0]>;
type Resolve = NonNullable<Hooks['resolve']>;

function resolveBacklot(entries: Readonly<Record<string, string>>): Resolve {
  return (specifier, context, nextResolve) => {
    const url = Object.hasOwn(entries, specifier) ? entries[specifier] : undefined;
    return url === undefined ? nextResolve(specifier, context) : { url, shortCircuit: true };
  };
}
