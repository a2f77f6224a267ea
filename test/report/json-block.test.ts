/** Data blocks and the script of a page: inert as HTML, and the same when read again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/report/html/escape.ts';
import { renderJson } from '../../src/report/html/json-block.ts';
import { reportScript, withinElement } from '../../src/report/pages/page-script.ts';

const BLOCK = /^<script type="application\/json" class="chart">([^<>&]*)<\/script>$/;

function rounded(number: number): number {
  return Number.isInteger(number) ? number + 0 : Number(number.toPrecision(6));
}

describe('R62: data in the page', () => {
  it('has no character of HTML and reads as what it was', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('</script><script>', '<!--<script>', '\\"', '\\\\"', '\u2028', '&lt;'),
    );
    const property = fc.property(fc.array(hostile), fc.double({ noNaN: true }), (texts, number) => {
      const html = renderJson({ texts, number }, 'chart');
      const [, json = ''] = BLOCK.exec(html) ?? [];
      const read = JSON.parse(json) as { texts: string[]; number: number | null };
      expect(read.texts).toEqual(texts.map(printable));
      if (Number.isFinite(number)) expect(read.number).toBe(rounded(number));
      expect(json).not.toMatch(/[\u2028\u2029]|\\"/);
    });
    fc.assert(property, { seed: 62, numRuns: 300 });
  });

  it('keeps whole numbers and rounds fractions', () => {
    expect(renderJson([12_345_678, 0.123456789, null], 'a')).toContain('[12345678,0.123457,null]');
  });
});

describe('R60: the script of the page', () => {
  it('cannot end its element', () => {
    const script = `a="</script>";b='<!--<SCRIPT';c=1<d`;
    const inert = withinElement(script);
    expect(inert).not.toMatch(/<\/script|<script|<!--/i);
    // Strings say the same as before.
    expect(inert).toContain('\\x3C/script>');
    expect(inert).toContain('c=1<d');
    expect(withinElement('a\r\nb\rc')).toBe('a\nb\nc');
  });

  it('is built, small enough, and named by its hash', () => {
    const { text, hash } = reportScript();
    expect(hash).toMatch(/^sha256-[A-Za-z0-9+/]{43}=$/);
    expect(text.length).toBeGreaterThan(100_000);
    expect(text.length).toBeLessThan(700_000);
  });
});
