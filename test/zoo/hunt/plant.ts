/** Plants a bug: the loader hands out the patched text of its file from now on, in this process
 * only. Nothing of the product may have been imported before. Spec: T120. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Bug } from './bug.ts';

const ROOT = new URL('../../../', import.meta.url);

/** Where a bug's file is. */
function urlOf(bug: Bug): URL {
  return new URL(bug.file, ROOT);
}

/** The text of the bug's file with the bug in it.
 * @throws Error where the text to replace does not stand there exactly once. */
export function patchedSource(bug: Bug): string {
  const source = readFileSync(urlOf(bug), 'utf8');
  const parts = source.split(bug.find);
  if (parts.length !== 2) {
    throw new Error(
      `${bug.name}: "${bug.find}" stands ${parts.length - 1} times in ${bug.file}; ` +
        'it must stand there once: follow the source, or tell more of the place',
    );
  }
  return parts.join(bug.replace);
}

/** Plants the bug. @returns whether the patched file was loaded, when asked. */
export function plantBug(bug: Bug): () => boolean {
  const source = patchedSource(bug);
  const { href } = urlOf(bug);
  let wasLoaded = false;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== href) return loaded;
      wasLoaded = true;
      return { ...loaded, source };
    },
  });
  return () => wasLoaded;
}
