/** The page shell and its tables. */
import { describe, expect, it } from 'vitest';
import { renderPage } from '../../src/report/html/page-shell.ts';
import { STYLES } from '../../src/report/html/styles.ts';
import { renderTable } from '../../src/report/html/table.ts';

/** Relative luminance of a colour like #0af or #00aaff (WCAG 2). */
function luminance(color: string): number {
  const hex = color.length === 4 ? color.replace(/[0-9a-f]/g, '$&$&') : color;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const channel = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

describe('page', () => {
  const page = {
    title: 'a <b>',
    lead: 'why?',
    facts: [['Seed', '7']],
    verdict: ['One.', 'Two & three.'],
    sections: [{ id: 'first', heading: 'First', body: '<p>body</p>' }],
    footer: 'end',
  } as const;
  const html = renderPage(page, { text: 'void 0', hash: 'sha256-abc' });

  it('escapes texts, keeps bodies, links sections', () => {
    expect(html.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    expect(html).toContain('<title>a &lt;b&gt;</title>');
    expect(html).toContain('<p>Two &amp; three.</p>');
    expect(html).toContain('<a href="#first">First</a>');
    expect(html).toContain('<p>body</p>');
  });

  it('R60: forbids the network and all scripts but its own', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    expect(policy).toBe(
      "default-src 'none'; script-src 'sha256-abc'; style-src 'unsafe-inline'; img-src data:; " +
        "base-uri 'none'; form-action 'none'",
    );
    expect(html.match(/<script/gi)?.length).toBe(1);
    expect(html).toContain('<script>void 0</script>');
    expect(html).not.toMatch(/url\(|@import| on[a-z]+=/i);
  });

  it('has text at 4.5:1 and series at 3:1, in light and dark', () => {
    const themes = STYLES.match(/--paper:[^}]+/g)?.slice(0, 2) ?? [];
    expect(themes.length).toBe(2);
    for (const theme of themes) {
      const colors = new Map(
        [...theme.matchAll(/--(\w+):(#[0-9a-f]+)/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
      );
      const against = (name: string, ground: string): number =>
        contrast(colors.get(name) ?? '', colors.get(ground) ?? '');
      for (const ground of ['paper', 'card', 'soft']) {
        for (const text of ['ink', 'ink2', 'link', 'fault']) {
          expect(against(text, ground)).toBeGreaterThanOrEqual(4.5);
        }
        for (let n = 0; n < 8; n += 1) {
          expect(against(`s${n}`, ground)).toBeGreaterThanOrEqual(3);
        }
      }
    }
  });
});

describe('table', () => {
  it('scrolls by keyboard, names its rows and columns, escapes its cells', () => {
    const html = renderTable({
      caption: 'Cap "tion"',
      columns: ['', 'ms'],
      rows: [['<row>', { text: '5', note: '[4, 6]' }]],
    });
    expect(html).toContain('tabindex="0" role="group" aria-label="Cap &quot;tion&quot;"');
    expect(html).toContain('<th scope="row">&lt;row&gt;</th><td>5<small>[4, 6]</small></td>');
    expect(html).toContain('<th scope="col">ms</th>');
  });
});
