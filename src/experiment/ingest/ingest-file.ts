/** `ingest`: a historical file through the same stages into the same kind of warehouse. Process
 * time is virtual too (the latest event time so far), so the same file gives the same rows. The
 * warehouse appears, or changes, only when all went well. */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PipelineSink } from '../../domain/pipeline-ports.ts';
import { EngineError } from '../../kernel/errors.ts';
import { hours, minutes } from '../../kernel/time.ts';
import { createPartitionedLog } from '../../storage/partitioned-log.ts';
import { openWarehouse, type Warehouse } from '../../storage/warehouse.ts';
import { createPipeline, type Pipeline } from '../../streams/pipeline.ts';
import { checkInputFile, unreadable } from '../inputs/input-file.ts';
import type { IngestDocument } from '../result.ts';
import { ingestDocument } from './ingest-figures.ts';
import { createPseudonym } from './pseudonym.ts';
import { detectFormat, fileKey, type IngestFormat, readRawRecords } from './raw-records.ts';

/** Options of {@link ingestFile}. */
export interface IngestOptions {
  readonly path: string;
  /** Default: told by name or first line. */
  readonly format?: IngestFormat | undefined;
  /** Made if missing. */
  readonly warehousePath: string;
  /** Bytes of the file read so far, of how many, and records so far. */
  readonly onProgress?:
    | ((readBytes: number, totalBytes: number, records: number) => void)
    | undefined;
}

/** Records between two commits: the most that is in memory. */
const CHUNK_RECORDS = 2_000;
/** Files are often out of order, and in a batch nobody waits: the watermark may lag far behind. */
const WATERMARK_BOUND_US = hours(1);

/** Ingests a file.
 * @throws EngineError `INPUT_UNREADABLE`, `OUTPUT_UNWRITABLE`, `WAREHOUSE_UNREADABLE`; then nothing
 * has changed. Cost about 10 µs a record. */
export async function ingestFile(options: IngestOptions): Promise<IngestDocument> {
  const { path, warehousePath } = options;
  const totalBytes = checkInputFile(path);
  const format = options.format ?? (await detectFormat(path));
  const partial = preparePartial(warehousePath);
  try {
    const warehouse = openWarehouse({ path: partial, source: `file:${fileKey(path)}` });
    try {
      const read = await pump(warehouse, { ...options, format, totalBytes });
      const document = ingestDocument({ path, format, read, warehouse });
      if (document.stored === 0) {
        throw unreadable(
          path,
          `none of its ${read} records is readable as ${format}; say --format`,
        );
      }
      warehouse.close();
      renameSync(partial, warehousePath);
      return document;
    } finally {
      warehouse.close();
    }
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Reads, appends, polls, in turn. @returns records read. */
async function pump(
  warehouse: Warehouse,
  options: IngestOptions & { readonly format: IngestFormat; readonly totalBytes: number },
): Promise<number> {
  const log = createPartitionedLog({ partitions: 1 });
  const pipeline = createIngestPipeline(log, warehouse);
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
    pseudonym: createPseudonym(),
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
  return progress.records;
}

function createIngestPipeline(
  log: ReturnType<typeof createPartitionedLog>,
  warehouse: Warehouse,
): Pipeline {
  // Always from the file's beginning: rows that are there already are left as they are.
  const sink: PipelineSink = {
    commit: (batch) => warehouse.commit(batch),
    committedOffsets: (partitionCount) => new Array<number>(partitionCount).fill(0),
  };
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
    dedupeTtlUs: hours(24),
    maxRecordsPerPoll: CHUNK_RECORDS,
  });
}

/** A sibling of the warehouse to write into: a copy where it exists. */
function preparePartial(warehousePath: string): string {
  const partial = `${warehousePath}.partial-${process.pid}`;
  try {
    mkdirSync(dirname(warehousePath), { recursive: true });
    rmSync(partial, { force: true });
    if (existsSync(warehousePath)) copyFileSync(warehousePath, partial);
    return partial;
  } catch (cause) {
    throw new EngineError(
      'OUTPUT_UNWRITABLE',
      `${warehousePath}: it cannot be written; choose a writable --warehouse`,
      { path: warehousePath },
      { cause },
    );
  }
}
