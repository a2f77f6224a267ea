/** The name of a file in event ids: the same for the same file, however it lies on the disk. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileKey } from '../../../src/experiment/ingest/file-key.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const keyOf = (name: string, content: string | Uint8Array) => fileKey(folder.write(name, content));

describe('fileKey', () => {
  it('stays for a file that is zipped, has grown, was moved or got other line ends', async () => {
    const key = await keyOf('a.log', 'one\ntwo\n');
    expect(key).toMatch(/^[0-9a-f]{10}$/);
    expect(await keyOf('a.log.gz', gzipSync('one\ntwo\n'))).toBe(key);
    expect(await keyOf('a.log', 'one\ntwo\nthree\n')).toBe(key);
    expect(await keyOf('a.log', 'one\r\ntwo\r\n')).toBe(key);
    mkdirSync(folder.path('elsewhere'));
    writeFileSync(folder.path('elsewhere/a.log'), 'one\ntwo');
    expect(await fileKey(folder.path('elsewhere/a.log'))).toBe(key);
  });

  it('is another one for another name, first or second line', async () => {
    const keys = [
      await keyOf('a.log', 'one\ntwo\n'),
      await keyOf('b.log', 'one\ntwo\n'),
      await keyOf('a.log', 'uno\ntwo\n'),
      await keyOf('a.log', 'one\ndue\n'),
      await keyOf('a.log', 'one'),
      await keyOf('a.log', 'onetwo'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('needs a file', async () => {
    await expect(fileKey(folder.path('none.log'))).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    });
  });
});
