/** `backfill`: a lake's raw events through the pipeline again, into a new set of results that takes
 * the place of the old ones at once. Process time is virtual (the ingest time so far), records come
 * in one total order: the same lake gives the same bytes, compacted or not. Spec: E50–E54. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ReferenceData, StageCount } from '../../domain/pipeline-ports.ts';
import { EngineError } from '../../kernel/errors.ts';
import { type LakeReader, type LakeRow, openLakeReader } from '../../lake/lake-reader.ts';
import type { DimensionRows } from '../../storage/warehouse/dimensions.ts';
import { beginReplacing, type ReplacedFile } from '../../storage/warehouse/replace-file.ts';
import { openWarehouse } from '../../storage/warehouse.ts';
import { createPipeline } from '../../streams/pipeline.ts';
import type { PlanFunction } from '../../streams/plan/functions.ts';
import { removeAbandoned } from '../ingest/partial-warehouse.ts';
import type { PlanDocument } from '../io/load-plan.ts';
import { namesOfUsersPlans, pipelineFigures, withGivenPlans } from '../pipelines/job-plans.ts';
import type { BackfillDocument } from '../result.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { type JobSettings, pipelineOptionsOf, settingsFromPlain } from './job-settings.ts';
import { referenceOfLake } from './lake-reference.ts';
import { checkReplaceable, readOldResults } from './old-results.ts';
import { createReplayLog, recordOf } from './replay-log.ts';

/** Options of {@link backfillLake}. */
export interface BackfillOptions {
  readonly lake: string;
  /** Replaced as a whole; made if missing. */
  readonly warehousePath: string;
  /** Only events that came in from then on, µs since the Unix epoch. */
  readonly fromUs?: number | undefined;
  /** Only events that came in before. */
  readonly toUs?: number | undefined;
  /** Plans of one's own, beside those of the jobs that filled the lake. One of the same name takes
   * the place of the lake's. */
  readonly pipelines?: readonly PlanDocument[] | undefined;
  /** Default: what the lake's own events say. */
  readonly reference?: ReferenceData | undefined;
  /** Told before each step that changes the disk; a test may throw here. */
  readonly onStep?: ((step: string) => void) | undefined;
}

/** Records between two commits. */
const CHUNK_RECORDS = 2_000;

/** Reprocesses a lake.
 * @throws EngineError `LAKE_UNREADABLE`, `WAREHOUSE_UNREADABLE`, `OUTPUT_UNWRITABLE`,
 * `PLAN_INVALID`, and `WAREHOUSE_UNWRITABLE` where another process works on it; then, as after a
 * crash, the old results are there as they were. */
export async function backfillLake(options: BackfillOptions): Promise<BackfillDocument> {
  const { warehousePath, onStep = () => {} } = options;
  const reader = await openLakeReader(options.lake);
  const partial = `${warehousePath}.partial-${process.pid}`;
  try {
    const jobs = jobsOf(reader, options.lake).map((job) => withPlans(job, options.pipelines));
    const { fromUs, toUs } = options;
    const replaced = beginReplacing({ path: warehousePath });
    const old = readOldResults(warehousePath);
    const sources = jobs.map(({ source }) => source);
    const pipelines = jobs.flatMap(({ pipeline }) => namesOfUsersPlans(pipeline.plans));
    if (old !== undefined)
      checkReplaceable(warehousePath, old, { sources, pipelines, fromUs, toUs });
    const reference = options.reference ?? (await referenceOfLake(reader));
    writable(warehousePath, () => {
      mkdirSync(dirname(resolve(warehousePath)), { recursive: true });
      removeAbandoned(warehousePath);
      rmSync(partial, { force: true });
    });
    onStep('write');
    const results: SourceResult[] = [];
    for (const job of jobs) {
      results.push(await reprocess({ reader, job, reference, path: partial, options }));
    }
    const figures = finishResults(partial, old?.described ?? {});
    onStep('swap');
    const isSame = writable(warehousePath, () => swap(partial, warehousePath, replaced));
    onStep('done');
    return documentOf({ options, reader, results, figures, isSame });
  } finally {
    if (existsSync(partial)) rmSync(partial);
    reader.close();
  }
}

interface SourceResult {
  readonly source: string;
  readonly read: number;
  readonly counts: readonly StageCount[];
  readonly digest: string;
}

/** A job of the lake, with the bodies of its functions. */
interface Job extends JobSettings {
  readonly functions: readonly PlanFunction[];
}

function withPlans(job: JobSettings, given: readonly PlanDocument[] = []): Job {
  const { pipeline } = job;
  const { plans, functions } = withGivenPlans(pipeline.plans, given, pipeline.watermark);
  return { ...job, functions, pipeline: { ...pipeline, plans } };
}

/** One source's records, in the order in which they came in. */
async function reprocess(work: {
  readonly reader: LakeReader;
  readonly job: Job;
  readonly reference: ReferenceData;
  readonly path: string;
  readonly options: BackfillOptions;
}): Promise<SourceResult> {
  const { reader, job, reference, path } = work;
  const { fromUs, toUs } = work.options;
  const warehouse = openWarehouse({ path, source: job.source });
  const hash = createHash('sha256');
  const log = createReplayLog(job.partitions);
  const pipeline = createPipeline({
    log,
    sink: {
      commit(batch) {
        warehouse.commit(batch);
        hash.update(JSON.stringify(batch));
      },
      committedOffsets: (count) => warehouse.committedOffsets(count),
    },
    ...pipelineOptionsOf(job.pipeline, reference),
    functions: job.functions,
    maxRecordsPerPoll: CHUNK_RECORDS,
  });
  let read = 0;
  let nowUs = 0;
  const poll = () => {
    pipeline.poll(nowUs);
    log.clear();
  };
  const take = (row: LakeRow) => {
    const record = recordOf(row);
    nowUs = Math.max(nowUs, record.ingestTimeUs);
    log.append(record);
    read += 1;
    if (read % CHUNK_RECORDS === 0) poll();
  };
  try {
    const only = { source: job.source };
    const range = { zone: 'raw', family: 'events', fromUs, toUs, only } as const;
    for await (const rows of reader.rows(range)) rows.forEach(take);
    poll();
    pipeline.finish(nowUs);
    return { source: job.source, read, counts: pipeline.counts(), digest: hash.digest('hex') };
  } finally {
    warehouse.close();
  }
}

/** Plays and impressions over all sources. */
function finishResults(path: string, described: DimensionRows) {
  const warehouse = openWarehouse({ path });
  try {
    warehouse.describe(described);
    const { plays, impressions } = warehouse.derive();
    const count = (sql: string) => Number(warehouse.query(sql)[0]?.['n']);
    const pipelines = pipelineFigures(warehouse);
    return {
      plays,
      impressions,
      ...(pipelines.length > 0 ? { pipelines } : {}),
      stored: count('SELECT count(*) AS n FROM fact_event'),
      badRows: count('SELECT count(*) AS n FROM bad_row'),
      panes: count('SELECT count(*) AS n FROM pane'),
      lateEvents: count('SELECT count(DISTINCT event_id) AS n FROM late_event'),
    };
  } finally {
    warehouse.close();
  }
}

/** Gives the new results the name of the old ones. @returns whether they are the same bytes. */
function swap(partial: string, warehousePath: string, replaced: ReplacedFile): boolean {
  const isSame = existsSync(warehousePath) && digestOfFile(partial) === digestOfFile(warehousePath);
  replaced.replaceBy(partial);
  return isSame;
}

function digestOfFile(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** The jobs that filled the lake, by source.
 * @throws EngineError `LAKE_UNREADABLE` where there is none. */
function jobsOf(reader: LakeReader, lake: string): readonly JobSettings[] {
  const jobs = reader.manifest.commits.flatMap(({ settings }) => {
    const job = settingsFromPlain(settings);
    return job === undefined ? [] : [job];
  });
  if (jobs.length > 0) return jobs;
  throw new EngineError(
    'LAKE_UNREADABLE',
    `${lake}: no job says how its events are to be processed; write the lake with --lake`,
    { path: lake },
  );
}

function writable<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError(
      'OUTPUT_UNWRITABLE',
      `${path}: it cannot be written; choose a writable --warehouse`,
      { path },
      { cause },
    );
  }
}

function documentOf(parts: {
  readonly options: BackfillOptions;
  readonly reader: LakeReader;
  readonly results: readonly SourceResult[];
  readonly figures: ReturnType<typeof finishResults>;
  readonly isSame: boolean;
}): BackfillDocument {
  const { options, reader, results, figures, isSame } = parts;
  const read = results.reduce((sum, result) => sum + result.read, 0);
  const digest = createHash('sha256');
  for (const result of results) digest.update(`${result.source} ${result.digest}\n`);
  const stages = results.flatMap(({ counts }) => counts);
  const duplicates = stages.reduce((sum, { dropped }) => sum + (dropped['duplicate'] ?? 0), 0);
  const dropped = figures.badRows + duplicates;
  return {
    schema: 'backlot.backfill/1',
    backlot: PACKAGE_VERSION,
    lakeVersion: reader.manifest.version,
    digest: digest.digest('hex'),
    sources: results.map(({ source }) => source),
    fromUs: options.fromUs ?? null,
    toUs: options.toUs ?? null,
    read,
    ...figures,
    duplicates,
    isUnchanged: isSame,
    ledger: {
      events: {
        in: read,
        out: figures.stored,
        inFlight: 0,
        dropped,
        droppedByReason: { bad_row: figures.badRows, duplicate: duplicates },
        residual: read - figures.stored - dropped,
      },
    },
  };
}
