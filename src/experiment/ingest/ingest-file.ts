/** `ingest`: a historical file through the same stages into the same kind of warehouse. Process
 * time is virtual too (the latest event time so far), so the same file gives the same rows. The
 * warehouse appears, or changes, only when all went well. */
import { createHash } from 'node:crypto';
import type { PipelineSink } from '../../domain/pipeline-ports.ts';
import { hours, minutes } from '../../kernel/time.ts';
import { createPartitionedLog, type PartitionedLog } from '../../storage/partitioned-log.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { createPipeline, type Pipeline } from '../../streams/pipeline.ts';
import { checkInputFile, unreadable } from '../inputs/input-file.ts';
import type { IngestDocument } from '../result.ts';
import { fileKey } from './file-key.ts';
import { ingestDocument, sourceOf } from './ingest-figures.ts';
import { createOwnIdCount, type OwnIdFigures } from './own-id-figures.ts';
import { inWholeOrNot } from './partial-warehouse.ts';
import { createPseudonym } from './pseudonym.ts';
import { readRawRecords } from './raw-records.ts';
import { detectFormat, type IngestFormat } from './rows.ts';

/** Options of {@link ingestFile}. */
export interface IngestOptions {
  readonly path: string;
  /** Default: told by name or first lines. */
  readonly format?: IngestFormat | undefined;
  /** Made if missing. */
  readonly warehousePath: string;
  /** Bytes of the file read so far, of how many, and records so far. */
  readonly onProgress?:
    | ((readBytes: number, totalBytes: number, records: number) => void)
    | undefined;
  /** Key of the pseudonyms; default: `BACKLOT_PSEUDONYM_KEY` of the environment. */
  readonly salt?: string | undefined;
}

/** Records between two commits: the most that is in memory. */
const CHUNK_RECORDS = 2_000;
/** Files are often out of order, and in a batch nobody waits: the watermark may lag far behind. */
const WATERMARK_BOUND_US = hours(1);
/** How long the ids of events are remembered. Only NDJSON can bring ids of its own, which may
 * repeat; elsewhere an id is a line, and remembering a day of lines would fill the memory. */
const DEDUPE_TTL_US = { ndjson: hours(24), csv: minutes(1), 'access-log': minutes(1) } as const;

/** Ingests a file.
 * @throws EngineError `INPUT_UNREADABLE`, `OUTPUT_UNWRITABLE`, `WAREHOUSE_UNREADABLE`; then nothing
 * has changed. Cost about 20 µs a record, memory independent of the file's size. */
export async function ingestFile(options: IngestOptions): Promise<IngestDocument> {
  const { path, warehousePath } = options;
  const totalBytes = checkInputFile(path);
  const format = options.format ?? (await detectFormat(path));
  const key = await fileKey(path);
  return inWholeOrNot({ warehousePath, source: sourceOf(key) }, async (warehouse) => {
    const pumped = await pump(warehouse, { ...options, format, totalBytes, key });
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
};

interface Pumped {
  /** Records read. */
  readonly read: number;
  readonly digest: string;
  readonly ownIds: OwnIdFigures;
}

/** Reads, appends, polls, in turn. */
async function pump(warehouse: Warehouse, options: PumpOptions): Promise<Pumped> {
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
  const pipeline = createIngestPipeline(log, sink, DEDUPE_TTL_US[options.format]);
  const progress = { bytes: 0, records: 0 };
  let nowUs = 0;
  const commit = () => {
    pipeline.poll(nowUs);
    log.truncateBefore([progress.records]);
    options.onProgress?.(progress.bytes, options.totalBytes, progress.records);
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
  for await (const { raw, timeUs, partitionKey, userAgent } of records) {
    nowUs = Math.max(nowUs, timeUs ?? 0);
    log.append({
      ingestTimeUs: nowUs,
      partitionKey,
      payload: { sentTimeUs: nowUs, userAgent, clientAddress: '', events: [raw] },
    });
    progress.records += 1;
    if (progress.records % CHUNK_RECORDS === 0) commit();
  }
  commit();
  pipeline.finish(nowUs);
  return { read: progress.records, digest: hash.digest('hex'), ownIds: ownIds.figures };
}

function createIngestPipeline(
  log: PartitionedLog,
  sink: PipelineSink,
  dedupeTtlUs: number,
): Pipeline {
  return createPipeline({
    log,
    sink,
    reference: {
      title: () => undefined,
      country: () => 'ZZ',
      utcOffsetMinutes: () => 0,
    },
    windows: [
      { metric: 'events_1m', sizeUs: minutes(1), types: null, keyBy: 'type' },
      { metric: 'requests_1m', sizeUs: minutes(1), types: ['http.request'], keyBy: 'status' },
      { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
      { metric: 'records_1h', sizeUs: hours(1), types: ['record.ingested'], keyBy: 'target' },
    ],
    watermark: { boundUs: WATERMARK_BOUND_US, idleTimeoutUs: hours(24) },
    allowedLatenessUs: hours(24),
    dedupeTtlUs,
    maxRecordsPerPoll: CHUNK_RECORDS,
  });
}
