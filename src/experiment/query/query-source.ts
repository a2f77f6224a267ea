/** What `query` asks: the warehouse or the lake that a path names. A folder is looked into, and
 * where it holds several, it says which. Spec: S127, S129. */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type {
  AnswerLimits,
  SqlAnswer,
  SqlTable,
  SqlTrouble,
} from '../../domain/stored/sql-answer.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { LakeTitle } from '../../lake/query/read-only-lake.ts';
import { METRICS, PORTABLE_METRICS } from '../../storage/metrics/catalogue.ts';
import type { Metric } from '../../storage/metrics/metric.ts';
import { openReadOnlyWarehouse } from '../../storage/query/read-only-warehouse.ts';

/** An open source. */
export interface QuerySource {
  readonly kind: 'warehouse' | 'lake';
  readonly path: string;
  /** Version of the lake's manifest; null for a warehouse. */
  readonly lakeVersion: number | null;
  /** Metrics that can be computed here. */
  readonly metrics: Readonly<Record<string, Metric>>;
  /** What whoever asks should know of it. */
  readonly notes: readonly string[];
  ask(sql: string, limits: AnswerLimits): Promise<SqlAnswer | SqlTrouble>;
  tables(): Promise<readonly SqlTable[]>;
  close(): void;
}

const SQLITE_MAGIC = 'SQLite format 3\0';
const MANIFEST = '_manifest.json';
const TITLES = `SELECT t.title_id, t.runtime_s, t.kind, r.release_us
  FROM dim_title t LEFT JOIN title_release r ON r.title_id = t.title_id ORDER BY t.title_id`;
const ALL = { rowsMax: Number.MAX_SAFE_INTEGER, bytesMax: Number.MAX_SAFE_INTEGER };

/** Opens what a path names.
 * @param titles - A warehouse that a lake's titles are read from; by default the one of the same
 * run.
 * @throws EngineError `INPUT_UNREADABLE`: it is none, or several; `WAREHOUSE_UNREADABLE`,
 * `LAKE_UNREADABLE`. */
export async function openQuerySource(
  path: string,
  options: { readonly titles?: string | undefined } = {},
): Promise<QuerySource> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw unreadable(path, 'there is nothing; name a warehouse or a lake');
  if (found.isFile()) return openWarehouseSource(path, []);
  if (existsSync(join(path, MANIFEST))) return openLakeSource(path, options.titles);
  const inside = sourcesIn(path);
  const [only] = inside;
  if (only === undefined) {
    throw unreadable(path, 'this folder holds neither a warehouse (*.sqlite) nor a lake; name one');
  }
  if (inside.length > 1) {
    throw unreadable(path, `this folder holds several; name one: ${inside.join(', ')}`);
  }
  const isLake = existsSync(join(only, MANIFEST));
  return isLake ? openLakeSource(only, options.titles) : openWarehouseSource(only, [path]);
}

function openWarehouseSource(path: string, asked: readonly string[]): QuerySource {
  if (!isSqlite(path)) throw unreadable(path, 'it is no SQLite file; name a warehouse or a lake');
  const warehouse = openReadOnlyWarehouse(path);
  return {
    kind: 'warehouse',
    path,
    lakeVersion: null,
    metrics: METRICS,
    notes: asked.map((folder) => `${folder}: the only warehouse there is ${basename(path)}`),
    ask: async (sql, limits) => warehouse.ask(sql, limits),
    tables: async () => warehouse.tables(),
    close: () => warehouse.close(),
  };
}

async function openLakeSource(path: string, given: string | undefined): Promise<QuerySource> {
  // DuckDB is loaded for those who ask a lake, and only for them.
  const { openReadOnlyLake } = await import('../../lake/query/read-only-lake.ts');
  const from = given ?? warehouseBeside(path);
  const titles = from === undefined ? [] : titlesOf(from);
  const lake = await openReadOnlyLake(path, titles);
  const note =
    from === undefined
      ? 'no titles: a lake does not tell running times and releases, so what needs them is null ' +
        'or has no rows; name a warehouse that has them with --titles'
      : `running times and releases of ${titles.length} titles are from ${from}`;
  return {
    kind: 'lake',
    path,
    lakeVersion: lake.version,
    metrics: PORTABLE_METRICS,
    notes: [note],
    ask: (sql, limits) => lake.ask(sql, limits),
    tables: () => lake.tables(),
    close: () => lake.close(),
  };
}

/** A run's lake lies in `lake/<name>` beside `warehouse-<name>.sqlite`. */
function warehouseBeside(lake: string): string | undefined {
  const folder = resolve(lake);
  const beside = join(dirname(dirname(folder)), `warehouse-${basename(folder)}.sqlite`);
  return existsSync(beside) ? beside : undefined;
}

function titlesOf(path: string): readonly LakeTitle[] {
  const warehouse = openReadOnlyWarehouse(path);
  try {
    const answer = warehouse.ask(TITLES, ALL);
    if ('kind' in answer) throw unreadable(path, `its titles cannot be read: ${answer.reason}`);
    return answer.rows.map(([titleId, runtime, kind, release]) => ({
      titleId: String(titleId),
      runtimeSeconds: typeof runtime === 'number' ? runtime : null,
      kind: typeof kind === 'string' ? kind : null,
      releaseUs: typeof release === 'number' ? release : null,
    }));
  } finally {
    warehouse.close();
  }
}

/** Warehouses and lakes of a run's folder, by name. */
function sourcesIn(folder: string): readonly string[] {
  const names = readdirSync(folder).sort();
  const warehouses = names.filter((name) => name.endsWith('.sqlite'));
  const lakes = names.includes('lake')
    ? ['lake', ...childrenOf(join(folder, 'lake')).map((name) => join('lake', name))]
    : names;
  const isLake = (name: string) => existsSync(join(folder, name, MANIFEST));
  return [...warehouses, ...lakes.filter(isLake)].map((name) => join(folder, name));
}

function childrenOf(folder: string): readonly string[] {
  return statSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
}

function isSqlite(path: string): boolean {
  const head = Buffer.alloc(SQLITE_MAGIC.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  return head.toString('latin1') === SQLITE_MAGIC;
}

function unreadable(path: string, reason: string): EngineError {
  return new EngineError('INPUT_UNREADABLE', `${path}: ${reason}`, { path });
}
