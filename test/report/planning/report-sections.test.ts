/** Sections that show more of a run: delays, the completion curve, cost against p99, worst windows,
 * the three sentences, the settings; and the page of a campaign of faults. */
import { describe, expect, it } from 'vitest';
import type { FaultsReport } from '../../../src/experiment/faults/faults-report.ts';
import type { ArchitectureResult, RunDocument } from '../../../src/experiment/result.ts';
import { firstSentence, threeSentences } from '../../../src/report/pages/three-sentences.ts';
import { renderFaultsReport } from '../../../src/report/render-report.ts';
import { delaysHtml } from '../../../src/report/sections/clickstream/delays.ts';
import { retentionPanels } from '../../../src/report/sections/clickstream/retention.ts';
import { costFrontPanels, paretoFront } from '../../../src/report/sections/planning/cost-front.ts';
import { worstWindowsHtml } from '../../../src/report/sections/planning/worst-windows.ts';
import { runDocument } from '../fixture-documents.ts';
import { reportHtml, withoutScript } from '../report-html.ts';
import { MISSED } from './planning-documents.ts';

const RUN = runDocument(2);

function changed(change: (one: ArchitectureResult, n: number) => Partial<ArchitectureResult>) {
  const architectures = RUN.architectures.map((one, n) => ({ ...one, ...change(one, n) }));
  return { ...RUN, architectures } as RunDocument;
}

describe('R70: delays', () => {
  it('are curves by architecture, with the lateness only where events were late', () => {
    const curve = { events: 9, quantiles: [{ share: 0.5, seconds: 3.5 }] };
    const delays = { arrival: curve, freshness: curve, lateness: { events: 0, quantiles: [] } };
    const { architectures } = changed(({ pipeline }) => ({ pipeline: { ...pipeline, delays } }));
    const html = delaysHtml(architectures);
    expect(html).toContain('<td>3.50</td>');
    expect(html).toContain('id="delay-arrival-numbers"');
    expect(html).not.toContain('delay-lateness');
    expect(delaysHtml(RUN.architectures)).toBe('');
  });
});

describe('R71: the completion curve', () => {
  it('has a row a step; documents of before have none', () => {
    const retention = [0, 50, 100].map((percent) => ({ percent, share: 1 - percent / 200 }));
    const { architectures } = changed(({ viewing }) => ({ viewing: { ...viewing, retention } }));
    const [panel] = retentionPanels(architectures);
    expect(panel?.table.rows[1]).toEqual(['50 %', '75 %', '75 %']);
    expect(retentionPanels(RUN.architectures)).toEqual([]);
  });
});

describe('R72: the front', () => {
  it('holds what nothing else is at least as good as', () => {
    const point = (name: string, usdPerHour: number, p99Ms: number) => ({
      name,
      usdPerHour,
      p99Ms,
    });
    const a = point('a', 1, 900);
    const b = point('b', 2, 400);
    const twin = point('twin', 2, 400);
    const worse = point('worse', 3, 400);
    expect(paretoFront([worse, b, twin, a])).toEqual([a, b, twin]);
    expect(paretoFront([])).toEqual([]);
  });

  it('draws the rest hollow, and nothing where there is nothing to compare', () => {
    const cost = { usdPerHour: 4 } as NonNullable<ArchitectureResult['cost']>;
    const priced = RUN.architectures.map((one, n) => ({
      ...one,
      cost: { ...cost, usdPerHour: 4 + n },
    }));
    const [panel] = costFrontPanels(RUN.architectures, priced);
    expect(panel?.table.rows.map((row) => row.at(-1))).toContain('✓ yes');
    expect(panel?.chart.kind).toBe('xy');
    expect(costFrontPanels(RUN.architectures, priced.slice(1))).toEqual([]);
  });
});

describe('R73: worst windows', () => {
  it('are marked in the page loads of their time, the missed first', () => {
    const worst = { fromUs: 600e6, toUs: 660e6, value: 1, replication: 0 };
    const subject = RUN.architectures[0]?.name ?? '';
    const failed = { ...MISSED, subject, worst };
    const passed = { ...failed, verdict: 'pass' as const, objective: 'errors < 1 %' };
    const html = worstWindowsHtml({ ...RUN, verdicts: [passed, failed] });
    expect(html.match(/<figure>/g)?.length).toBe(2);
    expect(html.indexOf('errors &lt; 1 %')).toBeGreaterThan(html.indexOf('id="worst-0-title"'));
    expect(html).toContain('worst from 19:10 to 19:11 UTC');
    const whole = { ...failed, worst: { ...worst, fromUs: 0, toUs: 7_200e6 } };
    expect(worstWindowsHtml({ ...RUN, verdicts: [whole] })).toBe('');
  });
});

describe('R74: three sentences', () => {
  it('open the page, and what else there is follows', () => {
    const all = ['It took 1.5 s. One run.', 'None failed.', 'Warm.', 'Judged: 1 met.', 'All in.'];
    expect(threeSentences(all, 'Judged: 1 met.', 'f.')).toEqual({
      verdict: ['It took 1.5 s.', 'Judged: 1 met.', 'All in.'],
      notes: ['One run.', 'None failed.', 'Warm.'],
    });
    expect(threeSentences(['A.', 'B.'], undefined, 'Filler.').verdict).toEqual([
      'A.',
      'Filler.',
      'B.',
    ]);
    expect(firstSentence('no stop')).toBe('no stop');
    const verdict = /<h2 id="verdict">[\s\S]*?<\/section>/.exec(reportHtml(RUN))?.[0] ?? '';
    expect(verdict.match(/<p>/g)?.length).toBe(3);
  });
});

const FAILING: FaultsReport = {
  schema: 'backlot.faults/1',
  version: '0.1.0',
  scenario: null,
  seed: 7,
  commit: 'abc',
  runs: 20,
  runsAsked: 30,
  stoppedBy: 'time',
  events: { total: 900, median: 40, max: 90 },
  kinds: [
    {
      kind: 'process.crash',
      family: 'process',
      trials: 3,
      struckTrials: 2,
      occurrences: 2,
      strikes: 4,
    },
    {
      kind: 'network.delay',
      family: 'network',
      trials: 2,
      struckTrials: 1,
      occurrences: 1,
      strikes: 1,
    },
    {
      kind: 'network.loss',
      family: 'network',
      trials: 0,
      struckTrials: 0,
      occurrences: 0,
      strikes: 0,
    },
  ],
  invariants: [
    { name: 'sum', modality: 'always', claim: 'in = out', exercised: 9, verdict: 'broken' },
    { name: 'mark', modality: 'sometimes', claim: 'it opens', exercised: 0, verdict: 'missed' },
  ],
  failures: [
    {
      invariant: 'sum',
      trials: 2,
      first: { invariant: 'sum', message: '1 is <lost>', atUs: 5e6, event: 12, seed: 9 },
      smallest: {
        trial: {
          architecture: 'monolith',
          scenario: { faults: [{ kind: 'process.crash', at: 3 }] },
        },
        violation: { invariant: 'sum', message: '1 is lost', atUs: 2e6, event: 5 },
        size: { commands: 1, faults: 1 },
        token: 'trial:token',
        tries: 44,
        isMinimal: true,
      },
    },
  ],
  corpus: [{ file: 'a.json', invariant: 'sum', verdict: 'holds', violation: null }],
  digest: 'd1d2',
  replay: 'npx backlot faults --seed 7',
};

describe('R80: the report of a campaign', () => {
  it('says what broke, by which faults, and how it is run again', () => {
    const html = withoutScript(renderFaultsReport(FAILING));
    expect(html).toContain('<p>Broken: sum.</p>');
    expect(html).toContain('1 is &lt;lost&gt;');
    expect(html).toContain('npx backlot faults --replay trial:token');
    expect(html).toContain('process.crash, at 3');
    expect(html).toContain('✗ in 1 counterexample');
    expect(html).toContain('✓ survived');
    expect(html).toContain('✓ holds now');
    expect(html).toContain('The time was up');
  });

  it('says so where nothing broke', () => {
    const html = withoutScript(renderFaultsReport({ ...FAILING, failures: [], corpus: [] }));
    expect(html).toContain('Nothing was broken.');
    expect(html).not.toContain('What broke</h2>');
  });
});
