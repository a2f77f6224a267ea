/** Old files, locked files, full disks. Spec: S5, S66–S68. */
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS, SCHEMA_VERSION } from '../../../src/storage/warehouse/schema.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { badRow, batchOf, contentOf, fact } from '../warehouse-builder.ts';

const folder = temporaryFolder();

/** A file as version 1 left it, with a play and a bad row. */
function versionOne(path: string): void {
  const database = new Database(path);
  database.exec(MIGRATIONS[0] ?? '');
  database.exec(`INSERT INTO dim_title VALUES (1, 't1', 'Title t1', 'Drama');
    INSERT INTO dim_device VALUES (1, 'tv');
    INSERT INTO dim_country VALUES (1, 'IN'), (2, 'FR');
    INSERT INTO dim_event_type VALUES (1, 'media.play');
    INSERT INTO fact_event VALUES ('e1', 1, 'v1', 's1', 0, 1795204800000000, 1795204801000000,
      1795204802000000, 1, 2, 1, 1, 'p1', 0, NULL, NULL, NULL, NULL);
    INSERT INTO bad_row VALUES ('clickstream', 0, 4, 5, 'no', '{}');
    INSERT INTO source_offset VALUES ('clickstream', 0, 5, 0, 0);
    PRAGMA user_version = 1;`);
  database.close();
}

describe('migrations', () => {
  it('S66 a file of version 1 opens as one of this version, with all it held', () => {
    const path = folder.path('one.sqlite');
    versionOne(path);
    const warehouse = openWarehouse({ path });
    expect(warehouse.query('PRAGMA user_version')).toEqual([{ user_version: SCHEMA_VERSION }]);
    expect(warehouse.committedOffsets(1)).toEqual([5]);
    expect(
      warehouse.query(
        'SELECT event_id, country, geo_sk FROM curated_events JOIN fact_event USING (event_id)',
      ),
    ).toEqual([{ event_id: 'e1', country: 'FR', geo_sk: 2 }]);
    expect(warehouse.query('SELECT reason, processor, attempt FROM bad_row')).toEqual([
      { reason: 'no', processor: 'validate', attempt: 1 },
    ]);
    warehouse.commit(
      batchOf({ facts: [fact({ id: 'e2' })], badRows: [badRow({ offset: 5, processor: 'x' })] }),
    );
    expect(warehouse.derive()).toEqual({ plays: 1, impressions: 0 });
    expect(warehouse.query('SELECT country_sk, geo_sk FROM fact_event ORDER BY event_id')).toEqual([
      { country_sk: 2, geo_sk: 2 },
      { country_sk: 1, geo_sk: 1 },
    ]);
    warehouse.close();
  });

  it('S66 a migration that fails leaves the file as it was', () => {
    const path = folder.path('stuck.sqlite');
    versionOne(path);
    const database = new Database(path);
    database.exec('CREATE TABLE dim_geo (something_else TEXT)');
    const before = database.serialize();
    database.close();
    expect(() => openWarehouse({ path })).toThrow('WAREHOUSE_UNREADABLE');
    const after = new Database(path);
    expect(after.pragma('user_version', { simple: true })).toBe(1);
    expect(after.serialize().length).toBe(before.length);
    expect(after.prepare('SELECT * FROM bad_row').raw().all()[0]).toHaveLength(6);
    after.close();
  });

  it('S67 a locked file is not taken for one to delete', () => {
    const path = folder.path('held.sqlite');
    openWarehouse({ path }).close();
    const other = new Database(path);
    other.exec('BEGIN EXCLUSIVE');
    expect(() => openWarehouse({ path, lockTimeoutMs: 0 })).toThrow(
      /^WAREHOUSE_UNWRITABLE: .*another process has it locked; nothing was changed; let that one/,
    );
    other.exec('ROLLBACK');
    other.close();
    openWarehouse({ path }).close();
  });

  it('S66 a newer file is refused with the remedy', () => {
    const path = folder.path('newer.sqlite');
    const newer = new Database(path);
    newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();
    expect(() => openWarehouse({ path })).toThrow(
      /a newer backlot wrote it; open it with that one/,
    );
  });
});

describe('a commit that is refused', () => {
  it('S67 a locked file: a typed error, nothing written, and the same batch goes in later', () => {
    const path = folder.path('locked.sqlite');
    const warehouse = openWarehouse({ path, lockTimeoutMs: 0 });
    const before = contentOf(warehouse);
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    const batch = batchOf({ facts: [fact({ id: 'e1' })], nextOffsets: [1] });
    expect(() => warehouse.commit(batch)).toThrow(
      /WAREHOUSE_UNWRITABLE: .*another process has it locked; nothing of the batch was written/,
    );
    other.exec('ROLLBACK');
    other.close();
    expect(contentOf(warehouse)).toEqual(before);
    warehouse.commit(batch);
    expect(warehouse.committedOffsets(1)).toEqual([1]);
    expect(contentOf(warehouse)['fact_event']).toHaveLength(1);
    warehouse.close();
  });

  it('S68 a full disk: a typed error, nothing written, and the same batch goes in later', () => {
    const path = folder.path('full.sqlite');
    const warehouse = openWarehouse({ path });
    warehouse.commit(batchOf({ facts: [fact({ id: 'first' })] }));
    const before = contentOf(warehouse);
    const [row] = warehouse.query('PRAGMA page_count');
    warehouse.query(`PRAGMA max_page_count = ${Number(row?.['page_count']) + 2}`);
    const facts = Array.from({ length: 3_000 }, (_, i) =>
      fact({ id: `e${i}`, data: { titleId: `t${i}` } }),
    );
    const batch = batchOf({ facts, nextOffsets: [3_000] });
    expect(() => warehouse.commit(batch)).toThrow(
      /WAREHOUSE_UNWRITABLE: .*the disk takes no more .*make room, then commit it again/,
    );
    expect(contentOf(warehouse)).toEqual(before);
    warehouse.query('PRAGMA max_page_count = 1000000');
    warehouse.commit(batch);
    expect(contentOf(warehouse)['fact_event']).toHaveLength(3_001);
    expect(contentOf(warehouse)['dim_title']).toHaveLength(3_000);
    warehouse.close();
  });
});
