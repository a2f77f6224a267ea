/** JSON values out of files, however they are laid out. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  JsonSplitter,
  readJsonTexts,
} from '../../../../src/experiment/ingest/formats/json-values.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const folder = temporaryFolder();

function split(text: string, pieceLength = text.length || 1): readonly string[] {
  const splitter = new JsonSplitter();
  const values: string[] = [];
  for (let i = 0; i < text.length; i += pieceLength) {
    values.push(...splitter.push(text.slice(i, i + pieceLength)));
  }
  return [...values, ...splitter.end()];
}

describe('JsonSplitter', () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
  const layouts: readonly ((values: readonly unknown[]) => string)[] = [
    (values) => JSON.stringify(values),
    (values) => JSON.stringify(values, null, 2),
    (values) => values.map((one) => JSON.stringify(one)).join('\n'),
    (values) => values.map((one) => JSON.stringify(one, null, 2)).join('\n'),
    (values) => values.map((one) => `[${JSON.stringify(one)}]`).join('\n'),
  ];
  test.prop([fc.array(object, { maxLength: 6 }), fc.integer({ min: 1, max: 50 })], {
    seed: 40,
    numRuns: 300,
  })('E40 finds the values of every layout, in pieces of any length', (values, pieceLength) => {
    for (const layout of layouts) {
      const found = split(layout(values), pieceLength).map((text): unknown => JSON.parse(text));
      expect(found).toEqual(JSON.parse(JSON.stringify(values)));
    }
  });

  it('E44 a broken value costs itself, not the rest', () => {
    expect(split('[{"a":1},{"b":},7,{"c":"}],["}]')).toEqual([
      '{"a":1}',
      '{"b":}',
      '7',
      '{"c":"}],["}',
    ]);
    expect(split('rubbish\n{"a":1}\n}\n{"b":2}\n{"cut":')).toEqual([
      'rubbish',
      '{"a":1}',
      '}',
      '{"b":2}',
      '{"cut":',
    ]);
  });
});

describe('readJsonTexts', () => {
  it('refuses a value that would fill the memory', async () => {
    const path = folder.write('long.json', `[{"a":"${'x'.repeat(5_000_000)}`);
    const read = async () => {
      const options = { isByLine: false, onBytes: () => {} };
      for await (const text of readJsonTexts(path, options)) expect(text).toBe('');
    };
    await expect(read()).rejects.toThrow(/INPUT_UNREADABLE.*a value of more than 4 MiB/);
  });
});
