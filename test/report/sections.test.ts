/** The sections say what the document says. */
import { describe, expect, it, vi } from 'vitest';
import { balance, dropReasons, ledgerSentence } from '../../src/report/ledger-text.ts';
import { comparisonSection } from '../../src/report/sections/comparison.ts';
import { differencePanels } from '../../src/report/sections/differences.ts';
import { pageLoadSection, utilizationSection } from '../../src/report/sections/over-time.ts';
import { ledgerSection, pipelineSection } from '../../src/report/sections/pipeline.ts';
import { metricsOf, metricsSection } from '../../src/report/sections/replications.ts';
import { reproduceSection } from '../../src/report/sections/reproduce.ts';
import { viewingSection } from '../../src/report/sections/viewing.ts';
import { judgeDifferences } from '../../src/report/significance.ts';
import { runBlocks } from '../../src/report/summary/run-lines.ts';
import { compareDocument, runDocument } from './fixture-documents.ts';

const RUN = runDocument();

describe('sections of a run', () => {
  it('compares architectures with their intervals', () => {
    const { body } = comparisonSection(RUN, judgeDifferences(RUN));
    expect(body).toContain('<td>510<small>[489, 531]</small></td>');
    expect(body).toContain('<td>2,452<small>too few for an interval</small></td>');
    expect(body).toContain('Difference in page load p95');
  });

  it('judges each difference in its panel', () => {
    const panels = differencePanels(judgeDifferences(RUN), 'x');
    expect(panels.map(({ heading }) => heading)).toEqual([
      'Difference in page load mean',
      'Difference in page load p50',
      'Difference in page load p95',
    ]);
    expect(panels[2]?.table.rows[1]).toEqual([
      'aggregation − monolith',
      '+25.2 [0.0, +50.4]',
      'may be chance',
      '6.40 ×',
    ]);
  });

  it('lists the faults behind the lines', () => {
    const { body } = pageLoadSection(RUN);
    expect(body).toContain('<b>A</b> service slow on talent, 19:50 to 20:06 UTC');
    expect(body.match(/<figure>/g)?.length).toBe(4);
  });

  it('keeps the look of a service from panel to panel', () => {
    const { body } = utilizationSection(RUN);
    const [, monolith = '', direct = ''] = body.split('<figure>');
    expect(monolith).toContain('stroke="var(--s0,');
    expect(direct).not.toContain('stroke="var(--s0,');
    expect(direct).toContain('stroke="var(--s3,');
  });

  it('shows the funnel with its reasons', () => {
    const { body } = pipelineSection(RUN);
    expect(body).toContain('50,643 (−1,204)');
    expect(body).toContain('bad schema 23, no time 7');
    expect(body).toContain('Freshness');
  });

  it('lists titles with their plays under every architecture', () => {
    const { body } = viewingSection(RUN);
    expect(body).toContain('<th scope="row">Salt &amp; Iron</th><td>103</td><td>106</td>');
    expect(body).toContain('Plays per minute');
  });

  it('counts plays by UTC, whatever the zone of the machine', () => {
    const { body } = viewingSection(RUN);
    vi.stubEnv('TZ', 'Asia/Tokyo');
    expect(viewingSection(RUN).body).toBe(body);
    vi.unstubAllEnvs();
    expect(body).toContain('<th scope="row">19:01</th><td>7.50</td>');
  });

  it('says how to reproduce', () => {
    expect(reproduceSection(RUN).body).toContain('<td class="t">24.21.0</td>');
  });

  it('becomes aligned lines for the terminal', () => {
    const blocks = runBlocks(RUN, 100);
    expect(blocks.map(({ heading }) => heading)).toEqual([
      'Architectures',
      'Utilisation, mean share of busy workers',
      'Calls between servers that met trouble',
      'Pipeline',
    ]);
    for (const { lines } of blocks) {
      expect(new Set(lines.map((line) => [...line].length)).size).toBe(1);
    }
  });
});

describe('sections of a comparison', () => {
  it('shows means, intervals and every replication', () => {
    const document = compareDocument();
    expect(metricsOf(document).map(({ metric }) => metric)).toEqual([
      'page load p95',
      'error share',
      'WAN bytes per page',
    ]);
    const { body } = metricsSection(document);
    expect(body.match(/<figure>/g)?.length).toBe(3);
    expect(body.match(/opacity="0.55"/g)?.length).toBe(120);
  });
});

describe('ledger', () => {
  it('stands line by line with its balance', () => {
    const { body } = ledgerSection(RUN);
    expect(body.match(/✓ balances/g)?.length).toBe(10);
    expect(body).toContain('client timeout 60, device offline 31');
  });

  it('shouts where it does not balance', () => {
    const open = { ...RUN.ledger.requests, residual: -2 };
    expect(balance(open)).toBe('✗ residual −2');
    expect(ledgerSentence({ ...RUN.ledger, requests: open })).toContain('NOT balance: −2 requests');
    expect(dropReasons({ ...open, droppedByReason: { late: 0 } })).toBe('–');
  });
});
