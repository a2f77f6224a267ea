/** What must hold of a folder once a program was killed, or its disk refused: nothing that was
 * acknowledged is lost, nothing is half there, recovering twice is recovering once, and whoever
 * goes on ends where an undisturbed run ends. Spec: S321–S323. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Content, DurableProgram } from './program.ts';

/** What is known of the run. */
export interface Interrupted {
  readonly program: DurableProgram;
  readonly folder: string;
  /** Steps acknowledged. */
  readonly acknowledged: number;
  /** What an undisturbed run has after each number of steps. */
  readonly undisturbed: readonly Content[];
  /** Whether to go on to the end as well. Default: yes. */
  readonly goesOn?: boolean;
}

/** @returns what is wrong; undefined where all is well. */
export async function wrongAfter(interrupted: Interrupted): Promise<string | undefined> {
  const { program, folder, acknowledged, undisturbed, goesOn = true } = interrupted;
  try {
    const found = await program.content(folder);
    const bytes = digestOf(folder);
    const again = await program.content(folder);
    if (!isEqual(found, again)) return 'recovering twice gives something else';
    if (digestOf(folder) !== bytes) return 'recovering twice leaves other bytes';
    const before = undisturbed[acknowledged] as Content;
    const after = undisturbed[acknowledged + 1] ?? before;
    const isAllowed = program.isAllowed ?? isEither;
    if (!isAllowed(found, before, after)) return differenceOf(found, before, after);
    if (!goesOn) return undefined;
    const final = await goOn(program, folder, acknowledged);
    const wanted = undisturbed.at(-1) as Content;
    if (!isEqual(final, wanted)) return `going on: ${differenceOf(final, wanted, wanted)}`;
    return undefined;
  } catch (error) {
    return `recovery failed: ${String(error)}`;
  }
}

async function goOn(program: DurableProgram, folder: string, from: number): Promise<Content> {
  const open = await program.open(folder);
  try {
    for (let step = from; step < program.steps; step += 1) await open.step(step);
  } finally {
    await open.close();
  }
  return program.content(folder);
}

function isEither(found: Content, before: Content, after: Content): boolean {
  return isEqual(found, before) || isEqual(found, after);
}

function isEqual(a: Content, b: Content): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Names the first list that is neither as before nor as after. */
function differenceOf(found: Content, before: Content, after: Content): string {
  const names = [...new Set([...Object.keys(found), ...Object.keys(before)])];
  const rowsOf = (content: Content, name: string) => content[name]?.length ?? 'no such list';
  const odd = names.filter((name) => found[name]?.join() !== before[name]?.join());
  return odd
    .map((name) => {
      const wanted = `${rowsOf(before, name)} or ${rowsOf(after, name)}`;
      return `${name}: ${rowsOf(found, name)} rows instead of ${wanted}, or other ones`;
    })
    .join('; ');
}

/** Of all files of a folder and their names. */
export function digestOf(folder: string): string {
  const hash = createHash('sha256');
  const visit = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort(byName)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else hash.update(`${relative(folder, path)}\n`).update(readFileSync(path));
    }
  };
  if (existsSync(folder)) visit(folder);
  return hash.digest('hex');
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
