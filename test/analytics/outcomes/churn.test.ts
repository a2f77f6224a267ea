/** The panel knows how content its viewers are, and so how probable it is that they leave. */
import { describe, expect, it } from 'vitest';
import { readHistory } from '../../../src/analytics/features/history.ts';
import { learnOutcome } from '../../../src/analytics/outcomes/outcome-model.ts';
import { churnRows } from '../../../src/analytics/outcomes/questions.ts';
import { describeCatalogue, historyListener } from '../../../src/analytics/panel/history.ts';
import { createPanel } from '../../../src/analytics/panel/panel.ts';
import { createRandomPolicy } from '../../../src/analytics/policies/random-policy.ts';
import {
  churnProbability,
  DEFAULT_SATISFACTION,
  satisfactionOf,
} from '../../../src/domain/taste/satisfaction.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';

const DAYS = 56;
const HORIZON_DAYS = 7;
const DAY_US = 86_400_000_000;
/** More leave than by default, so that a small panel shows who. */
const SATISFACTION = { ...DEFAULT_SATISFACTION, churnProbability: 0.05 };

/** A panel up to its end, and what was true when churn was asked. */
function panelHistory(viewers: number) {
  const world = analyticsWorld({ titles: 80 });
  const panel = createPanel({
    ...world,
    viewers: numbersTo(viewers),
    config: { satisfaction: SATISFACTION, joiningDays: 28 },
  });
  const warehouse = openWarehouse({ path: ':memory:' });
  describeCatalogue(warehouse, world.catalogue);
  const policy = createRandomPolicy(world.catalogue.titles.length);
  const truth = { leaves: new Float64Array(0), hasLeft: new Uint8Array(0) };
  warehouse.writeHistory((writer) => {
    const listener = historyListener(writer, { ...world, hasImpressions: false });
    panel.advance({ days: DAYS - HORIZON_DAYS, policyOf: () => policy, listener });
    const { exposure, nextVisitUs } = panel.states;
    truth.leaves = exposure.map((one) =>
      churnProbability(SATISFACTION, satisfactionOf(SATISFACTION, one)),
    );
    truth.hasLeft = Uint8Array.from(nextVisitUs, (time) => Number(time === Infinity));
    panel.advance({ days: HORIZON_DAYS, policyOf: () => policy, listener });
  });
  const history = readHistory(warehouse);
  warehouse.close();
  return { history, ...truth };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('churn', () => {
  it('M78: of a panel is foretold as it is: by who left, and by how content they were', () => {
    const { history, leaves, hasLeft } = panelHistory(500);
    const rows = churnRows(history, {
      horizonUs: HORIZON_DAYS * DAY_US,
      activeUs: 2 * HORIZON_DAYS * DAY_US,
    });
    if (typeof rows === 'string') throw new Error(rows);
    const { model, forecasts } = learnOutcome(rows);
    const { ranking, logLoss, withheld } = model.judgement ?? {};
    expect(ranking?.interval?.low).toBeGreaterThan(0.55);
    expect(logLoss?.gainInterval?.low).toBeGreaterThan(0);
    expect(withheld).toEqual([]);
    const asked = [...rows.test].map((row, i) => {
      const viewer = Number(history.users[rows.unit[row] ?? 0]?.slice(1));
      return { p: forecasts?.[i] ?? 0, leaves: leaves[viewer] ?? 0, hasLeft: hasLeft[viewer] ?? 0 };
    });
    asked.sort((a, b) => a.p - b.p);
    const third = Math.floor(asked.length / 3);
    const parts = [asked.slice(0, third), asked.slice(third, -third), asked.slice(-third)];
    const rising = (of: (one: (typeof asked)[number]) => number) => {
      const [low = 0, middle = 0, high = 0] = parts.map((part) => mean(part.map(of)));
      expect([low < middle, middle < high]).toEqual([true, true]);
      return high / low;
    };
    expect(rising(({ p }) => p)).toBeGreaterThan(2);
    expect(rising(({ leaves: probability }) => probability)).toBeGreaterThan(1.5);
    expect(rising(({ hasLeft: left }) => left)).toBeGreaterThan(3);
  });
});
