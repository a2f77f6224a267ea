/** Input files: text in pieces, and one line with a remedy for whatever is wrong with one. */
import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  checkInputFile,
  LINE_LENGTH_MAX,
  readLines,
  readWhole,
} from '../../../src/experiment/inputs/input-file.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(path)) lines.push(line);
  return lines;
}

describe('readLines', () => {
  it('gives the beginning of an endless line, and the lines after it whole', async () => {
    const path = folder.write('long.txt', `a\n${'x'.repeat(3_000_000)}\r\nb\n\nc`);
    const lines = await linesOf(path);
    expect(lines.map(({ length }) => length)).toEqual([1, LINE_LENGTH_MAX + 1, 1, 0, 1]);
  });

  it('keeps characters whole across the pieces that a file is read in', async () => {
    // Three bytes a character and 64 KiB a piece: no piece ends where a character does.
    const lines = Array.from({ length: 3_000 }, (_, i) => `${i} ${'€'.repeat(i % 50)}`);
    const path = folder.write('euros.txt', `${lines.join('\n')}\n`);
    expect(await linesOf(path)).toEqual(lines);
    const zipped = folder.write('euros.txt.gz', gzipSync(`\uFEFF${lines.join('\r\n')}`));
    expect(await linesOf(zipped)).toEqual(lines);
  });

  const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((s) => s.replace(/[\r\n]/g, ''));
  test.prop([fc.array(line, { minLength: 1, maxLength: 20 })], { seed: 3, numRuns: 50 })(
    'gives back the lines that were written',
    async (written) => {
      const path = folder.write('any.txt', `${written.join('\n')}\nend`);
      const [first = '', ...rest] = written;
      expect(await linesOf(path)).toEqual([first.replace(/^\uFEFF/, ''), ...rest, 'end']);
    },
  );
});

describe('a file that cannot be read', () => {
  const zipped = gzipSync(Array.from({ length: 9_999 }, (_, i) => i * i).join('\n'));
  const cases: readonly (readonly [string, () => string, RegExp])[] = [
    ['missing', () => folder.path('missing.txt'), /no such file; check the path/],
    [
      'below a file',
      () => `${folder.write('leaf.txt', 'x')}/missing.txt`,
      /no such file; check the path|cannot be read \(ENOTDIR\); check/,
    ],
    ['named too long', () => folder.path('x'.repeat(300)), /cannot be read \(ENAMETOOLONG\)/],
    ['empty', () => folder.write('empty.txt', ''), /is empty; name a file with data/],
    [
      'a folder',
      () => {
        mkdirSync(folder.path('folder'));
        return folder.path('folder');
      },
      /is no file; name a file/,
    ],
    [
      'a truncated archive',
      () => folder.write('cut.gz', zipped.subarray(0, zipped.length - 99)),
      /cut short; get it again/,
    ],
    ['no archive', () => folder.write('text.gz', 'plain text'), /damaged or cut short/],
    ['an archive by another name', () => folder.write('log.txt', zipped), /name end in \.gz/],
  ];
  it.each(cases)('%s', async (_, make, message) => {
    const path = make();
    const error = await linesOf(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(EngineError);
    const { code, message: found, details } = error as EngineError;
    expect(code).toBe('INPUT_UNREADABLE');
    expect(found).toMatch(message);
    expect(found).not.toContain('\n');
    expect(details).toEqual({ path });
  });

  it('tells the size and the progress of one that can', async () => {
    const path = folder.write('ten.txt', '0123456789');
    expect(checkInputFile(path)).toBe(10);
    expect(await readWhole(path)).toBe('0123456789');
    const reads: number[] = [];
    for await (const _ of readLines(path, (bytes) => reads.push(bytes))) expect(_).toBeDefined();
    expect(reads.at(-1)).toBe(10);
  });
});
