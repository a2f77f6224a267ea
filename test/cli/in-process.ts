/** Runs the command line in this process and collects what it prints: a process of its own costs a
 * second and shows no more, once some test of each command has started one. */
import { vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Outcome } from './command-line.ts';

const STREAMS = ['stdout', 'stderr'] as const;

/** What `backlot` with these arguments would have left, in a folder. */
export async function inProcess(
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): Promise<Outcome> {
  const before = process.cwd();
  // A command line listens until its process ends; here another one follows.
  const listening = STREAMS.map((stream) => process[stream].listeners('error'));
  const printed = { stdout: '', stderr: '' };
  const [out, err] = STREAMS.map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  try {
    process.chdir(options.cwd ?? before);
    return { code: await main(['node', 'backlot', ...args]), ...printed };
  } finally {
    process.chdir(before);
    STREAMS.forEach((stream, i) => {
      for (const listener of process[stream].listeners('error')) {
        if (!listening[i]?.includes(listener)) process[stream].off('error', listener as () => void);
      }
    });
    out?.mockRestore();
    err?.mockRestore();
  }
}
