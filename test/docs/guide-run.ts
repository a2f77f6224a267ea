/** Runs a paper of the guide as its reader would, in a folder of its own: files are written,
 * commands are run in this process, one after the other. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import { inProcess } from '../cli/in-process.ts';
import { IS_LONG } from '../long/part-of.ts';
import type { temporaryFolder } from '../temporary-folder.ts';
import { type Command, commandsOf, type Fence } from './guide-paper.ts';

/** Commands that take as long as they are given threads, and a report that nobody reads. */
const FOR_SPEED: Readonly<Record<string, readonly string[]>> = {
  run: ['--threads', '1', '--no-report'],
  compare: ['--threads', '1', '--no-report'],
  plan: ['--threads', '1', '--no-report', '--progress', 'none'],
  load: ['--threads', '1', '--no-report', '--progress', 'none'],
  sweep: ['--threads', '1', '--no-report'],
  faults: ['--threads', '1'],
};

/** What the commands of a fence print; undefined where they are left to the long run.
 * @throws Error where a command fails. */
export async function outputOf(
  fence: Fence,
  folder: ReturnType<typeof temporaryFolder>,
): Promise<string | undefined> {
  if (fence.kind === 'long' && !IS_LONG) {
    console.info(`line ${fence.line} is left to BACKLOT_LONG=1: ${fence.text.split('\n')[0]}`);
    return undefined;
  }
  let printed = '';
  for (const command of commandsOf(fence)) {
    const isOurs = command.words[0] === 'npx';
    printed += isOurs ? await backlotHere(command, folder) : await nodeHere(command, folder);
  }
  return printed;
}

async function backlotHere(
  { words, code }: Command,
  folder: ReturnType<typeof temporaryFolder>,
): Promise<string> {
  const args = words.slice(2);
  const more = FOR_SPEED[args[0] ?? ''] ?? [];
  const outcome = await inProcess([...args, ...more], { cwd: folder.path('.') });
  if (outcome.code === code) return outcome.stdout + (code === 0 ? '' : outcome.stderr);
  throw new Error(`${words.join(' ')} ended with ${outcome.code}, not ${code}: ${outcome.stderr}`);
}

/** A module that prints, as `node` would run it. */
async function nodeHere(
  { words: [, file = ''] }: Command,
  folder: ReturnType<typeof temporaryFolder>,
): Promise<string> {
  const before = process.cwd();
  let printed = '';
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
    printed += `${values.join(' ')}\n`;
  });
  try {
    process.chdir(folder.path('.'));
    await import(pathToFileURL(join(folder.path('.'), file)).href);
  } finally {
    process.chdir(before);
    log.mockRestore();
  }
  return printed;
}
