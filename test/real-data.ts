/** Tests on real files that are not part of the project: they lie beside it, or the test is skipped
 * and says so. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../shared/data/', import.meta.url));

/** Makes a test's body of one that needs a file of the data folder. */
export function onRealData(
  name: string,
  body: (path: string) => void | Promise<void>,
): (context: TestContext) => Promise<void> {
  return async (context) => {
    const path = `${FOLDER}${name}`;
    if (!existsSync(path)) context.skip(`skipped: ${name} is not in ../shared/data`);
    await body(path);
  };
}
