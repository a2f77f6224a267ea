/** Bad input to an ingestion: one line with a code and a remedy, and nothing half-written. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ingestFile } from '../../../src/experiment/ingest/ingest-file.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { onRealData } from '../../real-data.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const LINE = 'h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1\n';

/** A log that is cut short long after its first commit. */
function cutArchive(): Uint8Array {
  const lines = Array.from({ length: 20_000 }, (_, i) => LINE.replace('GET /', `GET /${i * i}`));
  const zipped = gzipSync(lines.join(''));
  return zipped.subarray(0, zipped.length - 500);
}

async function failure(promise: Promise<unknown>): Promise<EngineError> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(EngineError);
  return error as EngineError;
}

const BAD: readonly (readonly [string, () => string, RegExp])[] = [
  ['a missing file', () => folder.path('missing.log'), /no such file; check the path/],
  ['an empty file', () => folder.write('empty.log', ''), /is empty; name a file with data/],
  ['a blank file', () => folder.write('blank.csv', '\n\n'), /no records; name a file with data/],
  [
    'a folder',
    () => {
      mkdirSync(folder.path('folder.log'), { recursive: true });
      return folder.path('folder.log');
    },
    /is no file; name a file/,
  ],
  [
    'a truncated archive',
    () => folder.write('cut.log.gz', cutArchive()),
    /cut short; get it again/,
  ],
  ['no archive', () => folder.write('not.log.gz', LINE), /damaged or cut short; get it again/],
  ['prose', () => folder.write('prose.txt', 'Call me Ishmael.\n'), /say --format/],
  [
    'a wrong format',
    () => folder.write('rows.log', 'Some years ago\nnever mind how long\n'),
    /none of its 2 records is readable as access-log \(not a line .*\); .* --format/,
  ],
];

describe('bad input', () => {
  it.each(BAD)('%s, with no warehouse yet', async (_, make, message) => {
    const path = make();
    const before = readdirSync(folder.path('.'));
    const error = await failure(
      ingestFile({ path, warehousePath: folder.path('new/folder/w.sqlite') }),
    );
    expect(error.code).toBe('INPUT_UNREADABLE');
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(error.message).toContain(path);
    expect(readdirSync(folder.path('.'))).toEqual(before);
  });

  it.each(BAD)('%s, with a warehouse that stays as it was', async (name, make) => {
    const warehousePath = folder.path(`with ${name}/w.sqlite`);
    await ingestFile({ path: folder.write('there.log', LINE), warehousePath });
    const before = readFileSync(warehousePath);
    const error = await failure(ingestFile({ path: make(), warehousePath }));
    expect(error.code).toBe('INPUT_UNREADABLE');
    expect(readFileSync(warehousePath).equals(before)).toBe(true);
    expect(readdirSync(folder.path(`with ${name}`))).toEqual(['w.sqlite']);
  });

  it(
    'a real CSV without a column of times',
    onRealData('catalogue/netflix-titles-2021.csv', async (path) => {
      const warehousePath = folder.path('timeless/w.sqlite');
      const error = await failure(ingestFile({ path, warehousePath }));
      expect(error.code).toBe('INPUT_UNREADABLE');
      expect(error.message).toMatch(
        /none of its 8807 records is readable as csv \(no column with a time\); .* --format$/,
      );
      expect(existsSync(folder.path('timeless'))).toBe(false);
    }),
  );

  it('leaves a warehouse that is there as it was', async () => {
    const warehousePath = folder.path('kept/w.sqlite');
    await ingestFile({ path: folder.write('good.log', LINE), warehousePath });
    const before = readFileSync(warehousePath);
    const cut = folder.write('cut-too.log.gz', cutArchive());
    await failure(ingestFile({ path: cut, warehousePath }));
    expect(readFileSync(warehousePath).equals(before)).toBe(true);
    expect(readdirSync(folder.path('kept'))).toEqual(['w.sqlite']);
  });
});

describe('a warehouse that cannot be written', () => {
  const log = () => folder.write('some.log', LINE);

  it('is no warehouse', async () => {
    const warehousePath = folder.write('letter.txt', 'Dear reader, '.repeat(100));
    const error = await failure(ingestFile({ path: log(), warehousePath }));
    expect(error.code).toBe('WAREHOUSE_UNREADABLE');
    expect(error.message).toContain(`${warehousePath}: `);
    expect(error.message).not.toContain('partial');
    expect(readFileSync(warehousePath, 'utf8')).toContain('Dear reader');
  });

  it('lies below a file', async () => {
    const file = folder.write('file', 'x');
    const error = await failure(ingestFile({ path: log(), warehousePath: `${file}/w.sqlite` }));
    expect(error.code).toBe('OUTPUT_UNWRITABLE');
    expect(error.message).toMatch(/choose a writable --warehouse/);
  });

  it('is a folder', async () => {
    mkdirSync(folder.path('taken'));
    const error = await failure(ingestFile({ path: log(), warehousePath: folder.path('taken') }));
    expect(error.code).toBe('OUTPUT_UNWRITABLE');
    expect(existsSync(folder.path('taken'))).toBe(true);
    expect(readdirSync(folder.path('.')).filter((name) => /partial/.test(name))).toEqual([]);
  });
});
