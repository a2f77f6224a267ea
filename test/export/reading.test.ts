/** From a path to a document, and from texts to files. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandOf, documentName } from '../../src/export/document-name.ts';
import { narrowDocument } from '../../src/export/narrow-document.ts';
import { withoutPrivatePaths } from '../../src/export/private-paths.ts';
import { readDocument } from '../../src/export/read-document.ts';
import { appendTo, exportPath, writeWhole } from '../../src/export/write-exports.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import {
  everyDocument,
  faultsDocument,
  ingestDocument,
  judgedDocument,
} from './export-documents.ts';

const folder = temporaryFolder();

function written(content: unknown): string {
  const path = join(folder.fresh(), 'run.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('reading', () => {
  it('X2: takes any document with a schema, from its file or its directory', async () => {
    for (const document of (await everyDocument()).values()) {
      const path = written(document);
      expect(readDocument(path).document.schema).toBe(document.schema);
    }
    const path = written(judgedDocument());
    expect(readDocument(join(path, '..')).path).toBe(path);
  });

  it.each([
    ['no JSON', /it is no JSON/],
    [{}, /it is of no schema; give one of backlot\.advice\/1/],
    [{ schema: 'backlot.verify/1' }, /it is backlot\.verify\/1; give one of/],
    [null, /it is of no schema/],
    [
      { ...judgedDocument(), seed: 'seven', architectures: [{}] },
      /does not fit `backlot schema run`: .*and \d+ more/,
    ],
  ])('X2: refuses %j with what is wrong', (content, message) => {
    expect(() => readDocument(written(content))).toThrow(message);
    expect(() => readDocument(written(content))).toThrow(/RESULT_UNREADABLE/);
  });

  it('X4: absolute paths are cut to their last part, where paths stand', () => {
    const document = {
      replayCommand: 'npx backlot run /home/ann/my.ts --catalogue=/data/t.csv --seed 1 a/b.ts',
      proof: { inputs: [{ role: 'catalogue', path: 'C:\\Users\\ann\\t.csv', sha256: '/x' }] },
      file: '\\\\server\\share\\s.ts',
      question: 'Is /home/ann a home?',
      design: [{ path: 'services.movie.replicas' }],
    };
    expect(withoutPrivatePaths(document)).toEqual({
      replayCommand: 'npx backlot run my.ts --catalogue=t.csv --seed 1 a/b.ts',
      proof: { inputs: [{ role: 'catalogue', path: 't.csv', sha256: '/x' }] },
      file: 's.ts',
      question: 'Is /home/ann a home?',
      design: [{ path: 'services.movie.replicas' }],
    });
    const replayCommand = 'npx backlot run /home/ann/evening.ts --seed 7';
    const read = readDocument(written({ ...judgedDocument(), replayCommand }));
    expect(JSON.stringify(read.document)).not.toContain('/home/ann');
  });
});

describe('narrowing', () => {
  it('keeps the named subjects and what is said of them', async () => {
    for (const document of (await everyDocument()).values()) {
      const all = JSON.stringify(document);
      if (!all.includes('"name":"direct"')) continue;
      const narrowed = narrowDocument(document, ['direct']);
      const names =
        'architectures' in narrowed ? narrowed.architectures.map((one) => one.name) : [];
      expect(names.filter((name) => name !== 'direct')).toEqual([]);
      expect(narrowDocument(document, [])).toBe(document);
    }
    const run = narrowDocument(judgedDocument(), ['direct', 'federated']);
    expect('architectures' in run && run.architectures.map(({ name }) => name)).toEqual([
      'direct',
      'federated',
    ]);
    expect(() => narrowDocument(judgedDocument(), ['dirct'])).toThrow(/did you mean "direct"/);
    expect(() => narrowDocument(ingestDocument(), ['direct'])).toThrow(/the document has none/);
  });
});

describe('names and files', () => {
  it('a document is called after its command and what it is of', () => {
    expect(documentName(judgedDocument())).toBe('run evening-peak');
    expect(documentName(ingestDocument())).toBe('ingest access.log');
    expect(documentName({ ...faultsDocument(), scenario: null })).toBe('faults');
    expect(commandOf({ schema: 'backlot.compare/1' })).toBe('compare');
  });

  it('one format goes to the file that is named, several into a folder', () => {
    const place = folder.fresh();
    const to = (out: string, isOnly: boolean) =>
      exportPath(out, 'run', { extension: 'csv', isOnly });
    expect(to(join(place, 'x.csv'), true)).toBe(join(place, 'x.csv'));
    expect(to(join(place, 'x'), false)).toBe(join(place, 'x', 'run.csv'));
    expect(to(`${place}/`, true)).toBe(join(place, 'run.csv'));
    expect(to(place, true)).toBe(join(place, 'run.csv'));
  });

  it('a file is whole or not there', () => {
    const place = folder.fresh();
    writeWhole(join(place, 'deep', 'a.txt'), 'whole\n');
    expect(readFileSync(join(place, 'deep', 'a.txt'), 'utf8')).toBe('whole\n');
    expect(readdirSync(join(place, 'deep'))).toEqual(['a.txt']);
    mkdirSync(join(place, 'taken'));
    expect(() => writeWhole(join(place, 'taken'), 'x')).toThrow(/OUTPUT_UNWRITABLE/);
    expect(readdirSync(place).sort()).toEqual(['deep', 'taken']);
    appendTo(join(place, 'deep', 'a.txt'), 'more\n');
    expect(readFileSync(join(place, 'deep', 'a.txt'), 'utf8')).toBe('whole\nmore\n');
    expect(() => appendTo(place, 'x')).toThrow(/OUTPUT_UNWRITABLE.*GITHUB_STEP_SUMMARY/);
    expect(existsSync(join(place, 'none'))).toBe(false);
  });
});
