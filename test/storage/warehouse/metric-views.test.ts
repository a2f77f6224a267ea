/** The views of the metrics: the same rows as `runMetric`, in any program that opens the file. */
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { seconds } from '../../../src/kernel/time.ts';
import { METRICS, type MetricName } from '../../../src/storage/metrics/catalogue.ts';
import { runMetric } from '../../../src/storage/metrics.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { batchOf, fact, START_US } from '../warehouse-builder.ts';

const folder = temporaryFolder();
const NAMES = Object.keys(METRICS) as MetricName[];

/** A file with a session of everything, and what runMetric says of it. */
function written(path: string) {
  const data = { titleId: 't1', playbackId: 'p1' };
  const facts = [
    fact({ id: 'a', type: 'page.view', data: { page: 'home' } }),
    fact({ id: 'b', type: 'ui.impression', atSeconds: 1, data: { titleId: 't1', slot: 0 } }),
    fact({ id: 'c', type: 'ui.click', atSeconds: 3, data: { titleId: 't1', target: 'play' } }),
    fact({ id: 'd', atSeconds: 5, data: { ...data, positionSeconds: 0, bitrateKbps: 3_000 } }),
    fact({ id: 'e', type: 'media.ping', atSeconds: 65, data: { ...data, positionSeconds: 60 } }),
    fact({ id: 'f', type: 'media.error', atSeconds: 66, data: { ...data, errorCode: 'X' } }),
  ];
  const warehouse = openWarehouse({ path });
  warehouse.commit(batchOf({ facts }));
  warehouse.describe({
    titles: [
      {
        titleId: 't1',
        name: 'One',
        kind: 'film',
        genres: [],
        releaseDate: '2026',
        runtimeSeconds: 120,
      },
    ],
  });
  const rows = Object.fromEntries(NAMES.map((name) => [name, runMetric(warehouse, name)]));
  warehouse.close();
  return rows;
}

function viewRows(database: Database.Database) {
  return Object.fromEntries(
    NAMES.map((name) => [name, database.prepare(`SELECT * FROM metric_${name}`).all()]),
  );
}

describe('views of the metrics', () => {
  it('S87 give what runMetric gives, to whoever opens the file', () => {
    const path = folder.path('views.sqlite');
    const expected = written(path);
    const other = new Database(path, { readonly: true });
    expect(viewRows(other)).toEqual(expected);
    other.close();
    expect(NAMES.length).toBeGreaterThan(30);
    expect(expected['play_failures']).toEqual([{ started: 1, failures: 1, share: 1 }]);
  });

  it('S87 are made anew where they differ or are gone, and else leave the file alone', () => {
    const path = folder.path('anew.sqlite');
    const expected = written(path);
    const other = new Database(path);
    const untouched = other.serialize();
    other.exec(`DROP VIEW metric_funnel; DROP VIEW title_release;
      DROP VIEW metric_churn; CREATE VIEW metric_churn AS SELECT 1 AS wrong;
      CREATE VIEW my_own AS SELECT 2 AS mine`);
    other.close();
    openWarehouse({ path }).close();
    const again = new Database(path);
    expect(viewRows(again)).toEqual(expected);
    expect(again.prepare('SELECT * FROM my_own').all()).toEqual([{ mine: 2 }]);
    again.close();

    const same = folder.path('same.sqlite');
    written(same);
    openWarehouse({ path: same }).close();
    const reopened = new Database(same, { readonly: true });
    expect(reopened.serialize().equals(untouched)).toBe(true);
    reopened.close();
  });

  it('S85 a warehouse in memory has no views, and the same metrics', () => {
    const warehouse = openWarehouse({ path: ':memory:' });
    const title = { name: '', kind: 'film', genres: [], runtimeSeconds: 60 };
    const releases = ['2026-11-20', '2026', '2026-08-21', '2026-08-22', null, 'soon'];
    warehouse.describe({
      titles: releases.map((releaseDate, i) => ({ ...title, titleId: `t${i}`, releaseDate })),
    });
    const facts = releases.flatMap((_, i) =>
      [0, 30].map((at) =>
        fact({
          id: `e${i}-${at}`,
          atSeconds: at,
          data: { titleId: `t${i}`, playbackId: `p${i}`, positionSeconds: at },
        }),
      ),
    );
    warehouse.commit(batchOf({ facts }));
    expect(START_US % seconds(86_400)).toBe(seconds(20 * 3_600));
    // 91 days from 21 August end as 20 November begins.
    expect(runMetric(warehouse, 'title_views')).toEqual(
      ['t0', 't3'].map((title_id) => ({ title_id, hours_viewed: 30 / 3_600, views: 0.5 })),
    );
    expect(() => warehouse.query('SELECT * FROM metric_churn')).toThrow('no such table');
  });
});
