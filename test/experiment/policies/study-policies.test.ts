/** Policies on a small panel: who is better is known, and so is what must be refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PoliciesDocument } from '../../../src/experiment/policies/policies-document.ts';
import {
  type PoliciesStudyOptions,
  studyPolicies,
} from '../../../src/experiment/policies/study-policies.ts';
import { renderPoliciesReport } from '../../../src/report/render-report.ts';
import { policiesText } from '../../../src/report/summary/policies-text.ts';
import { openWarehouse, type Warehouse } from '../../../src/storage/warehouse.ts';
import { loopScenario } from '../recommendations/loop-world.ts';
import { smallScenario } from '../small-world.ts';

const SEED = 20_261_126;
const scenario = { ...loopScenario({ history: { days: 10, policy: 'random' } }), seed: SEED };
const opened: Warehouse[] = [];

function study(options: Partial<PoliciesStudyOptions> = {}): Promise<PoliciesDocument> {
  const warehouse = openWarehouse({ path: ':memory:', source: 'history' });
  opened.push(warehouse);
  return studyPolicies({
    scenario,
    viewers: 60,
    days: 4,
    offPolicyRuns: 4,
    kinds: ['random', 'popularity', 'als', 'oracle'],
    warehouse,
    warehousePath: 'history.sqlite',
    replayCommand: 'npx backlot policies small.ts',
    ...options,
  });
}

let document: PoliciesDocument;
beforeAll(async () => {
  document = await study();
});
afterAll(() => {
  for (const warehouse of opened) warehouse.close();
});

describe('a study of policies', () => {
  it('M230: is the same again, to the bit', async () => {
    expect(JSON.stringify(await study())).toBe(JSON.stringify(document));
  });

  it('M230: has no number that is none', () => {
    // JSON writes null for NaN: what was null before is null after.
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('knows who is best: nobody is above the oracle, and it has no regret', () => {
    const share = (name: string) =>
      document.policies.find((one) => one.name === name)?.regret.shareOfOracle ?? 0;
    expect(share('oracle')).toBe(1);
    for (const { name } of document.policies) expect(share(name)).toBeLessThanOrEqual(1);
    const oracle = document.policies.find(({ name }) => name === 'oracle');
    const hours = oracle?.overBaseline?.find(({ metric }) => metric === 'hours')?.paired;
    expect(hours?.low).toBeGreaterThan(0);
  });

  it('M231: judges models by the history’s own future, against the oracle', () => {
    const { models, panel } = document;
    expect(models?.plays.all).toBeLessThanOrEqual(panel.historyPlays);
    expect(models?.models.at(-1)?.name).toBe('oracle');
  });

  it('M232: tries one that could be served', () => {
    expect(document).toMatchObject({ baseline: 'popularity', challenger: 'als' });
    expect(document.experiment.arms.map(({ name }) => name)).toEqual(['popularity', 'als']);
  });

  it('M233: refuses a scenario that recommends nothing, and one policy alone', async () => {
    await expect(study({ scenario: smallScenario() })).rejects.toThrow(
      /SCENARIO_UNPLANNABLE: recommendations: nothing found; .*give recommendations.arms/,
    );
    await expect(study({ kinds: ['als'] })).rejects.toThrow(
      /ANALYTICS_BAD_ARGUMENT: policies: 1 found, .*at least 2/,
    );
  });

  it('M234: says why models are not judged, where nobody watched enough', async () => {
    const { models, modelsMissing } = await study({
      viewers: 1,
      historyDays: 1,
      kinds: ['random', 'oracle'],
    });
    expect(models).toBeNull();
    expect(modelsMissing).toMatch(/ANALYTICS_NO_DATA/);
  });

  it('is a page and a text that say so', () => {
    const html = renderPoliciesReport(document);
    for (const heading of ['Policies side by side', 'Regret', 'Off-policy estimates']) {
      expect(html).toContain(heading);
    }
    const words = html.replace(/<script.*?<\/script>/gs, '');
    expect(/.{20}\bNaN\b.{20}/.exec(words)).toBeNull();
    const text = policiesText(document, { color: false, width: 100 });
    expect(text).toContain('What this shows');
    expect(text).not.toContain('NaN');
  });
});
