/** Numbers as people read them. */
import { describe, expect, it } from 'vitest';
import { niceSteps } from '../../src/report/charts/nice-steps.ts';
import { createTimeAxis } from '../../src/report/charts/time-axis.ts';
import { escapeHtml, printable, shortened } from '../../src/report/html/escape.ts';
import {
  formatBytes,
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
  formatTick,
  inWords,
  plural,
} from '../../src/report/numbers.ts';

describe('numbers', () => {
  it('have three significant digits and thousands apart', () => {
    const texts = [0, 0.0123, 1.234, 12.34, 99.96, 312.4, 12_345.6, -0.5].map(formatNumber);
    expect(texts).toEqual(['0', '0.0123', '1.23', '12.3', '100', '312', '12,346', '−0.500']);
    expect([null, undefined, Number.NaN, Infinity].map(formatNumber)).toEqual(Array(4).fill('–'));
    expect(formatNumber(-1e-9)).toBe('0.000000');
    const rounding = { value: 2e-15, low: -3e-16, high: 4e-15 };
    expect(formatEstimate(rounding, true)).toBe('0 [0, 0]');
  });

  it('carry their unit', () => {
    expect([0, 999, 18_400, 2e6].map(formatBytes)).toEqual(['0 B', '999 B', '18.4 kB', '2 MB']);
    expect([formatShare(0.0123), formatShare(1), formatShare(null)]).toEqual([
      '1.23 %',
      '100 %',
      '–',
    ]);
    expect([formatCount(1_234_567), plural(1, 'page')]).toEqual(['1,234,567', '1 page']);
    expect([0.3, 600, 1_000].map(formatTick)).toEqual(['0.3', '600', '1,000']);
  });

  it('show estimates with the decimals of the largest bound', () => {
    expect(formatEstimate({ value: 1.5, low: -0.25, high: 12.345 }, true)).toBe(
      '+1.5 [−0.3, +12.3]',
    );
    expect(formatEstimate({ value: 312.4, low: null, high: null })).toBe('312 [no interval]');
    expect(formatEstimate({ value: Number.NaN, low: null, high: null })).toBe('–');
  });

  it('come in lists', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(inWords)).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

describe('axes', () => {
  it('end at round numbers with even steps', () => {
    expect([0, 7, 23, 87, 640].map(niceSteps)).toEqual([
      { max: 1, interval: 0.25 },
      { max: 8, interval: 2 },
      { max: 30, interval: 10 },
      { max: 100, interval: 20 },
      { max: 800, interval: 200 },
    ]);
  });

  it('name moments by the clock, by hours beyond two days or where the start is unknown', () => {
    const evening = createTimeAxis({ startUtc: '2026-11-20T23:30:00Z', virtualHours: 2 });
    expect([evening.format(0), evening.format(45), evening.stepMinutes]).toEqual([
      '23:30',
      '00:15',
      30,
    ]);
    expect(createTimeAxis({ startUtc: '', virtualHours: 2 }).format(70)).toBe('1:10');
    const brief = createTimeAxis({ startUtc: '2026-11-20T23:59:00Z', virtualHours: 70 / 3_600 });
    expect([brief.formatLabel(0.25), brief.format(1 + 1 / 120)]).toEqual(['23:59:15', '00:00:01']);
    expect(brief.stepMinutes).toBe(0.25);
    const week = createTimeAxis({ startUtc: '2026-11-20T23:30:00Z', virtualHours: 168 });
    expect([week.name, week.format(3_000)]).toEqual(['time since the start, h:mm', '50:00']);
  });
});

describe('text', () => {
  it('is escaped, printable and short', () => {
    expect(escapeHtml(`<a href="x" b='y'>&`)).toBe(
      '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;',
    );
    expect(printable('\u0000a\nb\u2028c\u202E')).toBe('a b c');
    expect(shortened('Paper Moon City', 8)).toBe('Paper M…');
    expect(shortened('🎬🎬🎬', 3)).toBe('🎬🎬🎬');
  });
});
