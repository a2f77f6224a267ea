/** A folder for one test file's output, removed afterwards. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that lives as long as the test file runs. */
export interface TemporaryFolder {
  path(name: string): string;
  /** Makes an empty folder below it. @returns its path, another one each time. */
  fresh(): string;
  /** Writes a file. @returns its path. */
  write(name: string, content: string | Uint8Array): string;
}

/** Makes the folder; call it at the top of a test file. */
export function temporaryFolder(): TemporaryFolder {
  const folder = mkdtempSync(join(tmpdir(), 'backlot-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  let freshCount = 0;
  return {
    path,
    fresh() {
      freshCount += 1;
      const fresh = path(`fresh-${freshCount}`);
      mkdirSync(fresh);
      return fresh;
    },
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}
