/** The judge of all these runs is no judge that everything passes: it finds what is lost, what is
 * half there and what differs after a second recovery. Spec: S322. */
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { wrongAfter } from './after-recovery.ts';
import { type Content, contents, type DurableProgram, loadProgram } from './program.ts';

const folder = temporaryFolder();
let program: DurableProgram;
let undisturbed: readonly Content[];

beforeAll(async () => {
  program = await loadProgram('stage-ndjson');
  undisturbed = await contents(program, folder.fresh());
});

/** A folder in which so many steps were made. */
async function folderWith(steps: number): Promise<string> {
  const at = folder.fresh();
  const open = await program.open(at);
  for (let step = 0; step < steps; step += 1) await open.step(step);
  await open.close();
  return at;
}

const judged = (at: string, acknowledged: number, other: Partial<DurableProgram> = {}) =>
  wrongAfter({ program: { ...program, ...other }, folder: at, acknowledged, undisturbed });

describe('the judge', () => {
  it('S322 lets pass what was told, with or without a step that was not', async () => {
    expect(await judged(await folderWith(2), 2)).toBeUndefined();
    expect(await judged(await folderWith(2), 1)).toBeUndefined();
  });

  it('S322 finds a step that was told and is not there, and one too many', async () => {
    expect(await judged(await folderWith(1), 2)).toMatch(/^rows: 3 rows instead of 6 or 9/);
    expect(await judged(await folderWith(3), 1)).toMatch(/^rows: 9 rows instead of 3 or 6/);
    const cut = await folderWith(2);
    truncateSync(join(cut, 'stage.ndjson'), 40);
    expect(await judged(cut, 2)).toMatch(/^rows: 0 rows instead of 6 or 9/);
  });

  it('S322 finds a recovery that is another one the second time', async () => {
    let times = 0;
    const at = await folderWith(2);
    const content = (folderOf: string) => {
      times += 1;
      if (times === 1) writeFileSync(join(folderOf, 'note'), 'x');
      else appendFileSync(join(folderOf, 'note'), 'x');
      return program.content(folderOf);
    };
    expect(await judged(at, 2, { content })).toBe('recovering twice leaves other bytes');
    expect(readFileSync(join(at, 'note'), 'utf8')).toBe('xx');
  });
});
