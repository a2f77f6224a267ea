/** The terminal summary: it fits, aligns, needs no colour and lets no control character through. */
import { describe, expect, it } from 'vitest';
import { textTable, wrapped } from '../../src/report/summary/text-table.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { compareDocument, runDocument } from './fixture-documents.ts';

const PLAIN = { color: false, width: 100 } as const;

function longest(text: string): number {
  return Math.max(...text.split('\n').map((line) => [...line].length));
}

describe('summary', () => {
  it.each([100, 80, 60])('fits %s columns', (width) => {
    const texts = [runDocument(), runDocument(1), compareDocument()].map((document) =>
      renderSummary(document, { color: false, width }),
    );
    expect(texts.length).toBe(3);
    for (const text of texts) expect(longest(text)).toBeLessThanOrEqual(width);
  });

  it('says what a run has to say', () => {
    const text = renderSummary(runDocument(), PLAIN);
    const words = ['pages asked for', 'failed or timed out', 'page load p99, ms', '95 % interval'];
    const more = [
      'WAN calls per page',
      'internal bytes per page',
      'freshness p95, s',
      'production',
    ];
    for (const word of [...words, ...more, '= out', '✓ balances', 'digest c0ffee12ab34cd56']) {
      expect(text).toContain(word);
    }
    expect(text).toMatch(/page load p95, ms +510 +1,126 +535 +571/);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('says which differences of a comparison are shown', () => {
    const text = renderSummary(compareDocument(), PLAIN);
    expect(text).toMatch(/direct − monolith +\+\d+ \[\+\d+, \+\d+\] +higher/);
    expect(text).toContain('Bonferroni over 18');
    expect(text).toContain('Figures over 10 replications');
  });

  it('says the same without colour', () => {
    for (const document of [runDocument(), compareDocument()]) {
      const colored = renderSummary(document, { color: true, width: 100 });
      const esc = String.fromCharCode(27);
      expect(colored).toContain(`${esc}[1m`);
      const bare = colored.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '');
      const lines = (text: string): string[] => text.split('\n').map((line) => line.trimEnd());
      expect(lines(bare)).toEqual(lines(renderSummary(document, PLAIN)));
    }
  });

  it('lets no control character of a name reach the terminal', () => {
    const text = renderSummary({ ...runDocument(), scenario: 'a\u001b[2Jb\u202Ec\u0007' }, PLAIN);
    expect(text.split('\n')[0]).toBe('a [2Jb c');
  });
});

describe('text table', () => {
  it('splits into blocks that repeat the row names', () => {
    const table = { columns: ['', 'one', 'two'], rows: [['name', '1,000', '2']] };
    expect(textTable(table, 12)).toEqual([
      '        one',
      'name  1,000',
      '',
      '      two',
      'name    2',
    ]);
    expect(textTable(table, 40)[1]).toBe('name  1,000    2');
  });

  it('wraps at spaces', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('', 7)).toEqual([]);
  });
});
