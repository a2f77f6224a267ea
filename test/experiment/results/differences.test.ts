/** Differences: paired by section, and only where both sides have something to pair. */
import { describe, expect, it } from 'vitest';
import {
  commonSections,
  pairedDifferences,
  sectionMetrics,
} from '../../../src/experiment/results/differences.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { renderReport } from '../../../src/report/render-report.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import { smallScenario } from '../small-world.ts';

describe('paired differences', () => {
  it('E5: keep the sections that all architectures have', () => {
    const [a, b] = commonSections([
      [[1], [], [3], [4]],
      [[10], [20], [], [40]],
    ]);
    expect([a, b]).toEqual([
      [[1], [4]],
      [[10], [40]],
    ]);
  });

  it('E5: are the later minus the earlier, section by section', () => {
    const differences = pairedDifferences([
      ...sectionMetrics('a', [[100, 200], [300], [500]]),
      ...sectionMetrics('b', [[110, 230], [330], [520]]),
    ]);
    const mean = differences.find(({ metric }) => metric === 'page load mean');
    expect(mean).toMatchObject({ a: 'a', b: 'b', unit: 'ms' });
    expect(mean?.difference.value).toBeCloseTo((20 + 30 + 20) / 3, 9);
    expect(differences.length).toBe(3);
  });

  it('E5: survive a run with a handful of viewers', async () => {
    for (const viewers of [0.01, 1, 3]) {
      const scenario = smallScenario({ audience: { viewers } });
      const document = await runScenario(scenario, { threads: 1 });
      expect(document.architectures.length).toBe(4);
      expect(document.ledger.requests.residual).toBe(0);
      expect(renderReport(document)).toContain('</html>');
      expect(renderSummary(document, { color: false, width: 100 })).not.toContain('NaN');
    }
  });
});
