/** `recover`: bad rows of a warehouse, patched and replayed through the pipeline. What has become
 * an event is a fact and no bad row any more, in one swap of the file; what is refused again stays
 * as it was. A second run finds nothing to do and changes no byte. Spec: W100–W103. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { LogRecord } from '../../domain/pipeline-ports.ts';
import { hours } from '../../kernel/time.ts';
import { createPartitionedLog } from '../../storage/log/memory-log.ts';
import { openWarehouse, type Warehouse } from '../../storage/warehouse.ts';
import { createPipeline } from '../../streams/pipeline.ts';
import { inWholeOrNot } from '../ingest/partial-warehouse.ts';
import { checkInputFile } from '../inputs/input-file.ts';
import { filePlans } from '../pipelines/built-in-plans.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { readBadRows, referenceOf, removeBadRows, type StoredBadRow } from './bad-row-table.ts';
import type { Patch, RowFilter } from './patch.ts';
import { type ReplayedRow, replay } from './replay.ts';

/** Options of {@link recoverBadRows}. */
export interface RecoverOptions {
  readonly warehousePath: string;
  readonly patch: Patch;
  /** Narrows what the patch is about. */
  readonly filter?: RowFilter;
  /** Tells what would happen and changes nothing. */
  readonly isDryRun?: boolean;
}

/** What a recovery did. */
export interface RecoverDocument {
  readonly schema: 'backlot.recover/1';
  readonly backlot: string;
  readonly warehouse: string;
  readonly isDryRun: boolean;
  /** Rows that the filter is about. */
  readonly selected: number;
  readonly recovered: number;
  readonly duplicates: number;
  readonly stillBad: number;
  readonly notRecoverable: number;
  /** Why rows are no events yet. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Bad rows before = facts gained + duplicates + bad rows after, as the warehouse counts. */
  readonly ledger: {
    readonly badRowsBefore: number;
    readonly factsGained: number;
    readonly duplicates: number;
    readonly badRowsAfter: number;
    readonly residual: number;
  };
}

/** Rows come from anywhere in time, and nobody waits: all windows stay open until the end. */
const WATERMARK_BOUND_US = hours(24 * 366 * 100);
const WATERMARK = { boundUs: WATERMARK_BOUND_US, idleTimeoutUs: WATERMARK_BOUND_US };
const ROUND_RECORDS = 2_000;

/** Recovers.
 * @throws EngineError `INPUT_UNREADABLE` for no file, `WAREHOUSE_UNREADABLE`, `OUTPUT_UNWRITABLE`;
 * then nothing has changed. */
export async function recoverBadRows(options: RecoverOptions): Promise<RecoverDocument> {
  const { warehousePath, patch, isDryRun = false } = options;
  checkInputFile(warehousePath);
  const filter = { ...patch.where, ...defined(options.filter ?? {}) };
  const tried = withWarehouse(warehousePath, (warehouse) => ({
    replayed: replay(warehouse, readBadRows(warehouse, filter), patch.steps),
    before: countsOf(warehouse),
  }));
  const { replayed, before } = tried;
  const mended = replayed.filter(({ outcome }) => outcome === 'recovered');
  const gone = replayed.filter((one) => one.outcome === 'recovered' || one.outcome === 'duplicate');
  const changes = !isDryRun && gone.length > 0;
  const after = changes
    ? await inWholeOrNot({ warehousePath, source: sourceOf(gone) }, async (warehouse) => {
        store(warehouse, mended);
        removeBadRows(
          warehouse,
          gone.map(({ row }) => row),
        );
        return countsOf(warehouse);
      })
    : before;
  const isTold = (outcome: ReplayedRow['outcome']) =>
    replayed.filter((one) => one.outcome === outcome).length;
  const duplicates = changes ? isTold('duplicate') : 0;
  const factsGained = after.facts - before.facts;
  return {
    schema: 'backlot.recover/1',
    backlot: PACKAGE_VERSION,
    warehouse: basename(warehousePath),
    isDryRun,
    selected: replayed.length,
    recovered: mended.length,
    duplicates: isTold('duplicate'),
    stillBad: isTold('still bad'),
    notRecoverable: isTold('not recoverable'),
    reasons: reasonsOf(replayed),
    ledger: {
      badRowsBefore: before.badRows,
      factsGained,
      duplicates,
      badRowsAfter: after.badRows,
      residual: before.badRows - factsGained - duplicates - after.badRows,
    },
  };
}

/** The recovered rows through the real pipeline: facts, panes and counts of a source of its own. */
function store(warehouse: Warehouse, mended: readonly ReplayedRow[]): void {
  const records = mended
    .flatMap(({ record }) => (record === undefined ? [] : [record]))
    .sort((a, b) => a.ingestTimeUs - b.ingestTimeUs);
  const log = createPartitionedLog({ partitions: 1 });
  for (const record of records) append(log, record);
  const known = new Set(
    warehouse.query('SELECT DISTINCT metric FROM pane').map((row) => String(row['metric'])),
  );
  const pipeline = createPipeline({
    log,
    sink: {
      commit: (batch) => warehouse.commit(batch),
      committedOffsets: (count) => new Array<number>(count).fill(0),
    },
    // The record's address is its country already.
    reference: referenceOf(warehouse, (country) => country),
    // Counts that a recovered event is part of, where the warehouse has such panes.
    plans: filePlans({ watermark: WATERMARK, allowedLatenessUs: 0 }).filter(({ name }) =>
      known.has(name),
    ),
    watermark: WATERMARK,
    dedupeTtlUs: WATERMARK_BOUND_US,
    maxRecordsPerPoll: ROUND_RECORDS,
  });
  pipeline.finish(records.at(-1)?.ingestTimeUs ?? 0);
}

function append(log: ReturnType<typeof createPartitionedLog>, record: LogRecord): void {
  const { sentTimeUs, sentUptimeUs, userAgent, clientAddress, raw, ingestTimeUs } = record;
  log.append({
    ingestTimeUs,
    partitionKey: '',
    payload: {
      sentTimeUs,
      ...(sentUptimeUs === undefined ? {} : { sentUptimeUs }),
      userAgent,
      clientAddress,
      events: [raw],
    },
  });
}

/** Names the recovery by the rows that it takes away: no two take away the same. */
function sourceOf(gone: readonly ReplayedRow[]): string {
  const key = ({ source, partition, offset }: StoredBadRow) => [source, partition, offset];
  const text = JSON.stringify(gone.map(({ row }) => key(row)));
  return `recover:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

function countsOf(warehouse: Warehouse): { readonly facts: number; readonly badRows: number } {
  const [row = {}] = warehouse.query(
    'SELECT (SELECT count(*) FROM fact_event) AS facts, (SELECT count(*) FROM bad_row) AS bad',
  );
  return { facts: Number(row['facts']), badRows: Number(row['bad']) };
}

function reasonsOf(replayed: readonly ReplayedRow[]): Readonly<Record<string, number>> {
  const reasons = new Map<string, number>();
  for (const { reason } of replayed) {
    if (reason !== '') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return Object.fromEntries([...reasons].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withWarehouse<T>(path: string, read: (warehouse: Warehouse) => T): T {
  const warehouse = openWarehouse({ path });
  try {
    return read(warehouse);
  } finally {
    warehouse.close();
  }
}

/** Without the fields that are undefined, so that they replace nothing. */
function defined(filter: RowFilter): RowFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined),
  ) as RowFilter;
}
