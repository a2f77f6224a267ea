/** Files as rows: which format it is, and that bad rows keep their place. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../src/experiment/ingest/detect-format.ts';
import { readRows } from '../../../src/experiment/ingest/rows.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const REQUEST = 'h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1';

async function rowsOf(name: string, content: string) {
  const path = folder.write(name, content);
  const format = await detectFormat(path);
  const rows: { text: string; isBad: boolean }[] = [];
  for await (const { text, row } of readRows({ path, format, onBytes: () => {} })) {
    rows.push({ text, isBad: typeof row === 'string' });
  }
  return rows;
}

describe('detectFormat', () => {
  it.each([
    ['a.jsonl', 'x', 'ndjson'],
    ['a.CSV', 'x', 'csv'],
    ['requests', `\n${REQUEST}\n`, 'access-log'],
    ['damaged.log', `cut, here\n${REQUEST}\n`, 'access-log'],
    ['unknown.log', 'one\ntwo\n', 'access-log'],
    ['events.log', '{"a":1}\n', 'ndjson'],
    ['table.txt', 'a,b\n1,2\n', 'csv'],
  ])('%s', async (name, content, format) => {
    expect(await detectFormat(folder.write(name, content))).toBe(format);
  });

  it.each([
    ['prose.txt', 'Call me Ishmael.\n', /say --format access-log\|ndjson\|csv/],
    ['array.json', '[1,\n2]\n', /format cannot be told/],
    ['blank.txt', '\n\n', /is empty/],
  ])('refuses %s', async (name, content, message) => {
    await expect(detectFormat(folder.write(name, content))).rejects.toThrow(message);
  });
});

describe('readRows', () => {
  const isBadRow = fc.array(fc.boolean(), { minLength: 1, maxLength: 400 });
  test.prop([isBadRow], { seed: 2, numRuns: 30 })(
    'gives good and bad rows of a CSV in their order',
    async (expected) => {
      const lines = expected.map((isBad, i) => (isBad ? `${i}` : `${i},2020-01-01`));
      const rows = await rowsOf('mixed.csv', `number,time\n${lines.join('\n')}\n`);
      expect(rows.map((row) => row.isBad)).toEqual(expected);
      expect(rows.map((row) => Number(/\d+/.exec(row.text)?.[0]))).toEqual(
        expected.map((_, i) => i),
      );
    },
  );

  it('gives up a record without an end, not the file', async () => {
    const rest = 'x,2020-01-01\n'.repeat(20_000);
    const rows = await rowsOf('open.csv', `name,time\na,2020-01-01\n"b,2020-01-01\n${rest}`);
    expect(rows[0]?.isBad).toBe(false);
    expect(rows.some((row) => row.isBad)).toBe(true);
    expect(Math.max(...rows.map((row) => row.text.length))).toBeLessThan(200_000);
  });

  it('passes over blank lines and keeps what is no JSON', async () => {
    const rows = await rowsOf('a.ndjson', '{"a":1}\n\n[1]\n{"a":\n{"b":2}');
    expect(rows.map((row) => row.isBad)).toEqual([false, true, true, false]);
  });
});
