/** Charts one by one: marks for every value, looks that differ, tables with every number. */
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../src/report/charts/chart-spec.ts';
import { dotChart } from '../../src/report/charts/dot-chart.ts';
import { WHOLE_VIEW } from '../../src/report/charts/drawing.ts';
import { funnelChart } from '../../src/report/charts/funnel-chart.ts';
import { lineChart, sharedScale } from '../../src/report/charts/line-chart.ts';
import { type Panel, renderPanels } from '../../src/report/charts/panel.ts';
import { renderLegend, seriesStyle } from '../../src/report/charts/series-style.ts';
import { renderSvgChart } from '../../src/report/charts/svg-chart.ts';
import { bandsOf, createTimeAxis, faultLetter } from '../../src/report/charts/time-axis.ts';

const AXIS = createTimeAxis({ startUtc: '2026-11-20T19:00:00Z', virtualHours: 1 });
const SERIES = [
  { name: 'p50', values: [100, 110, null, 130], look: 0 },
  { name: 'p99', values: [400, 500, 600, 700], look: 1 },
];
const TABLE = { caption: 'numbers', columns: ['', 'a'], rows: [['row', '1']] };

/** The panel's drawing as the server makes it. */
function svgOf({ chart }: Panel): string {
  return renderSvgChart(drawChart(chart, WHOLE_VIEW), 'numbers');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('svg chart', () => {
  it('numbers ids by the chart and drops what only a live chart needs', () => {
    const spec = {
      id: 'one',
      label: 'A "label"',
      widthPx: 300,
      heightPx: 200,
      option: {
        xAxis: { type: 'value' as const },
        yAxis: { type: 'value' as const },
        series: [
          {
            type: 'line' as const,
            data: [
              [0, 1],
              [1, 2.123456],
            ],
          },
        ],
      },
    };
    const svg = renderSvgChart(spec, 'one-numbers');
    expect(renderSvgChart(spec, 'one-numbers')).toBe(svg);
    expect(svg).toContain('aria-details="one-numbers"');
    expect(svg).toContain('<title id="one-title">A &quot;label&quot;</title>');
    expect(svg).toContain('viewBox="0 0 300 200"');
    expect(svg).not.toMatch(/zr\d|ecmeta|<style|class="(?!chart)|\d\.\d{3}/);
  });
});

describe('line chart', () => {
  const scale = sharedScale(SERIES, true);
  const panel = lineChart({
    id: 'lines',
    heading: 'Page loads',
    subheading: 'p50 and p99',
    unit: 'ms',
    axis: AXIS,
    minutes: [7.5, 22.5, 37.5, 52.5],
    series: SERIES,
    faults: bandsOf([{ kind: 'slow', target: 'talent', fromMinute: 10, toMinute: 20 }]),
    scale,
  });

  const svg = svgOf(panel);

  it('tells series apart without colour and marks the fault by its letter', () => {
    expect(svg).toContain('stroke="var(--s0,#0072b2)"');
    expect(svg).toMatch(/stroke="var\(--s1,#c04e00\)"[^>]*stroke-dasharray="9,4"/);
    expect(svg).toMatch(/fill="var\(--fault,#b3261e\)"[^>]*>A<\/text>/);
    expect(svg).toContain('19:30');
  });

  it('has every number in its table', () => {
    expect(panel.table.rows).toEqual([
      ['19:07:30', '100', '400'],
      ['19:22:30', '110', '500'],
      ['19:37:30', '–', '600'],
      ['19:52:30', '130', '700'],
    ]);
  });

  it('shares a scale that holds all values, logarithmic only for wide ranges above zero', () => {
    expect(scale).toEqual({ kind: 'linear', min: 0, max: 800, interval: 200 });
    const wide = [{ name: 'a', values: [3, null, 4_000] }];
    expect(sharedScale(wide, true)).toEqual({ kind: 'log', min: 1, max: 10_000 });
    expect(sharedScale(wide, false).kind).toBe('linear');
    expect(sharedScale([{ name: 'a', values: [0, 4_000] }], true).kind).toBe('linear');
    expect(sharedScale([{ name: 'a', values: [null] }], true).max).toBe(1);
  });

  it('letters faults beyond the alphabet', () => {
    expect([0, 25, 26, 53].map(faultLetter)).toEqual(['A', 'Z', 'A2', 'B3']);
  });
});

describe('dot chart', () => {
  it('draws a symbol a value and whiskers where there are bounds', () => {
    const panel = dotChart({
      id: 'dots',
      heading: 'Differences',
      subheading: 'b − a',
      unit: 'ms',
      rows: ['b − a', 'a name that is much too long for this', 'none'],
      series: [
        {
          name: 'p95',
          values: [{ value: 5, low: 3, high: 7 }, { value: -4, low: null, high: null }, null],
          hollow: [false, true, false],
        },
      ],
      origin: 'marked-zero',
      table: TABLE,
    });
    const svg = svgOf(panel);
    expect(svg.match(/<path[^>]*fill="var\(--s0,#0072b2\)"/g)?.length).toBe(1);
    expect(svg.match(/<path[^>]*fill="var\(--card,#fff\)"/g)?.length).toBe(1);
    expect(svg.match(/<path[^>]*fill="none"[^>]*stroke="var\(--s0,#0072b2\)"/g)?.length).toBe(1);
    const lines = ['>a name that is much<', '>too long for this<'];
    for (const line of lines) expect(svg).toContain(line);
    expect(svg).toContain('−8');
  });
});

describe('funnel chart', () => {
  it('labels what passed and what was lost', () => {
    const panel = funnelChart({
      id: 'funnel',
      heading: 'federated',
      subheading: 'tracked events',
      table: TABLE,
      unit: 'tracked events',
      color: 'var(--s0)',
      max: 1_000,
      stages: [
        { name: 'validate', passed: 990, lost: 10 },
        { name: 'enrich', passed: 990, lost: 0 },
      ],
    });
    const svg = svgOf(panel);
    expect(svg).toContain('990 (−10)');
    expect(svg).toContain('>990<');
    expect(count(svg, 'stroke="var(--fault,#b3261e)"')).toBe(1);
  });
});

describe('legend and panel', () => {
  it('gives eight series eight looks', () => {
    const styles = Array.from({ length: 8 }, (_, n) => seriesStyle(n));
    expect(new Set(styles.map(({ color }) => color)).size).toBe(8);
    const looks = styles.map(({ dash, symbol }) => `${dash.join()} ${symbol}`);
    expect(new Set(looks).size).toBe(8);
    const many = Array.from({ length: 33 }, (_, n) => {
      const { color, symbol } = seriesStyle(n);
      return `${color} ${symbol}`;
    });
    expect(new Set(many).size).toBe(32);
    expect(many[32]).toBe(many[0]);
  });

  it('shows the look beside the name', () => {
    const legend = renderLegend([{ name: '<b>', style: seriesStyle(1) }], true);
    expect(legend).toContain('stroke-dasharray="9 4"');
    expect(legend).toContain('&lt;b&gt;');
    expect(renderLegend([{ name: 'a', style: seriesStyle(1) }], false)).not.toContain(
      'stroke-dash',
    );
  });

  it('puts heading, drawing and folded table together', () => {
    const spec = {
      id: 'few',
      heading: 'A & B',
      unit: 'ms',
      color: 'var(--s0)',
      max: 1,
      stages: [],
    };
    const panel = { ...funnelChart({ ...spec, subheading: 'ms', table: TABLE }), heading: 'A & B' };
    const html = renderPanels([panel]);
    expect(html).toContain('<h3>A &amp; B</h3>');
    expect(html).toMatch(
      /<\/svg>\s*<details id="few-numbers">.*<th scope="row">row<\/th><td>1<\/td>/s,
    );
  });
});

describe('faults behind the lines', () => {
  it('show where they hit, each by the letter that it has in the whole list', () => {
    const stretch = { kind: 'service.slow', target: 'talent', fromMinute: 1, toMinute: 2 };
    const faults = [
      { ...stretch, variants: ['a'] },
      { ...stretch, variants: ['b'] },
      { ...stretch, kind: 'zone.loss' },
    ];
    const lettersOf = (subject?: string) => bandsOf(faults, subject).map(({ letter }) => letter);
    expect(lettersOf('a')).toEqual(['A', 'C']);
    expect(lettersOf('b')).toEqual(['B', 'C']);
    expect(lettersOf()).toEqual(['A', 'B', 'C']);
  });
});
