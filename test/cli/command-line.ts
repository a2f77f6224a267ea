/** Runs the command line as a process, the way a user does, and collects what it prints. The build
 * that it runs is made before the first test (`test/global-build.ts`). */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** What a command left. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = resolve(import.meta.dirname, '../..');
/** The launcher that `npx backlot` runs. */
export const LAUNCHER = resolve(ROOT, 'bin/backlot.js');

/** Runs `backlot` with these arguments in a folder, with these changes to the environment. */
export function backlot(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    encoding: 'utf8',
    maxBuffer: 64 * 1_024 * 1_024,
  });
  return { code: status, stdout, stderr };
}

/** A scenario file's text: two dozen viewers for six minutes, seconds to run. */
export const TINY_SCENARIO = `
import { defineScenario, minutes } from 'backlot';
export const scenario = defineScenario({
  schema: 1,
  name: 'tiny',
  question: 'Does the command line work?',
  seed: 5,
  clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(6), drain: minutes(1) },
  audience: { viewers: 24 },
  catalogue: { titles: 60 },
});
`;
