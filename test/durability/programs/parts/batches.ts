/** Batches for programs over a warehouse: a few rows of most tables each. */
import type { CommitBatch } from '../../../../src/domain/pipeline-ports.ts';
import type { Warehouse } from '../../../../src/storage/warehouse.ts';
import { badRow, batchOf, contentOf, fact, START_US } from '../../../storage/warehouse-builder.ts';
import type { Content } from '../../program.ts';

/** The batch of a step; the same again is the same. */
export function batchOfStep(step: number): CommitBatch {
  return batchOf({
    facts: [0, 1, 2].map((n) =>
      fact({
        id: `e${step}-${n}`,
        atSeconds: step * 60 + n,
        subject: `v${n}`,
        session: `s${n}`,
        sequence: step,
        data: { titleId: `t${step + n}`, playbackId: `p${n}` },
      }),
    ),
    panes: [
      {
        metric: 'plays_1m',
        key: 't1',
        windowStartUs: START_US,
        windowEndUs: START_US + 60_000_000,
        value: step,
        timing: 'ON_TIME',
        paneIndex: step,
        emitTimeUs: START_US + step,
      },
    ],
    badRows: [badRow({ offset: step, payload: 'x'.repeat(9_000) })],
    nextOffsets: [(step + 1) * 4],
    state: {
      checkpoint: step + 1,
      isWhole: false,
      put: [{ name: `part-${step % 2}`, text: `state ${step}` }],
      removed: [],
    },
  });
}

/** What SQLite says of itself, to be held against what was asked for. */
export interface SqliteSettings {
  readonly journal: string;
  readonly synchronous: number;
}

/** Everything in a warehouse, once SQLite has found it whole and itself set up as told.
 * @throws Error where it is not. */
export function soundContentOf(warehouse: Warehouse, settings: SqliteSettings): Content {
  checkSqlite((sql) => warehouse.query(sql).flatMap((row) => Object.values(row)), settings);
  return contentOf(warehouse);
}

/** Asks SQLite of its settings and of the file.
 * @param ask - All values of a query, row by row. */
export function checkSqlite(
  ask: (sql: string) => readonly unknown[],
  { journal, synchronous }: SqliteSettings,
): void {
  const found = {
    journal: ask('PRAGMA journal_mode')[0],
    synchronous: ask('PRAGMA synchronous')[0],
    foreignKeys: ask('PRAGMA foreign_keys')[0],
    integrity: ask('PRAGMA integrity_check').join('; '),
    orphans: ask('PRAGMA foreign_key_check').length,
  };
  const wanted = { journal, synchronous, foreignKeys: 1, integrity: 'ok', orphans: 0 };
  if (JSON.stringify(found) === JSON.stringify(wanted)) return;
  throw new Error(`SQLite says ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}
