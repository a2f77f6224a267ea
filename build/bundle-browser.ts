/** Bundles what runs in browsers: each folder of `src/browser/` that has a `main.ts` becomes
 * `dist/browser/<folder>.js`, one script without imports; the SDK is a module, too. The same
 * sources give the same bytes. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(ROOT, 'src', 'browser');
const TARGET = join(ROOT, 'dist', 'browser');

/** For bundlers, beside the scripts: a module that imports nothing either. */
const MODULES: Readonly<Record<string, string>> = { 'sdk.mjs': 'sdk/module.ts' };

mkdirSync(TARGET, { recursive: true });
for (const name of readdirSync(SOURCES)) {
  const input = join(SOURCES, name, 'main.ts');
  if (existsSync(input)) await bundle(input, { file: `${name}.js`, format: 'iife' });
}
for (const [file, input] of Object.entries(MODULES)) {
  await bundle(join(SOURCES, input), { file, format: 'es' });
}

async function bundle(
  input: string,
  { file, format }: { readonly file: string; readonly format: 'iife' | 'es' },
): Promise<void> {
  const made = await rolldown({ input, platform: 'browser', cwd: ROOT });
  await made.write({ file: join(TARGET, file), format, minify: true, sourcemap: false });
  await made.close();
}
