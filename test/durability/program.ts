/** What is killed and starved of its disk: a program of numbered steps over one real part. A step
 * is acknowledged when it returns. Making a step again that is there already changes nothing, so
 * that whoever comes after a crash goes on from the last one acknowledged. */

/** What a new process finds: named lists of rows as text, in an order of their own. */
export type Content = Readonly<Record<string, readonly string[]>>;

/** A program over one real part, in a folder of its own. */
export interface DurableProgram {
  readonly name: string;
  readonly steps: number;
  /** Opens the part as the product does. */
  open(folder: string): Promise<OpenProgram> | OpenProgram;
  /** Opens the part as a new process would, so that it recovers, checks all that can be checked of
   * it, and tells what it holds. */
  content(folder: string): Promise<Content> | Content;
  /** Whether `found` may be there once a step between two contents was begun and nobody was told
   * that it ended. Default: one of the two. */
  isAllowed?(found: Content, before: Content, after: Content): boolean;
}

/** An open program. */
export interface OpenProgram {
  /** @param step - From 0. */
  step(step: number): Promise<void> | void;
  close(): Promise<void> | void;
}

/** Programs, each in a module of this name below `programs/`. */
export const PROGRAM_NAMES = [
  'warehouse-power',
  'warehouse-process',
  'warehouse-beside',
  'stage-rollback',
  'stage-ndjson',
  'checkpoints',
  'staged-files',
  'log',
  'lake',
  'pipeline',
] as const;

/** The name of a program. */
export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** Loads a program, and nothing of the others: they start in a tenth of a second each. */
export async function loadProgram(name: string): Promise<DurableProgram> {
  const module = (await import(new URL(`./programs/${name}.ts`, import.meta.url).href)) as {
    readonly program: DurableProgram;
  };
  return module.program;
}

/** Content after each number of steps, from none to all, of a run that nothing disturbs. */
export async function contents(
  program: DurableProgram,
  folder: string,
): Promise<readonly Content[]> {
  const found: Content[] = [];
  for (let step = -1; step < program.steps; step += 1) {
    const open = await program.open(folder);
    try {
      if (step >= 0) await open.step(step);
    } finally {
      await open.close();
    }
    found.push(await program.content(folder));
  }
  return found;
}
