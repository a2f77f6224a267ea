/** The oracle's probabilities are those of what a panel plays. Spec: M43. */
import { describe, expect, it } from 'vitest';
import { createPlayOracle } from '../../../src/analytics/evaluation/play-oracle.ts';
import { createPanel } from '../../../src/analytics/panel/panel.ts';
import { DEFAULT_PANEL } from '../../../src/analytics/panel/panel-config.ts';
import { createRandomPolicy } from '../../../src/analytics/policies/random-policy.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';
import { playsByHand } from '../hand-made-plays.ts';

const TITLES = 50;
const VIEWERS = 3_000;

describe('the oracle', () => {
  for (const kind of ['multinomial-logit', 'cascade'] as const) {
    it(`M43: foretells how often titles are played first, under ${kind}`, () => {
      const { tastes, catalogue, chance } = analyticsWorld({ titles: TITLES });
      const choice = { ...DEFAULT_PANEL.choice, kind };
      const config = { ...DEFAULT_PANEL, choice, goesOn: 0 };
      const panel = createPanel({
        tastes,
        catalogue,
        chance,
        viewers: numbersTo(VIEWERS),
        config,
      });
      const isOpened = new Set<number>();
      const played = new Map<number, number>();
      panel.advance({
        days: 1,
        policyOf: () => createRandomPolicy(TITLES),
        listener: {
          row: ({ viewer }) => isOpened.add(viewer),
          play: ({ viewer, title, play }) => play === 0 && played.set(viewer, title),
        },
      });
      // Who came once only: the first home page is the whole day.
      const once = [...isOpened].filter((viewer) => panel.states.rows[viewer] === 1);
      const users = once.map((viewer) => `v${viewer}`);
      const train = { ...playsByHand([], TITLES), users };
      const oracle = createPlayOracle({ tastes, config, train, chance });
      // Expected and observed plays, by how probable each was.
      const expected = new Float64Array(8);
      const observed = new Float64Array(8);
      const scores = new Float64Array(TITLES);
      once.forEach((viewer, user) => {
        oracle.score(user, scores);
        scores.forEach((p, title) => {
          const band = Math.min(7, Math.floor(-Math.log2(p)));
          expected[band] = (expected[band] ?? 0) + p;
          observed[band] = (observed[band] ?? 0) + Number(played.get(viewer) === title);
        });
      });
      expect(once.length).toBeGreaterThan(500);
      expected.forEach((mean, band) => {
        const far = Math.abs((observed[band] ?? 0) - mean);
        expect(far, `band ${band}: ${observed[band]} of ${mean}`).toBeLessThan(
          5 * Math.sqrt(mean + 1) + 0.1 * mean,
        );
      });
    });
  }
});
