/** The results that a backfill replaces: what must not get lost with them. They are read from a
 * copy, because opening a warehouse may migrate it. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { EngineError } from '../../kernel/errors.ts';
import type { DimensionRows } from '../../storage/warehouse/dimensions.ts';
import { openWarehouse, type Warehouse } from '../../storage/warehouse.ts';
import { pipelineFigures } from '../pipelines/job-plans.ts';

/** What a warehouse holds. */
export interface OldResults {
  readonly sources: readonly string[];
  /** Plans of users that told something. */
  readonly pipelines: readonly string[];
  /** Ingest times of its facts; undefined without any. */
  readonly firstUs: number | undefined;
  readonly lastUs: number | undefined;
  /** What nobody can learn from events again. */
  readonly described: DimensionRows;
}

/** What a backfill is going to write. */
export interface NewResults {
  readonly sources: readonly string[];
  readonly pipelines: readonly string[];
  readonly fromUs: number | undefined;
  readonly toUs: number | undefined;
}

/** Reads the old results; undefined where there are none.
 * @throws EngineError `WAREHOUSE_UNREADABLE`. */
export function readOldResults(path: string): OldResults | undefined {
  if (!existsSync(path)) return undefined;
  const copy = `${path}.old-${process.pid}`;
  copyFileSync(path, copy);
  try {
    const warehouse = openWarehouse({ path: copy });
    try {
      return describeResults(warehouse);
    } finally {
      warehouse.close();
    }
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    const message = cause.message.slice(`${cause.code}: `.length).replaceAll(copy, path);
    throw new EngineError('WAREHOUSE_UNREADABLE', message, { path }, { cause });
  } finally {
    rmSync(copy, { force: true });
  }
}

/** Refuses to replace what the backfill would not write again.
 * @throws EngineError `WAREHOUSE_UNREADABLE`. */
export function checkReplaceable(path: string, old: OldResults, planned: NewResults): void {
  const refuse = (reason: string) => {
    throw new EngineError(
      'WAREHOUSE_UNREADABLE',
      `${path}: ${reason} would be lost; name another --warehouse`,
      { path },
    );
  };
  const foreign = old.sources.find((source) => !planned.sources.includes(source));
  if (foreign !== undefined) refuse(`results of "${foreign}", which the lake does not have,`);
  const gone = old.pipelines.find((name) => !planned.pipelines.includes(name));
  if (gone !== undefined) refuse(`results of the pipeline "${gone}", which is not among these,`);
  const { firstUs, lastUs } = old;
  if (firstUs !== undefined && firstUs < (planned.fromUs ?? firstUs)) {
    refuse('results from before --from');
  }
  if (lastUs !== undefined && lastUs >= (planned.toUs ?? lastUs + 1)) {
    refuse('results from --to on');
  }
}

function describeResults(warehouse: Warehouse): OldResults {
  const sources = warehouse.query(`SELECT source FROM source_offset
    UNION SELECT source FROM bad_row UNION SELECT source FROM pane ORDER BY source`);
  const [times = {}] = warehouse.query(
    'SELECT min(ingest_time_us) AS first_us, max(ingest_time_us) AS last_us FROM fact_event',
  );
  const timeOf = (value: unknown) => (value === null ? undefined : Number(value));
  return {
    sources: sources.map((row) => String(row['source'])),
    pipelines: pipelineFigures(warehouse).map(({ pipeline }) => pipeline),
    firstUs: timeOf(times['first_us']),
    lastUs: timeOf(times['last_us']),
    described: {
      titles: warehouse
        .query('SELECT * FROM dim_title WHERE runtime_s IS NOT NULL ORDER BY title_id')
        .map((row) => ({
          titleId: String(row['title_id']),
          name: String(row['name']),
          kind: String(row['kind']),
          genres: JSON.parse(String(row['genres'])) as readonly string[],
          releaseDate: row['release_date'] === null ? null : String(row['release_date']),
          runtimeSeconds: Number(row['runtime_s']),
        })),
      users: warehouse
        .query('SELECT * FROM dim_user ORDER BY user_id, valid_from_us')
        .map((row) => ({
          userId: String(row['user_id']),
          validFromUs: Number(row['valid_from_us']),
          attributes: JSON.parse(String(row['attributes'])) as Readonly<
            Record<string, string | number | boolean | null>
          >,
        })),
      experiments: warehouse
        .query('SELECT * FROM dim_experiment ORDER BY experiment_id, arm')
        .map((row) => ({
          experimentId: String(row['experiment_id']),
          arm: String(row['arm']),
          share: row['share'] === null ? null : Number(row['share']),
        })),
    },
  };
}
