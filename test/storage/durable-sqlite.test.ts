/** SQLite is set up as it was asked to be, or the file is refused. Spec: S328. */
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { openSqliteCheckpoints } from '../../src/storage/checkpoints/sqlite-checkpoints.ts';
import { openStored, setUp, storing } from '../../src/storage/durable-sqlite.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function opened(path: string) {
  const database = new Database(path);
  open.push(database);
  return database;
}

/** SQLite has no write-ahead log for a database without a name, and says nothing. */
const NAMELESS = '';

describe('S328 what SQLite says of itself', () => {
  it.each([
    { journal: 'WAL', synchronous: 'FULL', level: 2 },
    { journal: 'WAL', synchronous: 'OFF', level: 0 },
    { journal: 'DELETE', synchronous: 'EXTRA', level: 3 },
    { journal: 'MEMORY', synchronous: 'OFF', level: 0 },
  ] as const)('$journal and $synchronous are what was asked for', (one) => {
    const { journal, synchronous, level } = one;
    const database = opened(`${folder.fresh()}/a.sqlite`);
    expect(setUp(database, { journal, synchronous })).toBeUndefined();
    database.exec('CREATE TABLE t (a)');
    const said = (pragma: string) => database.pragma(pragma, { simple: true });
    expect([said('journal_mode'), said('synchronous'), said('foreign_keys')]).toEqual([
      journal.toLowerCase(),
      level,
      1,
    ]);
  });

  it('another journal than asked for is found, though SQLite keeps silent', () => {
    const wal = { journal: 'WAL', synchronous: 'FULL' } as const;
    expect(setUp(opened(NAMELESS), wal)).toBe(
      'SQLite\'s journal mode is "delete" instead of "wal"',
    );
    expect(setUp(opened(':memory:'), wal)).toBeUndefined();
  });

  it('a file without its journal is refused with the remedy, and closed', () => {
    expect(() => openWarehouse({ path: NAMELESS, survives: 'power' })).toThrow(
      expect.objectContaining({
        code: 'WAREHOUSE_UNWRITABLE',
        details: { path: NAMELESS, reason: 'journal' },
        message: expect.stringMatching(/journal mode is "delete" instead of "wal"; nothing was/),
      }),
    );
    expect(() => openSqliteCheckpoints({ path: NAMELESS, job: 'j' })).toThrow(
      /^STORAGE_UNWRITABLE: .*instead of "wal"; put it on a local disk/,
    );
    openWarehouse({ path: ':memory:', survives: 'power' }).close();
  });
});

describe('what SQLite throws', () => {
  it('becomes ours, with the remedy, when a file is opened and later', () => {
    const path = folder.write('letter.txt', 'Dear reader, '.repeat(100));
    const durability = { journal: 'WAL', synchronous: 'FULL' } as const;
    expect(() => openStored(path, durability, () => 1)).toThrow(
      /^STORAGE_UNWRITABLE: .*letter.txt: it cannot be written \(.*\); make room or choose/,
    );
    const database = opened(':memory:');
    expect(() => storing('here', () => database.exec('SELECT'))).toThrow(
      /^STORAGE_UNWRITABLE: here/,
    );
    expect(() => storing('here', () => JSON.parse('{'))).toThrow(SyntaxError);
  });

  it('S323 is no reason to delete a warehouse that the disk does not let us open', () => {
    // SQLite finds a folder here, as it finds no room for a file: it cannot open one.
    expect(() => openWarehouse({ path: folder.fresh(), survives: 'power' })).toThrow(
      expect.objectContaining({
        code: 'WAREHOUSE_UNWRITABLE',
        details: expect.objectContaining({ reason: 'disk' }),
        message: expect.stringMatching(/the disk refused \(.*\); nothing was changed; make room/),
      }),
    );
  });
});
