/** `scenarios/planning/premiere-objectives.ts`: what one replication can say of its promises, and,
 * where there is time, what several decide. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../scenarios/planning/premiere-objectives.ts';
import { createCampaign } from '../../src/experiment/campaign/campaign.ts';
import type { RunSample } from '../../src/experiment/campaign/run-sample.ts';
import { judgeObjectives } from '../../src/experiment/objectives/judge-objectives.ts';
import type { ObjectiveVerdict } from '../../src/experiment/objectives/objective.ts';
import { runScenario } from '../../src/experiment/run.ts';
import { variantsOf } from '../../src/experiment/scenario/variants.ts';

const REPLICATIONS = [0, 1, 2, 3, 4, 5];
const isLong = process.env['BACKLOT_LONG'] !== undefined;
if (!isLong) console.info('skipped: six replications of the premiere, for BACKLOT_LONG');

function ofSubject(verdicts: readonly ObjectiveVerdict[], subject: string, text: string) {
  const found = verdicts.find((one) => one.subject === subject && one.objective.startsWith(text));
  if (found === undefined) throw new Error(`no verdict on ${text} of ${subject}`);
  return found;
}

describe('premiere-objectives', () => {
  it('E114: one replication shows the figures and decides nothing by chance', async () => {
    const { verdicts, architectures } = await runScenario(scenario, {
      threads: 1,
      architectures: ['aggregation', 'federated'],
      replayCommand: 'backlot run it',
    });
    expect(verdicts).toHaveLength(2 * (scenario.objectives.length - 1) + 1);
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
    for (const verdict of verdicts) {
      expect(verdict.replayCommand).toBe('backlot run it');
      expect(verdict.value).not.toBeNull();
      expect(verdict.moreReplications).toBeGreaterThanOrEqual(4);
    }
    const home = ofSubject(verdicts, 'federated', 'p99(page.load{page="home"})');
    const page = architectures[1]?.byPage.find((one) => one.page === 'home');
    expect((home.value ?? 0) / 1_000 / (page?.pageLoadTimeMs.p99 ?? 1)).toBeCloseTo(1, 3);
    const ratio = ofSubject(verdicts, 'federated / aggregation', 'p95');
    expect(ratio.value).toBeGreaterThan(0.9);
    expect(ratio.value).toBeLessThan(1.5);
  });

  it.runIf(isLong)(
    'six decide: only direct access misses the premiere',
    async () => {
      const points = variantsOf(scenario);
      const campaign = createCampaign();
      const samples = await campaign.samples(points, REPLICATIONS);
      await campaign.close();
      const verdicts = judgeObjectives({
        objectives: scenario.objectives,
        samples: new Map(points.map(({ name }, i) => [name, (samples[i] ?? []) as RunSample[]])),
        replayCommand: (subject, replication) => `${subject} ${replication}`,
      });
      const premiere = points.map(
        ({ name }) => ofSubject(verdicts, name, 'p95(page.load) < 1s during').verdict,
      );
      expect(points.map(({ name }) => name)).toEqual([
        'monolith',
        'direct',
        'aggregation',
        'federated',
      ]);
      expect(premiere).toEqual(['pass', 'fail', 'pass', 'pass']);
      expect(ofSubject(verdicts, 'federated / aggregation', 'p95').verdict).toBe('pass');
      expect(ofSubject(verdicts, 'direct', 'count(events.lost)').verdict).toBe('pass');
      expect(ofSubject(verdicts, 'direct', 'p99(clickstream').moreReplications).toBe(4);
    },
    400_000,
  );
});
