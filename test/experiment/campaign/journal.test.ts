/** Journals: what a crash, a copy or another version does to them, and what merging refuses. */
import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createJournal, readJournal } from '../../../src/experiment/campaign/journal.ts';
import { placeJournal } from '../../../src/experiment/campaign/journal-place.ts';
import { mergeJournals } from '../../../src/experiment/campaign/merge-journals.ts';
import {
  canonicalJson,
  contentHash,
  sampleKey,
} from '../../../src/experiment/campaign/sample-key.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { smallScenario } from '../small-world.ts';

const temporary = temporaryFolder();
const KEYS = ['a', 'b', 'c'].map((name) => contentHash(name));
const textOf = (n: number) => `{"name":"x","replication":${n},"text":"ü\\n"}`;

/** A directory with a journal of these samples. */
function directoryWith(
  numbers: readonly number[],
  campaign: unknown = { command: 'test' },
): string {
  const directory = temporary.fresh();
  const journal = createJournal({ path: join(directory, 'journal.ndjson'), campaign });
  for (const n of numbers) journal.append(KEYS[n] ?? '', textOf(n));
  journal.close();
  return directory;
}

const journalOf = (directory: string) => join(directory, 'journal.ndjson');
const unreadable = expect.objectContaining({ code: 'JOURNAL_UNREADABLE' });

describe('a journal', () => {
  it('E152: gives back what was appended, also while it is written', () => {
    const path = journalOf(temporary.fresh());
    const journal = createJournal({ path, campaign: null });
    journal.append(KEYS[0] ?? '', textOf(0));
    expect(journal.find(KEYS[0] ?? '')).toBe(textOf(0));
    expect(journal.find(KEYS[1] ?? '')).toBeUndefined();
    expect(readJournal(path).samples.get(KEYS[0] ?? '')).toBe(textOf(0));
    journal.close();
  });

  it('E152: loses no more than a last line that was cut off, at whichever byte', () => {
    const whole = readFileSync(journalOf(directoryWith([0, 1])));
    const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
    const path = journalOf(temporary.fresh());
    for (let length = lastLine; length < whole.length; length += 1) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const { samples, tornBytes } = readJournal(path);
      expect([...samples.keys()]).toEqual(KEYS.slice(0, 1));
      expect(tornBytes).toBe(length - lastLine);
    }
  });

  it('E152: is written anew where a line was cut off, and goes on', () => {
    const directory = directoryWith([0, 1]);
    const size = readFileSync(journalOf(directory)).length;
    truncateSync(journalOf(directory), size - 5);
    const options = { target: directory, campaign: null, isFresh: false, resume: undefined };
    const { journal, left, remove } = placeJournal(options);
    expect(left.samples).toBe(1);
    expect(left.tornBytes).toBeGreaterThan(0);
    journal.append(KEYS[2] ?? '', textOf(2));
    const { samples, tornBytes } = readJournal(journal.path);
    expect([[...samples.keys()], tornBytes]).toEqual([[KEYS[0], KEYS[2]], 0]);
    journal.close();
    remove();
  });

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'a damaged line before the last',
      (text) => text.replace('"replication":0', '"replication":7'),
      /line 2 is damaged/,
    ],
    [
      'another version',
      (text) => text.replace(/"backlot":"[^"]*"/, '"backlot":"0.0.1"'),
      /0\.0\.1 .*--fresh/,
    ],
    ['another Node', (text) => text.replace(/"node":"[^"]*"/, '"node":"v1"'), /Node v1.*--fresh/],
    ['no header', () => 'hello\nworld\n', /no header/],
    ['nothing', () => '', /empty/],
  ])('E152: with %s is refused', (_, damage, message) => {
    const path = journalOf(directoryWith([0, 1]));
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    expect(() => readJournal(path)).toThrow(unreadable);
    expect(() => readJournal(path)).toThrow(message);
  });

  it('E152: that nobody asked for is passed over where it is of another version', () => {
    const directory = directoryWith([0]);
    const path = journalOf(directory);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"node":"[^"]*"/, '"node":"v1"'));
    const options = { target: directory, campaign: null, isFresh: false };
    const placed = placeJournal({ ...options, resume: undefined });
    expect(placed.left).toMatchObject({ samples: 0, passedOver: [expect.stringContaining('v1')] });
    placed.journal.close();
    placed.remove();
    expect(() => placeJournal({ ...options, resume: directory })).toThrow(unreadable);
    expect(() => placeJournal({ ...options, resume: temporary.fresh() })).toThrow(/no journal/);
  });
});

describe('merging', () => {
  it('E156: joins samples, whatever lies in several', () => {
    const { samples } = mergeJournals([directoryWith([0, 2]), directoryWith([1, 2])]);
    expect([...samples].sort()).toEqual(KEYS.map((key, n) => [key, textOf(n)]).sort());
  });

  it('E156: refuses contradictions and other campaigns, all at once', () => {
    const first = directoryWith([0]);
    const other = directoryWith([1], { command: 'else' });
    const contrary = temporary.fresh();
    const journal = createJournal({ path: journalOf(contrary), campaign: { command: 'test' } });
    journal.append(KEYS[0] ?? '', textOf(5));
    journal.close();
    const merge = () => mergeJournals([first, other, contrary]);
    expect(merge).toThrow(expect.objectContaining({ code: 'JOURNAL_MERGE' }));
    expect(merge).toThrow(/another campaign.*differ in x, replication 5/);
    mkdirSync(join(first, 'sub'));
    expect(() => mergeJournals([join(first, 'sub')])).toThrow(unreadable);
  });
});

describe('the key of a sample', () => {
  it('E150: follows everything that decides it, and no order of fields', () => {
    const scenario = smallScenario();
    const task = { scenario, architecture: 'direct', replication: 1 } as const;
    const key = sampleKey(task, 'inputs');
    const turned = Object.fromEntries(Object.entries(scenario).reverse()) as typeof scenario;
    expect(sampleKey({ ...task, scenario: turned }, 'inputs')).toBe(key);
    expect(sampleKey({ ...task, name: 'direct', isAntithetic: false }, 'inputs')).toBe(key);
    const others = [
      sampleKey({ ...task, replication: 2 }, 'inputs'),
      sampleKey({ ...task, architecture: 'monolith' }, 'inputs'),
      sampleKey({ ...task, name: 'other' }, 'inputs'),
      sampleKey({ ...task, isAntithetic: true }, 'inputs'),
      sampleKey({ ...task, scenario: { ...scenario, seed: 2 } }, 'inputs'),
      sampleKey(task, 'other inputs'),
    ];
    expect(new Set([key, ...others]).size).toBe(7);
    expect(canonicalJson({ b: [1, { d: 2, c: 3 }], a: null })).toBe(
      '{"a":null,"b":[1,{"c":3,"d":2}]}',
    );
  });
});

it('E152: appends after what was cut off would glue two lines, which the checksum tells', () => {
  const path = journalOf(directoryWith([0, 1]));
  truncateSync(path, readFileSync(path).length - 5);
  appendFileSync(path, `${readFileSync(journalOf(directoryWith([2])), 'utf8').split('\n')[1]}\n`);
  expect([...readJournal(path).samples.keys()]).toEqual(KEYS.slice(0, 1));
});
