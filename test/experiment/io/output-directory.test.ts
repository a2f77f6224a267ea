/** Output directories: whole or not at all, and never over somebody else's files. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareDirectory } from '../../../src/experiment/io/output-directory.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const temporary = temporaryFolder();

const unwritable = expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' });

describe('an output directory', () => {
  it('E7: appears under its name only when it is published', () => {
    const target = join(temporary.fresh(), 'deep', 'run');
    const pending = prepareDirectory(target);
    writeFileSync(join(pending.path, 'run.json'), '{}');
    expect(existsSync(target)).toBe(false);
    expect(pending.publish()).toBe(target);
    expect(readdirSync(target)).toEqual(['run.json']);
    expect(existsSync(pending.path)).toBe(false);
  });

  it('E7: leaves nothing behind when it is discarded, also twice', () => {
    const folder = temporary.fresh();
    const pending = prepareDirectory(join(folder, 'run'));
    writeFileSync(join(pending.path, 'half.json'), '{');
    pending.discard();
    pending.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replaces what an earlier run wrote, whole', () => {
    const target = join(temporary.fresh(), 'run');
    for (const name of ['run.json', 'compare.json']) {
      const pending = prepareDirectory(target);
      writeFileSync(join(pending.path, name), '{}');
      pending.publish();
      expect(readdirSync(target)).toEqual([name]);
    }
  });

  it("E7: refuses a directory with other people's files, and leaves them", () => {
    const target = join(temporary.fresh(), 'mine');
    mkdirSync(target);
    writeFileSync(join(target, 'thesis.txt'), 'years of work');
    expect(() => prepareDirectory(target)).toThrow(unwritable);
    expect(readFileSync(join(target, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  it('E7: refuses a place below a file, in one line with the remedy', () => {
    const file = join(temporary.fresh(), 'file');
    writeFileSync(file, '');
    expect(() => prepareDirectory(join(file, 'run'))).toThrow(unwritable);
    expect(() => prepareDirectory(join(file, 'run'))).toThrow(/^OUTPUT_UNWRITABLE: .*--out$/);
    expect(() => prepareDirectory(file)).toThrow(unwritable);
  });
});
