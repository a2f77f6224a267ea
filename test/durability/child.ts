/** Runs a program in a process of its own: `child.ts <program> <folder>`. Tells, a line each and at
 * once, which step was acknowledged and what was refused. A step that was refused is tried again,
 * then with the part opened anew, and then given up. */
import { writeSync } from 'node:fs';
import { type DurableProgram, loadProgram, type OpenProgram } from './program.ts';

const TRIES = 3;

interface Run {
  readonly program: DurableProgram;
  readonly folder: string;
  open: OpenProgram | undefined;
}

const [name = '', folder = ''] = process.argv.slice(2);
const run: Run = { program: await loadProgram(name), folder, open: undefined };
for (let step = 0; step < run.program.steps; step += 1) {
  if (!(await isDone(run, step))) break;
}
await attempt('close', () => run.open?.close());

async function isDone(at: Run, step: number): Promise<boolean> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const isAcknowledged = await attempt(`step ${step}`, async () => {
      at.open ??= await at.program.open(at.folder);
      await at.open.step(step);
    });
    if (isAcknowledged) {
      tell({ acknowledged: step });
      return true;
    }
    if (tries === TRIES - 1) {
      await attempt('close', () => at.open?.close());
      at.open = undefined;
    }
  }
  return false;
}

async function attempt(what: string, act: () => unknown): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    const { code, message, name: kind } = error as Error & { readonly code?: string };
    tell({ refused: what, kind, code: code ?? '', message });
    return false;
  }
}

function tell(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
