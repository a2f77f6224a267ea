/** A small clickstream as a crash subject: a partitioned log that survives, a warehouse in a file,
 * a driver that polls at fixed instants. Process time is an input like the records: a driver that
 * restarts goes on with the polls after its last checkpoint, and sees the log as it was then. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogReader, LogRecord, PipelineSink } from '../../../src/domain/pipeline-ports.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { openWarehouse, type Warehouse } from '../../../src/storage/warehouse.ts';
import { createPipeline, type PipelineOptions } from '../../../src/streams/pipeline.ts';
import { logRecord, pipelineOptions, REFERENCE, START_US } from '../clickstream-builder.ts';
import { type CrashSubject, type FaultPort, stepping, withSteppingSql } from './crash-harness.ts';

/** One record: when the collector took it in, in which partition, and what it was. */
export interface Arrival {
  readonly atSeconds: number;
  readonly partition: number;
  readonly raw: unknown;
}

/** What a subject is made of. */
export interface PipelineWorldOptions {
  readonly arrivals: readonly Arrival[];
  readonly partitions: number;
  readonly pollEverySeconds: number;
  readonly untilSeconds: number;
  /** Undefined: the pipeline forgets everything but offsets, which the harness must notice. */
  readonly checkpoint: PipelineOptions['checkpoint'] | undefined;
  /** Called for each life of the pipeline: parts with state must be new. */
  readonly part?: () => Partial<PipelineOptions>;
  /** Wraps the sink: canaries break it here. */
  readonly sinkOf?: (warehouse: Warehouse) => PipelineSink;
}

interface Disk {
  readonly folder: string;
}

const FILES = ['warehouse.sqlite', 'warehouse.sqlite-wal'];

/** Makes the subject. */
export function pipelineWorld(options: PipelineWorldOptions): CrashSubject<Disk> {
  const { sinkOf = (warehouse) => warehouse } = options;
  const partitions = recordsOf(options);
  const fresh = () => ({ folder: mkdtempSync(join(tmpdir(), 'backlot-crash-')) });
  const empty = emptyWarehouse();
  const open = ({ folder }: Disk) =>
    openWarehouse({ path: join(folder, 'warehouse.sqlite'), survives: 'process' });
  return {
    fresh() {
      const disk = fresh();
      writeFileSync(join(disk.folder, FILES[0] ?? ''), empty);
      return disk;
    },
    run(disk, fault) {
      const warehouse = open(disk);
      try {
        withSteppingSql(fault, () => drive({ ...options, partitions, fault }, sinkOf(warehouse)));
        return allRows(warehouse);
      } finally {
        warehouse.close();
      }
    },
    survivor(disk) {
      const copy = fresh();
      for (const file of FILES) {
        const from = join(disk.folder, file);
        if (existsSync(from)) cpSync(from, join(copy.folder, file));
      }
      return copy;
    },
    discard: ({ folder }) => rmSync(folder, { recursive: true }),
  };
}

/** The bytes of a warehouse without rows: cheaper to write than to make. */
function emptyWarehouse(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'backlot-empty-'));
  const path = join(folder, FILES[0] ?? '');
  openWarehouse({ path, survives: 'process' }).close();
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  return bytes;
}

/** Every row of every table, the state's too. */
export function allRows(warehouse: Warehouse): Readonly<Record<string, readonly string[]>> {
  const tables = warehouse.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1");
  return Object.fromEntries(
    tables.map(({ name }) => {
      const rows = warehouse.query(`SELECT * FROM ${String(name)}`);
      return [String(name), rows.map((row) => JSON.stringify(row)).sort()];
    }),
  );
}

interface Drive extends Omit<PipelineWorldOptions, 'partitions'> {
  readonly partitions: readonly (readonly LogRecord[])[];
  readonly fault: FaultPort;
}

function drive(options: Drive, sink: PipelineSink): void {
  const { fault, partitions, pollEverySeconds, untilSeconds } = options;
  let nowUs = START_US;
  const log: LogReader = {
    partitionCount: partitions.length,
    read: stepping(fault, 'read', (partition: number, offset: number, maxRecords: number) =>
      (partitions[partition] ?? [])
        .slice(offset, offset + maxRecords)
        .filter(({ ingestTimeUs }) => ingestTimeUs <= nowUs),
    ),
  };
  const pipeline = createPipeline(
    pipelineOptions({
      log,
      sink,
      reference: { ...REFERENCE, country: stepping(fault, 'enrich', REFERENCE.country) },
      watermark: { boundUs: seconds(5), idleTimeoutUs: seconds(20) },
      allowedLatenessUs: seconds(20),
      dedupeTtlUs: seconds(90),
      maxRecordsPerPoll: 3,
      ...(options.checkpoint === undefined ? {} : { checkpoint: options.checkpoint }),
      ...options.part?.(),
    }),
  );
  for (let at = pollEverySeconds; at <= untilSeconds; at += pollEverySeconds) {
    nowUs = START_US + seconds(at);
    if (nowUs < pipeline.processTimeUs) continue;
    pipeline.poll(nowUs);
    fault.step('between polls');
  }
  pipeline.finish(nowUs + minutes(1));
  fault.step('after the last commit');
}

function recordsOf({ arrivals, partitions }: PipelineWorldOptions): LogRecord[][] {
  const logs = Array.from({ length: partitions }, (): LogRecord[] => []);
  for (const { atSeconds, partition, raw } of arrivals) {
    const records = logs[partition] ?? [];
    const ingestTimeUs = START_US + seconds(atSeconds);
    records.push(logRecord({ partition, offset: records.length, ingestTimeUs, raw }));
  }
  return logs;
}
