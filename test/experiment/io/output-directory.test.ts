/** Output directories: whole or not at all, and never over somebody else's files. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareDirectory } from '../../../src/experiment/io/output-directory.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const temporary = temporaryFolder();
let folders = 0;

/** A folder of its own for each test. */
function freshFolder(): string {
  folders += 1;
  const path = temporary.path(String(folders));
  mkdirSync(path);
  return path;
}

const unwritable = expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' });

describe('an output directory', () => {
  it('E7: appears under its name only when it is published', () => {
    const target = join(freshFolder(), 'deep', 'run');
    const pending = prepareDirectory(target);
    writeFileSync(join(pending.path, 'run.json'), '{}');
    expect(existsSync(target)).toBe(false);
    expect(pending.publish()).toBe(target);
    expect(readdirSync(target)).toEqual(['run.json']);
    expect(existsSync(pending.path)).toBe(false);
  });

  it('E7: leaves nothing behind when it is discarded, also twice', () => {
    const folder = freshFolder();
    const pending = prepareDirectory(join(folder, 'run'));
    writeFileSync(join(pending.path, 'half.json'), '{');
    pending.discard();
    pending.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replaces what an earlier run wrote, whole', () => {
    const target = join(freshFolder(), 'run');
    for (const name of ['run.json', 'compare.json']) {
      const pending = prepareDirectory(target);
      writeFileSync(join(pending.path, name), '{}');
      pending.publish();
      expect(readdirSync(target)).toEqual([name]);
    }
  });

  it("E7: refuses a directory with other people's files, and leaves them", () => {
    const target = join(freshFolder(), 'mine');
    mkdirSync(target);
    writeFileSync(join(target, 'thesis.txt'), 'years of work');
    expect(() => prepareDirectory(target)).toThrow(unwritable);
    expect(readFileSync(join(target, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  it('E7: refuses a place below a file, in one line with the remedy', () => {
    const file = join(freshFolder(), 'file');
    writeFileSync(file, '');
    expect(() => prepareDirectory(join(file, 'run'))).toThrow(unwritable);
    expect(() => prepareDirectory(join(file, 'run'))).toThrow(/^OUTPUT_UNWRITABLE: .*--out$/);
    expect(() => prepareDirectory(file)).toThrow(unwritable);
  });
});
