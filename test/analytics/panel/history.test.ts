/** What a panel writes is what it told. */
import { describe, expect, it } from 'vitest';
import { describeCatalogue, historyListener } from '../../../src/analytics/panel/history.ts';
import { createPanel } from '../../../src/analytics/panel/panel.ts';
import type { PanelPlay, PanelRow } from '../../../src/analytics/panel/panel-records.ts';
import { createRandomPolicy } from '../../../src/analytics/policies/random-policy.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';

const world = analyticsWorld();

function written(hasImpressions: boolean) {
  const warehouse = openWarehouse({ path: ':memory:' });
  const panel = createPanel({ ...world, viewers: numbersTo(30) });
  const plays: PanelPlay[] = [];
  const rows: PanelRow[] = [];
  describeCatalogue(warehouse, world.catalogue);
  const policy = createRandomPolicy(world.catalogue.titles.length);
  const counts = warehouse.writeHistory((writer) => {
    const armOf = (viewer: number) => (viewer % 2 === 0 ? 'a' : null);
    const history = historyListener(writer, { ...world, armOf, hasImpressions });
    const listener = {
      play(play: PanelPlay) {
        plays.push(play);
        history.play?.(play);
      },
      row(row: PanelRow) {
        rows.push(row);
        history.row?.(row);
      },
    };
    panel.advance({ days: 5, policyOf: () => policy, listener });
  });
  return { warehouse, plays, rows, counts };
}

describe("a panel's history", () => {
  it('M11: has every play, of whom, of what, when, and how much of it', () => {
    const { warehouse, plays, counts } = written(false);
    expect(counts).toEqual({ plays: plays.length, impressions: 0 });
    const found = warehouse.query(`SELECT user_id, title_id, start_us, play_s / runtime_s AS share,
      exp_arm FROM fact_playback_session JOIN dim_title USING (title_sk) ORDER BY play_id`);
    const wanted = plays
      .toSorted((a, b) => a.atUs - b.atUs || a.viewer - b.viewer)
      .map(({ viewer, title, atUs, share }) => ({
        user_id: `v${viewer}`,
        title_id: world.catalogue.titles[title]?.id,
        start_us: atUs,
        share: expect.closeTo(share, 6),
        exp_arm: viewer % 2 === 0 ? 'a' : null,
      }));
    expect(plays.length).toBeGreaterThan(20);
    expect(found).toEqual(wanted);
  });

  it('M11: has every slot of every row, with its propensity, and clicked where taken', () => {
    const { warehouse, rows, counts } = written(true);
    const slots = rows.reduce((sum, { titles }) => sum + titles.length, 0);
    expect(counts.impressions).toBe(slots);
    const [sums] = warehouse.query(`SELECT count(*) AS n, sum(clicked) AS clicked,
      sum(propensity) AS propensity, count(DISTINCT session_id) AS visits FROM fact_impression`);
    expect(sums).toEqual({
      n: slots,
      clicked: rows.filter(({ takenSlot }) => takenSlot >= 0).length,
      propensity: expect.closeTo(
        rows.flatMap(({ propensities }) => propensities).reduce((sum, p) => sum + p, 0),
        6,
      ),
      visits: new Set(rows.map(({ viewer, visit }) => `${viewer} ${visit}`)).size,
    });
  });
});
