/** JUnit and Markdown: what a document asserts, for a CI and for people. */
import { beforeAll, describe, expect, it } from 'vitest';
import { suitesOf } from '../../../src/export/cases/suites-of.ts';
import type { ExportableDocument } from '../../../src/export/export-format.ts';
import { JUNIT } from '../../../src/export/formats/junit.ts';
import { MARKDOWN } from '../../../src/export/formats/markdown.ts';
import { markdownCode, markdownText } from '../../../src/export/text/markdown-text.ts';
import { xmlText } from '../../../src/export/text/xml-text.ts';
import {
  everyDocument,
  faultsDocument,
  HOSTILE_NAMES,
  ingestDocument,
  judgedDocument,
  NO_SOURCES,
} from '../export-documents.ts';

let documents: ReadonlyMap<string, ExportableDocument>;

beforeAll(async () => {
  documents = await everyDocument();
});

describe('cases', () => {
  it('X30: every kind of document asserts something', () => {
    for (const document of documents.values()) {
      expect(suitesOf(document).flatMap(({ cases }) => cases).length).toBeGreaterThan(0);
    }
  });

  it('X31: missed fails, inconclusive and warnings are skipped with the reason', () => {
    const states = suitesOf(judgedDocument())
      .filter(({ name }) => name === 'objectives')
      .flatMap(({ cases }) => cases.map(({ state }) => state));
    expect(states).toEqual(['failed', 'passed', 'undecided', 'skipped', 'warned']);
    const text = JUNIT.render(judgedDocument(), NO_SOURCES);
    expect(text.match(/<failure /g)).toHaveLength(1);
    expect(text.match(/<skipped message="(inconclusive|warning|skipped): /g)).toHaveLength(3);
  });

  it('X31: a ledger that does not balance and a law that is broken fail', () => {
    const document = judgedDocument();
    const { requests, events } = document.ledger;
    const broken = { requests: { ...requests, residual: 2 }, events };
    const text = JUNIT.render({ ...document, verdicts: [], ledger: broken }, NO_SOURCES);
    expect(text.match(/<failure /g)).toHaveLength(1);
    expect(text).toMatch(/failure type="failed" message="2 of [\d,]+ requests cannot be accounted/);
    const campaign = JUNIT.render(faultsDocument(), NO_SOURCES);
    expect(campaign).toContain('message="exactly-once: two facts of one event"');
    expect(campaign).toContain('npx backlot faults --replay t-abc');
  });
});

describe('JUnit', () => {
  it('X32: is well-formed XML whose counts are those of its cases', () => {
    for (const document of documents.values()) {
      const text = JUNIT.render(document, NO_SOURCES);
      expect(xmlProblem(text)).toBeUndefined();
      const [, tests, failures, skipped] =
        /<testsuites name="[^"]*" tests="(\d+)" failures="(\d+)" errors="0" skipped="(\d+)">/.exec(
          text,
        ) ?? [];
      expect(Number(tests)).toBe(text.match(/<testcase /g)?.length);
      expect(Number(failures)).toBe(text.match(/<failure /g)?.length ?? 0);
      expect(Number(skipped)).toBe(text.match(/<skipped /g)?.length ?? 0);
    }
  });

  it.each(HOSTILE_NAMES)('X32: is well-formed with the name %j', (name) => {
    const text = JUNIT.render(ingestDocument(name), NO_SOURCES);
    expect(xmlProblem(text)).toBeUndefined();
    const [, shown] = /<testsuites name="([^"]*)"/.exec(text) ?? [];
    expect(shown).toBe(`ingest ${xmlText(name)}`);
  });

  it('finds XML that is not well-formed', () => {
    const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
    expect(xmlProblem(`${head}<a b="1"><c/>x &amp; y</a>`)).toBeUndefined();
    for (const wrong of [
      '<a>',
      '<a></b>',
      '<a b="<"/>',
      '<a>&x;</a>',
      '<a>\u0001</a>',
      '<a b=1/>',
    ]) {
      expect(xmlProblem(head + wrong)).toBeDefined();
    }
  });
});

describe('Markdown', () => {
  it('X33: tells the verdict first, then what failed and why, then how to run it again', () => {
    const text = MARKDOWN.render(judgedDocument(), NO_SOURCES);
    const at = (part: string) => text.indexOf(part);
    expect(text).toMatch(/❌ \*\*1 failed\*\*, 1 inconclusive, 1 warning, 1 skipped, \d+ passed\./);
    expect(at('## run evening')).toBe(0);
    expect(at('❌ **1 failed**')).toBeLessThan(at('| ❌ failed |'));
    expect(at('| ❌ failed |')).toBeLessThan(at('| ❔ inconclusive |'));
    expect(at('Again: ` npx backlot run')).toBeGreaterThan(at('| ❔ inconclusive |'));
  });

  it('X34: stays far below the 1 MiB that GitHub takes, and says what is left out', () => {
    const document = judgedDocument();
    const [missed] = document.verdicts;
    if (missed === undefined) throw new Error('no verdict');
    const verdicts = Array.from({ length: 5_000 }, () => missed);
    const text = MARKDOWN.render({ ...document, verdicts }, NO_SOURCES);
    expect(text.length).toBeLessThan(100_000);
    expect(text).toContain('… and 4950 more');
  });

  it.each([
    ['<b>', '&lt;b&gt;'],
    ['a|b', 'a&#124;b'],
    ['[x](y)', '\\[x\\]\\(y\\)'],
    ['@team', '&#64;team'],
    ['https://evil.example', 'https&#58;//evil.example'],
    ['www.evil.example', 'www&#46;evil.example'],
    ['20:30', '20:30'],
    ['a\n# b', 'a \\# b'],
    ['`code`', '\\`code\\`'],
  ])('X35: %j is shown as it is', (text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });

  it('X35: a code span holds backticks', () => {
    expect(markdownCode('a `b` ``c``')).toBe('``` a `b` ``c`` ```');
  });
});

/** The first thing that makes a text no well-formed XML 1.0 of elements and text; by a reader that
 * knows nothing of JUnit. */
function xmlProblem(text: string): string | undefined {
  if (!text.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n')) return 'no declaration';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.test(text)) return 'character';
  const body = text.slice(text.indexOf('\n') + 1);
  const open: string[] = [];
  const name = '[A-Za-z][\\w.-]*';
  const entity = '&(?:amp|lt|gt|quot|apos|#\\d+);';
  const attribute = `\\s+${name}="(?:[^"<&]|${entity})*"`;
  const tag = `<(/?)(${name})((?:${attribute})*)\\s*(/?)>`;
  const token = new RegExp(`${tag}|(?:[^<>&]|${entity})+`, 'gy');
  let at = 0;
  for (const match of body.matchAll(token)) {
    at = match.index + match[0].length;
    const [, end, element = '', attributes = '', isEmpty] = match;
    const names = [...attributes.matchAll(/\s([\w.-]+)="/g)].map(([, one]) => one);
    if (new Set(names).size < names.length) return `attribute twice in ${element}`;
    if (element === '' || isEmpty === '/') continue;
    if (end !== '/') open.push(element);
    else if (open.pop() !== element) return `</${element}>`;
  }
  if (at < body.length) return body.slice(at, at + 40);
  return open.length > 0 ? `<${open.at(-1)}> is open` : undefined;
}
