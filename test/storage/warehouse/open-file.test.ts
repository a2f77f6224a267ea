/** The warehouse as an open file: the queries that docs/WAREHOUSE.md shows, asked by a connection
 * that knows nothing of backlot. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../../src/experiment/run.ts';
import { SCHEMA_VERSION } from '../../../src/storage/warehouse/schema.ts';
import { smallScenario } from '../../experiment/small-world.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const PAPER = new URL('../../../docs/WAREHOUSE.md', import.meta.url);
const folder = temporaryFolder();

type Row = Readonly<Record<string, string | number | null>>;

describe('docs/WAREHOUSE.md', () => {
  it('X60: its three queries answer on the file of a run as its document does', async () => {
    const directory = folder.fresh();
    const document = await runScenario(smallScenario(), {
      architectures: ['direct'],
      threads: 1,
      directory,
    });
    const [run] = document.architectures;
    const queries = [...readFileSync(PAPER, 'utf8').matchAll(/```sql\n([\s\S]*?)```/g)];
    expect(queries.length).toBe(3);
    const database = new Database(join(directory, 'warehouse-direct.sqlite'), { readonly: true });
    try {
      const [titles = [], freshness = [], stages = []] = queries.map(([, sql]) =>
        database.prepare<[], Row>(sql ?? '').all(),
      );
      expect(titles.length).toBeGreaterThan(0);
      expect(titles.length).toBeLessThanOrEqual(5);
      expect(Number(titles[0]?.['plays'])).toBe(run?.viewing.topTitles[0]?.plays);
      expect(titles.map(({ title }) => title)).toContain(run?.viewing.topTitles[0]?.name);

      const events = freshness.reduce((sum, { events: count }) => sum + Number(count), 0);
      expect(events).toBe(run?.ledger.events.out);
      for (const row of freshness) {
        expect(row['minute']).toMatch(/^\d\d:\d\d$/);
        expect(Number(row['max_freshness_s'])).toBeGreaterThanOrEqual(
          Number(row['mean_freshness_s']),
        );
      }

      const byStage = new Map(stages.map((row) => [row['stage'], row]));
      for (const { stage, received, passed } of run?.pipeline.stages ?? []) {
        if (received === 0) continue;
        const row = byStage.get(stage);
        expect([row?.['received'], row?.['passed']], stage).toEqual([received, passed]);
        expect(received).toBe(passed + Number(row?.['kept_back'] ?? 0));
      }
      expect(database.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    } finally {
      database.close();
    }
  });
});
