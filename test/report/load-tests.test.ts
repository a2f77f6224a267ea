/** Reports and summaries of real load tests: with faults, fallbacks and an autoscaler, of one
 * variant alone, and of fourteen. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../src/experiment/result.ts';
import { callsSection } from '../../src/report/sections/calls.ts';
import { comparisonSection } from '../../src/report/sections/comparison.ts';
import { trafficSection } from '../../src/report/sections/over-time.ts';
import { referencesSection } from '../../src/report/sections/references.ts';
import { serversSection } from '../../src/report/sections/servers.ts';
import { differencesFromBest, judgeDifferences } from '../../src/report/significance.ts';
import { loadInWords, subjectNoun } from '../../src/report/subjects.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { runVerdict } from '../../src/report/verdict.ts';
import { runDocument } from './fixture-documents.ts';
import { aloneDocument, manyDocument, stormDocument } from './load-test-documents.ts';
import { reportHtml } from './report-html.ts';

const PLAIN = { color: false, width: 100 } as const;

let storm: RunDocument;
let alone: RunDocument;
let many: RunDocument;

beforeAll(async () => {
  storm = await stormDocument();
  alone = await aloneDocument();
  many = await manyDocument();
}, 180_000);

function verdictOf(document: RunDocument): string {
  return runVerdict(document, judgeDifferences(document)).join('\n');
}

/** The cells of the row with this name, in the table with this caption. */
function rowOf(html: string, caption: string, name: string): readonly string[] {
  const table = html.split('<table>').find((one) => one.includes(`<caption>${caption}<`)) ?? '';
  const row = table.split('<tr>').find((one) => one.includes(`<th scope="row">${name}</th>`)) ?? '';
  return [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map((match) => match[1] ?? '');
}

describe('calls and servers', () => {
  it('R4: names every edge and server with its counts', () => {
    const [retries] = storm.architectures;
    const calls = callsSection(storm).body;
    const servers = serversSection(storm).body;
    expect(retries?.calls.length).toBe(4);
    expect(retries?.servers.length).toBe(4);
    const talent = retries?.calls.find(({ edge }) => edge === 'router→talent');
    const row = rowOf(calls, 'retries: calls by edge', 'router→<wbr>talent');
    expect(talent?.retries).toBeGreaterThan(100);
    expect(row[0]).toBe(talent?.calls.toLocaleString('en'));
    expect(row).toContain(talent?.retries.toLocaleString('en'));
    expect(row.at(-1)).toMatch(/^timeout [\d,]+, overloaded [\d,]+$/);
    expect(rowOf(servers, 'retries: servers', 'talent').at(-1)).toMatch(/^rejected [\d,]+$/);
  });

  it('R4: shows fallbacks as degraded, never as success', () => {
    const [retries, fallback] = storm.architectures;
    expect(retries?.degraded).toBe(0);
    expect(fallback?.degraded).toBeGreaterThan(100);
    const { body } = comparisonSection(storm, judgeDifferences(storm));
    const cells = rowOf(body, 'Figures by variant', 'Degraded: stale or default values');
    expect(cells[0]).toBe('0');
    expect(cells[1]).toContain(`${fallback?.degraded.toLocaleString('en')} pages`);
    expect(verdictOf(storm)).toContain('came degraded, with stale or default values');
    expect(renderSummary(storm, PLAIN)).toMatch(/degraded, pages +0 +1,\d{3} +0/);
  });

  it('R4: leaves out columns without anything to count, and names them', () => {
    const { body } = callsSection(storm);
    expect(body).toContain('Left out, as all zero: stale, given up, hedges.');
    expect(body).not.toContain('>Hedges<');
    expect(callsSection(runDocument()).body).toContain('>Hedges<');
  });

  it('lists edges in trouble on the terminal, and none where there was none', () => {
    expect(renderSummary(storm, PLAIN)).toMatch(/\nretries +router→talent +[\d,]+ +2\.\d+ /);
    expect(renderSummary(alone, PLAIN)).not.toContain('trouble');
  });
});

describe('over time', () => {
  it('R5: draws goodput and tries over one another', () => {
    const { body } = trafficSection(storm);
    expect(body.match(/<figure>/g)?.length).toBe(3);
    expect(body).toContain('pages per second</text>');
    expect(body).toContain('tries per second, all calls together</text>');
    const names = ['time of day, UTC', 'asked for', 'shown', 'errors', 'tries'];
    const head = names.map(
      (name, n) => `<th scope="col"${n === 0 ? ' class="t"' : ''}>${name}</th>`,
    );
    expect(body).toContain(head.join(''));
    expect(trafficSection(runDocument()).body).toContain('pages per minute');
  });

  it('R5: draws replicas and limits only where they varied', () => {
    const { body } = serversSection(storm);
    const [, replicas = '', limits = ''] = body.split('<h3 class="apart">Replicas over time</h3>');
    expect(limits).toBe('');
    expect(replicas.match(/<figure>/g)?.length).toBe(2);
    expect(replicas).toContain('Concurrency limits over time');
    expect(replicas).not.toContain('<h3>retries</h3>');
    expect(serversSection(alone).body).not.toContain('over time');
  });
});

describe('published figures', () => {
  it('R6: stand beside the predicted ones, marked where they are far off', () => {
    const { body = '' } = referencesSection(storm) ?? {};
    const met = rowOf(
      body,
      'Predicted and published figures; ✗ marks what is off by more than 15 %',
      'retries',
    );
    expect(met).toEqual([
      'pages per second',
      '58',
      '59.6',
      '+2.73 %',
      '✓ within 15 %',
      'A paper, table 2',
    ]);
    expect(body).toContain('✗ beyond 15 %');
    expect(body).toContain('A &lt;b&gt;blog&lt;/b&gt;');
    expect(verdictOf(storm)).toContain('1 of 2 published figures is met within ±15 %');
    expect(renderSummary(storm, PLAIN)).toMatch(
      /retries +pages per second +58 +59\.6 +\+2\.73 % +✓/,
    );
    expect(referencesSection(alone)).toBeUndefined();
  });

  it('R6: do not count as met where nothing was measured', () => {
    const references = storm.references.map((one) => ({
      ...one,
      measured: Number.NaN,
      relativeError: Number.NaN,
    }));
    const html = reportHtml({ ...storm, references });
    expect(html).toContain('0 of 2 published figures are met');
    expect(html).not.toContain('NaN');
  });
});

describe('a run without viewers', () => {
  it('R7: has no section about viewers and says what load was put on', () => {
    for (const document of [storm, alone, many]) {
      const html = reportHtml(document);
      const ids = [...html.matchAll(/<h2 id="([a-z-]+)"/g)].map((match) => match[1]);
      expect(ids).toContain('servers');
      expect(ids.filter((id) => id === 'pipeline' || id === 'viewing')).toEqual([]);
      expect(html).not.toMatch(/NaN|Infinity|undefined|Freshness|tracked event/);
      expect(html).toContain('Viewers <b>none, so no clickstream</b>');
      expect(renderSummary(document, PLAIN)).not.toMatch(/NaN|freshness|tracked event|0 viewers/);
    }
    expect(loadInWords(storm.architectures)).toBe('60 arrivals a second, inside the datacentre');
    expect(loadInWords(alone.architectures)).toBe('up to 30 users, each waiting for its page');
    expect(loadInWords(runDocument().architectures)).toBeUndefined();
    expect(reportHtml(alone)).toContain('Virtual time <b>70 seconds</b>');
  });
});

describe('many variants', () => {
  it('R8: are rows of the figures, folded charts and tables', () => {
    const html = reportHtml(many);
    expect(html).toContain('<h1>many-gateways: 14 variants</h1>');
    const name = many.architectures[13]?.name ?? '';
    expect(html).toContain(`<th scope="row">${name}<small>aggregation</small></th>`);
    expect(html).toContain('<summary>14 charts</summary>');
    expect(html.match(/<details class="group"><summary>a-gateway/g)?.length).toBe(42);
    expect(html.length).toBeLessThan(1_500_000);
    const text = renderSummary(many, PLAIN);
    expect(text).toMatch(new RegExp(`\\n${name} +[\\d,]+ +\\d+ +0 %`));
    expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(100);
  });

  it('R8: differ from the lowest, which comes out as the lowest of each pair', () => {
    const { differences } = judgeDifferences(many);
    const p95 = differences.filter(({ metric }) => metric === 'page load p95');
    expect(p95.length).toBe(91);
    const { pairs, best } = differencesFromBest(p95);
    expect(pairs.length).toBe(13);
    expect(pairs.every(({ a, difference }) => a === best && difference.value >= 0)).toBe(true);
    const few = differencesFromBest(p95.slice(0, 6));
    expect([few.pairs.length, few.best]).toEqual([6, undefined]);
  });

  it('R8: get a verdict that names the nearest and counts the rest', () => {
    const [speed = ''] = runVerdict(many, judgeDifferences(many));
    expect(speed).toMatch(/and \d more may be chance/);
    expect(speed.length).toBeLessThan(900);
  });
});

describe('words', () => {
  it('R9: speak of variants where names are not those of architectures', () => {
    expect(subjectNoun(storm.architectures)).toBe('variant');
    expect(subjectNoun(runDocument().architectures)).toBe('architecture');
    const verdict = verdictOf(storm);
    expect(verdict).toContain('autoscaled has the lowest 95th-percentile page-load time');
    expect(verdict).toContain('every other variant is shown to be higher');
    expect(verdict).toContain('Each showed 59.6 pages a second.');
    expect(verdict).not.toContain('architecture');
    expect(reportHtml(storm)).toContain('>Variants compared</h2>');
  });

  it('R9: compare nothing where one ran alone', () => {
    const verdict = verdictOf(alone);
    expect(verdict).toContain('only shows half of its pages within');
    expect(verdict).toMatch(/It showed \d+ pages a second\. *\nNone of [\d,]+ pages failed/);
    expect(verdict).not.toMatch(/lowest|compare|most/);
    expect(reportHtml(alone)).toContain('>Figures</h2>');
  });
});
