/** Plays by hand, and a panel's plays in a warehouse. */
import { describeCatalogue, historyListener } from '../../src/analytics/panel/history.ts';
import { createPanel } from '../../src/analytics/panel/panel.ts';
import { createRandomPolicy } from '../../src/analytics/policies/random-policy.ts';
import { emptyColumns, type Interactions } from '../../src/analytics/training/interactions.ts';
import { openWarehouse, type Warehouse } from '../../src/storage/warehouse.ts';
import { analyticsWorld, numbersTo } from './analytics-world.ts';

/** A play: user and title by number, start in hours, share watched. It lasts half an hour. */
export type HandMadePlay = readonly [user: number, title: number, hour: number, share?: number];

export const HOUR_US = 3_600_000_000;

/** Plays in the order of time. Users are `u0`, `u1`, …: those who play; titles `t0`, `t1`, …. */
export function playsByHand(
  plays: readonly HandMadePlay[],
  titleCount = 1 + Math.max(...plays.map(([, title]) => title)),
): Interactions {
  const users = [...new Set(plays.map(([user]) => `u${user}`))].sort();
  const columns = emptyColumns(plays.length);
  [...plays]
    .sort((a, b) => a[2] - b[2] || a[0] - b[0] || a[1] - b[1])
    .forEach(([user, title, hour, share = 1], row) => {
      columns.user[row] = users.indexOf(`u${user}`);
      columns.title[row] = title;
      columns.timeUs[row] = hour * HOUR_US;
      columns.endUs[row] = (hour + 0.5) * HOUR_US;
      columns.share[row] = share;
    });
  return { users, titles: numbersTo(titleCount).map((title) => `t${title}`), ...columns };
}

/** What viewers of a panel played under random rows, in a warehouse, and their tastes. */
export function panelWarehouse(options: {
  readonly viewers: number;
  readonly days: number;
  readonly titles?: number;
  /** Number of the first viewer. */
  readonly from?: number;
  /** A file, instead of in memory. */
  readonly path?: string;
}): ReturnType<typeof analyticsWorld> & { readonly warehouse: Warehouse } {
  const { viewers, days, titles = 60, from = 0, path = ':memory:' } = options;
  const world = analyticsWorld({ titles });
  const { catalogue, chance, tastes } = world;
  const warehouse = openWarehouse({ path, isSmall: path === ':memory:' });
  describeCatalogue(warehouse, catalogue);
  const policy = createRandomPolicy(titles);
  const numbers = numbersTo(viewers).map((n) => from + n);
  const panel = createPanel({ tastes, catalogue, chance, viewers: numbers });
  warehouse.writeHistory((writer) => {
    const listener = historyListener(writer, { catalogue, hasImpressions: false });
    panel.advance({ days, policyOf: () => policy, listener });
  });
  return { ...world, warehouse };
}
