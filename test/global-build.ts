/** Builds `dist/` once before any test, so that tests of the command line never meet a stale or a
 * half-written build. */
import { spawnSync } from 'node:child_process';

/** Called by vitest before the first test file. */
export function setup(): void {
  const built = spawnSync('npm', ['run', '--silent', 'build'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the build failed: ${built.stdout}${built.stderr}`);
}
