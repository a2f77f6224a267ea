/** Reading a document to render it again: every kind with a report is taken, nothing else is. */
import { describe, expect, it } from 'vitest';
import { readResult } from '../../../src/experiment/reproduce/read-result.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

describe('readResult', () => {
  it('takes a document of every command that has a report', () => {
    for (const command of ['run', 'compare', 'plan', 'load', 'sweep']) {
      const schema = `backlot.${command}/1`;
      const path = folder.write(`${command}.json`, JSON.stringify({ schema, seed: 3 }));
      expect(readResult(path)).toEqual({ schema, seed: 3 });
    }
  });

  it('names what it found instead', () => {
    const found = [
      ['text.json', 'text', 'it is no JSON'],
      ['null.json', 'null', 'it is of no schema'],
      ['number.json', '3', 'it is of no schema'],
      ['other.json', '{"schema":"backlot.ingest/1"}', 'it is backlot.ingest/1'],
      ['newer.json', '{"schema":"backlot.run/2"}', 'give one of backlot.run/1'],
    ] as const;
    for (const [name, text, message] of found) {
      const path = folder.write(name, text);
      const asked = expect(() => readResult(path));
      asked.toThrow(expect.objectContaining({ code: 'RESULT_UNREADABLE' }));
      asked.toThrow(message);
    }
    expect(() => readResult(folder.path('nowhere.json'))).toThrow('name the document of a result');
  });
});
