/** `ingest`: a historical file through the same stages into the same kind of warehouse. Process
 * time is virtual too (the latest event time so far), so the same file gives the same rows. The
 * warehouse appears, or changes, only when all went well. */
import { createHash } from 'node:crypto';
import type { PipelineSink, ReferenceData } from '../../domain/pipeline-ports.ts';
import { hours, minutes } from '../../kernel/time.ts';
import { createPartitionedLog } from '../../storage/log/memory-log.ts';
import type { PartitionedLog } from '../../storage/log/partitioned-log.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { createPipeline, type Pipeline } from '../../streams/pipeline.ts';
import type { PlanFunction } from '../../streams/plan/functions.ts';
import type { PipelineSettings } from '../backfill/job-settings.ts';
import type { LakeTap } from '../backfill/lake-tap.ts';
import { checkInputFile, unreadable } from '../inputs/input-file.ts';
import type { PlanDocument } from '../io/load-plan.ts';
import { FILE_WATERMARK, filePlans } from '../pipelines/built-in-plans.ts';
import { namesOfUsersPlans, withGivenPlans } from '../pipelines/job-plans.ts';
import type { IngestDocument } from '../result.ts';
import { detectFormat } from './detect-format.ts';
import { fileKey } from './file-key.ts';
import { ingestDocument, sourceOf } from './ingest-figures.ts';
import { createOwnIdCount, type OwnIdFigures } from './own-id-figures.ts';
import { inWholeOrNot } from './partial-warehouse.ts';
import { createPseudonym } from './pseudonym.ts';
import { readRawRecords } from './raw-records.ts';
import type { IngestFormat } from './rows.ts';

/** Options of {@link ingestFile}. */
export interface IngestOptions {
  readonly path: string;
  /** Default: told by name or first lines. */
  readonly format?: IngestFormat | undefined;
  /** Made if missing. */
  readonly warehousePath: string;
  /** A lake to write raw and curated events to beside; it keeps what was committed to it even where
   * the ingestion fails, and goes on from there when it is repeated. */
  readonly lake?: string | undefined;
  /** Plans of one's own, beside the built-in counts. */
  readonly pipelines?: readonly PlanDocument[] | undefined;
  /** Bytes of the file read so far, of how many, and records so far. */
  readonly onProgress?:
    | ((readBytes: number, totalBytes: number, records: number) => void)
    | undefined;
  /** Key of the pseudonyms; default: `BACKLOT_PSEUDONYM_KEY` of the environment. */
  readonly salt?: string | undefined;
}

/** Records between two commits: the most that is in memory. */
const CHUNK_RECORDS = 2_000;
/** Records between two commits of the lake: the files of an hour hold as many at least. */
const LAKE_RECORDS = 100 * CHUNK_RECORDS;
/** How long the ids of events are remembered. Some formats bring ids of their own, which may
 * repeat; elsewhere an id is a line, and remembering a day of lines would fill the memory. */
const DEDUPE_TTL_US: Readonly<Record<IngestFormat, number>> = {
  ndjson: hours(24),
  parquet: hours(24),
  segment: hours(24),
  snowplow: hours(24),
  csv: minutes(1),
  'access-log': minutes(1),
};

/** Ingests a file.
 * @throws EngineError `INPUT_UNREADABLE`, `OUTPUT_UNWRITABLE`, `WAREHOUSE_UNREADABLE`,
 * `PLAN_INVALID`; then nothing
 * has changed. Cost about 20 µs a record, memory independent of the file's size. */
export async function ingestFile(options: IngestOptions): Promise<IngestDocument> {
  const { path, warehousePath } = options;
  const totalBytes = checkInputFile(path);
  const format = options.format ?? (await detectFormat(path));
  const job = jobOf(format, options.pipelines);
  const key = await fileKey(path, format);
  return inWholeOrNot({ warehousePath, source: sourceOf(key) }, async (warehouse) => {
    const pumped = await pump(warehouse, { ...options, format, totalBytes, key, job });
    const document = ingestDocument({ path, format, key, warehouse, ...pumped });
    if (document.stored > 0) return document;
    throw unreadable(
      path,
      document.read === 0
        ? 'it has no records; name a file with data'
        : `none of its ${document.read} records is readable as ${format} (` +
            `${Object.keys(document.badRowReasons)[0]}); mend it, or say another --format`,
    );
  });
}

type PumpOptions = IngestOptions & {
  readonly format: IngestFormat;
  readonly totalBytes: number;
  readonly key: string;
  readonly job: Job;
};

/** How a historical file is processed. */
interface Job {
  readonly settings: PipelineSettings;
  readonly functions: readonly PlanFunction[];
}

interface Pumped {
  /** Records read. */
  readonly read: number;
  readonly digest: string;
  readonly ownIds: OwnIdFigures;
}

/** Reads, appends, polls, in turn. */
async function pump(warehouse: Warehouse, options: PumpOptions): Promise<Pumped> {
  const { settings, functions } = options.job;
  warehouse.forgetResults(namesOfUsersPlans(settings.plans));
  const tap = options.lake === undefined ? undefined : await tapInto(options.lake, options);
  const log = createPartitionedLog({ partitions: 1 });
  const hash = createHash('sha256');
  const ownIds = createOwnIdCount(warehouse, options.key);
  const sink: PipelineSink = {
    commit(batch) {
      warehouse.commit(batch);
      ownIds.add(batch);
      hash.update(JSON.stringify(batch));
    },
    // Always from the file's beginning: rows that are there already are left as they are.
    committedOffsets: (partitionCount) => new Array<number>(partitionCount).fill(0),
  };
  const pipeline = createPipeline({
    log: tap?.reader(log) ?? log,
    sink: tap?.sink(sink) ?? sink,
    reference: NO_REFERENCE,
    ...settings,
    functions,
    maxRecordsPerPoll: CHUNK_RECORDS,
  });
  try {
    const read = await pumpRecords(options, { log, pipeline, tap });
    warehouse.derive();
    return { read, digest: hash.digest('hex'), ownIds: ownIds.figures };
  } finally {
    await tap?.close();
  }
}

/** DuckDB is loaded for those who want a lake, and only for them. */
async function tapInto(lake: string, { key, job }: PumpOptions): Promise<LakeTap> {
  const { openLakeTap } = await import('../backfill/lake-tap.ts');
  return openLakeTap(lake, { source: sourceOf(key), partitions: 1, pipeline: job.settings });
}

const NO_REFERENCE: ReferenceData = {
  title: () => undefined,
  country: () => 'ZZ',
  utcOffsetMinutes: () => 0,
};

interface Pump {
  readonly log: PartitionedLog;
  readonly pipeline: Pipeline;
  readonly tap: LakeTap | undefined;
}

/** @returns records read. */
async function pumpRecords(options: PumpOptions, { log, pipeline, tap }: Pump): Promise<number> {
  const progress = { bytes: 0, records: 0 };
  let nowUs = 0;
  const commit = async () => {
    pipeline.poll(nowUs);
    log.truncateBefore([progress.records]);
    options.onProgress?.(progress.bytes, options.totalBytes, progress.records);
    if (progress.records % LAKE_RECORDS !== 0) return;
    const checkpoint = progress.records / LAKE_RECORDS;
    await tap?.commit({ checkpoint, offsets: [progress.records] });
  };
  const records = readRawRecords({
    path: options.path,
    format: options.format,
    key: options.key,
    pseudonym: createPseudonym(options.salt),
    onBytes: (read) => {
      progress.bytes = read;
    },
  });
  for await (const { raw, timeUs, partitionKey, userAgent, ...times } of records) {
    const { sentTimeUs, receivedTimeUs } = times;
    nowUs = Math.max(nowUs, receivedTimeUs ?? sentTimeUs ?? timeUs ?? 0);
    const payload = {
      sentTimeUs: sentTimeUs ?? nowUs,
      userAgent,
      clientAddress: '',
      events: [raw],
    };
    log.append({ ingestTimeUs: nowUs, partitionKey, payload });
    progress.records += 1;
    if (progress.records % CHUNK_RECORDS === 0) await commit();
  }
  pipeline.poll(nowUs);
  options.onProgress?.(progress.bytes, options.totalBytes, progress.records);
  pipeline.finish(nowUs);
  const checkpoint = Math.floor(progress.records / LAKE_RECORDS) + 1;
  await tap?.commit({ checkpoint, offsets: [progress.records] });
  return progress.records;
}

function jobOf(format: IngestFormat, given: readonly PlanDocument[] = []): Job {
  const { plans, functions } = withGivenPlans(filePlans(), given, FILE_WATERMARK);
  const dedupeTtlUs = DEDUPE_TTL_US[format];
  return { settings: { plans, watermark: FILE_WATERMARK, dedupeTtlUs }, functions };
}
