/** What the tests of the pipeline are built from: tracked events, log records, a log and a sink in
 * memory, and the batch oracle that streamed panes are compared with. */
import type {
  CommitBatch,
  LogReader,
  LogRecord,
  PipelineSink,
  ReferenceData,
  WindowPane,
} from '../../src/domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../src/domain/tracked-event.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { type CountSpec, countPlan } from '../../src/streams/count-plan.ts';
import type { PipelineOptions } from '../../src/streams/pipeline.ts';

/** 2026-11-20T20:00:00Z, a whole minute. */
export const START_US = 1_795_204_800_000_000;

/** Windows of most tests: plays by title and all events by type, a minute each. */
export const WINDOWS: readonly CountSpec[] = [
  { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
  { metric: 'events_1m', sizeUs: minutes(1), types: null, keyBy: 'type' },
];

const WATERMARK = { boundUs: seconds(10), idleTimeoutUs: Number.MAX_SAFE_INTEGER };

/** Knows titles `t0` to `t9` and two networks of documentation addresses. */
export const REFERENCE: ReferenceData = {
  title: (titleId) =>
    /^t\d$/.test(titleId) ? { name: `Title ${titleId}`, genre: 'Drama' } : undefined,
  country: (clientAddress) => {
    if (clientAddress.startsWith('203.0.113.')) return 'US';
    return clientAddress.startsWith('192.0.2.') ? 'IN' : 'ZZ';
  },
  utcOffsetMinutes: (country) => ({ IN: 330, US: -300 })[country] ?? 0,
};

/** A valid play of title `t1`, with some fields replaced. */
export function trackedEvent(part: Partial<TrackedEvent> = {}): TrackedEvent {
  return {
    id: 'e1',
    type: 'media.play',
    subject: 'v1',
    sessionId: 's1',
    sequence: 0,
    eventTimeUs: START_US,
    data: { titleId: 't1', playbackId: 'p1', positionSeconds: 0 },
    ...part,
  };
}

/** A record with a valid event, with some fields replaced. */
export function logRecord(part: Partial<LogRecord> = {}): LogRecord {
  return {
    partition: 0,
    offset: 0,
    ingestTimeUs: START_US + seconds(1),
    sentTimeUs: START_US + seconds(0.5),
    userAgent: 'Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36',
    clientAddress: '192.0.2.1',
    raw: trackedEvent(),
    ...part,
  };
}

/** A log that tests write record by record. */
export interface ListLog extends LogReader {
  append(part: Partial<LogRecord>): void;
}

/** Makes an empty log. */
export function createListLog(partitionCount: number): ListLog {
  const partitions = Array.from({ length: partitionCount }, (): LogRecord[] => []);
  return {
    partitionCount,
    append(part) {
      const records = partitions[part.partition ?? 0] ?? [];
      records.push(logRecord({ ...part, offset: records.length }));
    },
    read: (partition, offset, maxRecords) =>
      (partitions[partition] ?? []).slice(offset, offset + maxRecords),
  };
}

/** A sink that keeps every batch. */
export interface ListSink extends PipelineSink {
  readonly batches: readonly CommitBatch[];
  /** One kind of row, over all batches. */
  all<K extends 'facts' | 'panes' | 'late' | 'badRows'>(kind: K): CommitBatch[K][number][];
}

/** Makes an empty sink. */
export function createListSink(): ListSink {
  const batches: CommitBatch[] = [];
  return {
    batches,
    all: (kind) => batches.flatMap((batch) => [...batch[kind]]),
    commit: (batch) => {
      batches.push(batch);
    },
    committedOffsets: (count) =>
      Array.from({ length: count }, (_, i) => batches.at(-1)?.nextOffsets[i] ?? 0),
  };
}

/** Options of a pipeline: bound 10 s, lateness 30 s, nothing ever idle. */
export function pipelineOptions(
  part: Partial<PipelineOptions> &
    Pick<PipelineOptions, 'log' | 'sink'> & { readonly allowedLatenessUs?: number },
): PipelineOptions {
  const watermark = part.watermark ?? WATERMARK;
  const { allowedLatenessUs = seconds(30), ...rest } = part;
  return {
    reference: REFERENCE,
    watermark,
    plans: WINDOWS.map((spec) => countPlan(spec, { watermark, allowedLatenessUs })),
    dedupeTtlUs: minutes(60),
    maxRecordsPerPoll: 1_000,
    ...rest,
  };
}

/** The last pane of each window and key, as `metric window key` → value. */
export function finalPanes(panes: readonly WindowPane[]): ReadonlyMap<string, number> {
  const last = panes.map((pane): [string, number] => [
    `${pane.metric} ${pane.windowStartUs} ${pane.key}`,
    pane.value,
  ]);
  return new Map([...new Map(last)].sort());
}

/** The batch oracle: the same counts by one pass over the events, without any streaming. */
export function batchCounts(
  events: readonly TrackedEvent[],
  windows: readonly CountSpec[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { metric, sizeUs, types, keyBy } of windows) {
    for (const event of events.filter(({ type }) => types?.includes(type) ?? true)) {
      const startUs = Math.floor(event.eventTimeUs / sizeUs) * sizeUs;
      const key = keyBy === 'type' ? event.type : (event.data.titleId ?? 'none');
      const name = `${metric} ${startUs} ${key}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return new Map([...counts].sort());
}
