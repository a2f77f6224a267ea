/** Suite `log`: appending to and reading from the log, and the collector before it. N = 200,000
 * tracked events (about 200 bytes of JSON each) in batches of 100 on four partitions. One core. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppendRequest } from '../src/domain/collector-ports.ts';
import { openDiskLog } from '../src/storage/log/disk-log.ts';
import { createPartitionedLog } from '../src/storage/log/memory-log.ts';
import type { PartitionedLog } from '../src/storage/log/partitioned-log.ts';
import { createCollector } from '../src/streams/collector/collector.ts';
import { type BenchCase, type BenchSuite, figure, medianRates } from './bench-suite.ts';

const EVENTS = 200_000;
const BATCH_EVENTS = 100;
const PARTITIONS = 4;
const RECORDS_PER_READ = 2_000;
/** 2026-11-20T20:00:00Z. */
const START_US = 1_795_204_800_000_000;

/** The suite. */
export const logSuite: BenchSuite = async ({ scale }) => {
  const requests = createRequests(Math.ceil((EVENTS * scale) / BATCH_EVENTS));
  const units = requests.length * BATCH_EVENTS;
  const directory = mkdtempSync(join(tmpdir(), 'backlot-bench-'));
  const filled = openDiskLog({ folder: join(directory, 'filled'), partitions: PARTITIONS });
  appendTo(filled, requests);
  let folders = 0;
  const onDisk = () => {
    folders += 1;
    const log = openDiskLog({ folder: join(directory, `${folders}`), partitions: PARTITIONS });
    const appended = appendTo(log, requests);
    log.close();
    rmSync(join(directory, `${folders}`), { recursive: true });
    return appended;
  };
  const inMemory = () => createPartitionedLog({ partitions: PARTITIONS });
  const cases: readonly BenchCase[] = [
    { name: 'memory', units, run: () => appendTo(inMemory(), requests) },
    { name: 'disk', units, run: onDisk },
    { name: 'read', units, run: () => readFrom(filled) },
    { name: 'collect', units, run: () => collectInto(inMemory(), requests) },
  ];
  try {
    const rates = await medianRates(cases, { scale });
    const rate = (name: string) => rates.get(name) ?? Number.NaN;
    return [
      figure('log_memory_append_records_per_s', rate('memory'), 'records/s'),
      figure('log_disk_append_records_per_s', rate('disk'), 'records/s'),
      figure('log_disk_read_records_per_s', rate('read'), 'records/s'),
      figure('collector_events_per_s', rate('collect'), 'events/s'),
      figure('log_disk_vs_memory_ratio', rate('disk') / rate('memory'), '×'),
    ];
  } finally {
    filled.close();
    rmSync(directory, { recursive: true, force: true });
  }
};

function createRequests(count: number): readonly AppendRequest[] {
  return Array.from({ length: count }, (_, batch) => ({
    ingestTimeUs: START_US + batch,
    partitionKey: `v${batch % 1_000}`,
    payload: {
      sentTimeUs: START_US + batch,
      userAgent: 'Roku/DVP-12.5',
      clientAddress: '192.0.2.1',
      events: Array.from({ length: BATCH_EVENTS }, (_unused, i) => ({
        id: `v${batch % 1_000}-${batch}-${i}`,
        type: 'media.ping',
        subject: `v${batch % 1_000}`,
        sessionId: `s${batch}`,
        sequence: i,
        eventTimeUs: START_US + batch * BATCH_EVENTS + i,
        data: { titleId: `tt${i % 40}`, playbackId: `p${batch}`, positionSeconds: i * 10 },
      })),
    },
  }));
}

/** @returns records appended. */
function appendTo(log: PartitionedLog, requests: readonly AppendRequest[]): number {
  for (const request of requests) log.append(request);
  return log.endOffsets().reduce((sum, end) => sum + end, 0);
}

/** @returns records read. */
function readFrom(log: PartitionedLog): number {
  let count = 0;
  for (let partition = 0; partition < log.partitionCount; partition += 1) {
    let next = 0;
    for (;;) {
      const records = log.read(partition, next, RECORDS_PER_READ);
      if (records.length === 0) break;
      next += records.length;
    }
    count += next;
  }
  return count;
}

/** @returns events accepted. */
function collectInto(log: PartitionedLog, requests: readonly AppendRequest[]): number {
  const collector = createCollector({ log });
  for (const { payload, ingestTimeUs } of requests) collector.take(payload, { ingestTimeUs });
  return collector.count().accepted;
}
