/** The HTML report: complete, the same bytes each time, inert under hostile names, readable. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ArchitectureResult, RunDocument } from '../../src/experiment/result.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { compareDocument, runDocument } from './fixture-documents.ts';
import { reportHtml } from './report-html.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' style='background:url(//evil.example)",
  '</svg></title><iframe src="//evil.example">',
  '{a|b} {@[0]} <b>&amp;</b>\u202Etxt.exe\u0000',
];

function withHostileNames(document: RunDocument): RunDocument {
  const hostile = (n: number): string => HOSTILE[n % HOSTILE.length] ?? '';
  const architectures = document.architectures.map(
    (one, n): ArchitectureResult => ({
      ...one,
      name: hostile(n),
      byPage: one.byPage.map((entry, k) => ({ ...entry, page: hostile(k) })),
      utilization: one.utilization.map((entry, k) => ({ ...entry, service: hostile(k) })),
      calls: one.calls.map((entry, k) => ({
        ...entry,
        edge: `${hostile(k)}→movie`,
        failures: { [hostile(k)]: 3 },
      })),
      servers: one.servers.map((entry, k) => ({
        ...entry,
        name: hostile(k),
        failures: { [hostile(k + 1)]: 3 },
      })),
      pipeline: {
        ...one.pipeline,
        stages: one.pipeline.stages.map((stage, k) => ({ ...stage, stage: hostile(k) })),
      },
      viewing: {
        ...one.viewing,
        topTitles: HOSTILE.map((name, k) => ({ titleId: hostile(k), name, plays: 9 })),
        topGenres: HOSTILE.map((genre) => ({ genre, plays: 9 })),
      },
      series: {
        ...one.series,
        utilization: one.series.utilization.map((s, k) => ({ ...s, name: hostile(k) })),
      },
    }),
  );
  return {
    ...document,
    architectures,
    scenario: hostile(0),
    question: hostile(3),
    replayCommand: hostile(1),
    catalogue: hostile(4),
    references: HOSTILE.map((source, k) => ({
      variant: hostile(k),
      metric: 'pagesPerSec',
      source,
      published: 10,
      measured: 9 + k,
      relativeError: (9 + k) / 10 - 1,
    })),
    differences: document.differences.map((one) => ({ ...one, a: hostile(0), metric: hostile(1) })),
    faults: document.faults.map((fault, k) => ({
      ...fault,
      kind: hostile(k),
      target: hostile(k + 1),
    })),
  };
}

/** All tags of a document, so that text which only looks like one does not count. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<([a-zA-Z][a-zA-Z0-9]*)/g)].map((match) => match[1] ?? '');
}

describe('report', () => {
  const html = reportHtml(runDocument());

  it('has every section of a run, headings in order', () => {
    const ids = [...html.matchAll(/<h2 id="([a-z-]+)"/g)].map((match) => match[1]);
    expect(ids).toEqual([
      'verdict',
      'comparison',
      'page-loads',
      'recovery',
      'call-graph',
      'heat-map',
      'traffic',
      'calls',
      'servers',
      'utilisation',
      'pipeline',
      'ledger',
      'viewing',
      'reproduce',
    ]);
    const levels = [...html.matchAll(/<h([1-6])[ >]/g)].map((match) => Number(match[1]));
    expect(levels.filter((level) => level === 1).length).toBe(1);
    expect(levels.every((level, i) => level - (levels[i - 1] ?? 0) <= 1)).toBe(true);
  });

  it('gives every chart a name and a table', () => {
    const charts = html.match(/<svg class="chart" role="img" aria-labelledby="[^"]+"/g) ?? [];
    const figures = html.split('<figure>').slice(1);
    expect(charts.length).toBe(41);
    expect(figures.length).toBe(charts.length);
    for (const figure of figures) {
      expect(figure).toMatch(/<title id="[a-z0-9-]+">[^<]{10,}<\/title>/);
      expect(figure).toMatch(/<details id="[a-z0-9-]+">.*<table>/s);
    }
  });

  it('has no id twice, and every reference has its target', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    const used = [...html.matchAll(/(?:aria-labelledby="|aria-details="|href="#|url\(#)([^")]+)/g)];
    expect(used.length).toBeGreaterThan(50);
    expect(used.filter((match) => !ids.includes(match[1]))).toEqual([]);
  });

  it('R60: is one file that fetches nothing and runs one script', () => {
    const whole = renderReport(runDocument());
    const script = /<script>([\s\S]*)<\/script>/.exec(whole)?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    expect(html).toContain(`default-src 'none'; script-src 'sha256-${hash}'; style-src`);
    expect(whole.length).toBeLessThan(1_500_000);
    expect(html.match(/<script>/g)?.length).toBe(1);
    expect(html).not.toMatch(/<(link|img|iframe|object|embed|image|use|foreignObject)\b/i);
    expect(html).not.toMatch(/ on[a-z]+=/i);
    expect(html.match(/https?:\/\/[^"]*/g)?.every((url) => url === 'http://www.w3.org/2000/svg'));
    expect(html.length).toBeLessThan(700_000);
  });

  it('gives the same bytes for the same document, whatever was drawn before', () => {
    reportHtml(compareDocument());
    expect(reportHtml(runDocument())).toBe(html);
  });

  it('leaves the colours to the style sheet, so that dark is dark', () => {
    const drawings = html.match(/<svg class="chart"[\s\S]*?<\/svg>/g) ?? [];
    const literal = drawings.flatMap((svg) => svg.match(/(?:fill|stroke)="(?:#|rgb)[^"]*"/g) ?? []);
    const seen = literal.filter((one) => !/fill="(?:#000|rgb\(0,0,0\))"/.test(one));
    expect(drawings.length).toBe(41);
    expect(seen).toEqual([]);
  });

  it('keeps hostile names inert', () => {
    const hostile = reportHtml(withHostileNames(runDocument()));
    expect(new Set(tagsOf(hostile))).toEqual(new Set([...tagsOf(html)]));
    expect(hostile).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const bare = hostile.replace(/"[^"]*"/g, '""');
    expect(bare.match(/<[^>]*\s(?:on[a-z]+|src|background)\s*=/gi) ?? []).toEqual([]);
    expect(bare.match(/<[^>]*='/g) ?? []).toEqual([]);
    expect(hostile.includes('\u202E') || hostile.includes('\u0000')).toBe(false);
  });

  it('states the ledger and how to get the run again', () => {
    expect(html).toContain('✓ balances');
    expect(html).toContain('npx backlot run scenarios/evening-peak.ts --seed 7');
    expect(html).toContain('c0ffee12ab34cd56');
  });
});

describe('report of other documents', () => {
  it('renders a comparison with its intervals and paired differences', () => {
    const html = reportHtml(compareDocument());
    expect(html.match(/<svg class="chart"/g)?.length).toBe(6);
    expect(html).toContain('Bonferroni over 18');
    expect(html.length).toBeLessThan(250_000);
  });

  it('renders one architecture alone', () => {
    const html = reportHtml(runDocument(1));
    expect(html).not.toContain('Difference in');
    expect(html).toContain('monolith shows half of its pages within');
  });

  it('renders a run in which nothing happened', () => {
    const empty = emptied(runDocument(2));
    const html = reportHtml(empty);
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
    expect(html).toContain('The scenario has no faults.');
  });
});

function emptied(document: RunDocument): RunDocument {
  const none = { value: Number.NaN, low: null, high: null };
  return {
    ...document,
    faults: [],
    startUtc: 'unknown',
    architectures: document.architectures.map((one) => ({
      ...one,
      requests: 0,
      errors: 0,
      errorShare: 0,
      byPage: [],
      pageLoadTimeIntervalsMs: { p50: none, p95: none, p99: none },
      utilization: [],
      pipeline: { ...one.pipeline, stages: [] },
      viewing: { ...one.viewing, topTitles: [], topGenres: [], playsPerMinute: [] },
      series: {
        ...one.series,
        pageLoadTimeMs: one.series.pageLoadTimeMs.map(({ name, values }) => ({
          name,
          values: values.map(() => null),
        })),
        utilization: [],
      },
    })),
  };
}
