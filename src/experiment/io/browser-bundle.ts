/** Scripts for browsers, as `npm run build` bundles them into `dist/browser/`. */
import { readFileSync } from 'node:fs';
import { EngineError } from '../../kernel/errors.ts';

/** What is bundled: the folders of `src/browser/`. */
export type BrowserBundleName = 'report' | 'dashboard' | 'sdk' | 'sdk-capture' | 'demo';

const PACKAGE_ROOT = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/browser/' : '../../browser/',
  import.meta.url,
);
const known = new Map<BrowserBundleName, string>();

/** The text of a bundle. @throws EngineError `INPUT_UNREADABLE` where nothing was built. */
export function browserBundle(name: BrowserBundleName): string {
  const read = known.get(name);
  if (read !== undefined) return read;
  const file = new URL(`${name}.js`, PACKAGE_ROOT);
  try {
    const text = readFileSync(file, 'utf8');
    known.set(name, text);
    return text;
  } catch (cause) {
    const message = `dist/browser/${name}.js cannot be read; run \`npm run build\` first`;
    throw new EngineError('INPUT_UNREADABLE', message, { path: file.pathname }, { cause });
  }
}
