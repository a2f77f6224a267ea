/** Suite `checkpoints`: what exactly-once costs. N = 200,000 plays of 2,000 viewers over 4
 * partitions, committed every 10,000: the pipeline into a warehouse file with and without its
 * state, and a checkpointed job (merge, windows of a minute by title) with and without
 * checkpoints. One core. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PipelineSink } from '../../src/domain/pipeline-ports.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { createPartitionedLog } from '../../src/storage/log/memory-log.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { createCount } from '../../src/streams/aggregates/basic-aggregators.ts';
import type { JobTrigger } from '../../src/streams/checkpoints/job/coordinator.ts';
import { createJob } from '../../src/streams/checkpoints/job/job.ts';
import type {
  JobRow,
  JobSource,
  SourceRecord,
} from '../../src/streams/checkpoints/job/job-item.ts';
import { createPartitionMerge } from '../../src/streams/checkpoints/job/partition-merge.ts';
import { createWindowNode } from '../../src/streams/checkpoints/job/window-node.ts';
import { type CountSpec, countPlan } from '../../src/streams/count-plan.ts';
import { createPipeline } from '../../src/streams/pipeline.ts';
import { type BenchCase, type BenchSuite, figure, medianRates } from '../bench-suite.ts';

const WATERMARK = { boundUs: seconds(30), idleTimeoutUs: minutes(1) };
const COUNTS: readonly CountSpec[] = [
  { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
  { metric: 'events_1m', sizeUs: minutes(1), types: null, keyBy: 'type' },
];

const EVENTS = 200_000;
const EVERY = 10_000;
const VIEWERS = 2_000;
const TITLES = 400;
const PARTITIONS = 4;
/** 2026-11-20T20:00:00Z. */
const START_US = 1_795_204_800_000_000;
const GAP_US = 1_000;
const COUNT = createCount();

/** The suite. */
export const checkpointsSuite: BenchSuite = async ({ scale }) => {
  const every = Math.max(500, Math.round(EVERY * scale));
  const events = Math.max(2 * every, Math.round(EVENTS * scale));
  const directory = mkdtempSync(join(tmpdir(), 'backlot-bench-'));
  const written = { commits: 0, bytes: 0, wholeBytes: 0 };
  const runPipeline = (isCheckpointed: boolean) => () =>
    toWarehouse({ events, every, directory, isCheckpointed, written });
  try {
    const cases: readonly BenchCase[] = [
      { name: 'pipeline', units: events, run: runPipeline(false) },
      { name: 'pipeline with state', units: events, run: runPipeline(true) },
      { name: 'job', units: events, run: () => runJob(events, {}) },
      {
        name: 'job with checkpoints',
        units: events,
        run: () => runJob(events, { everyRecords: every }),
      },
    ];
    const rates = await medianRates(cases, { scale });
    const rate = (name: string) => rates.get(name) ?? Number.NaN;
    const overhead = (name: string, base: string) => rate(base) / rate(name) - 1;
    return [
      figure('pipeline_events_per_s', rate('pipeline with state'), 'events/s'),
      figure('pipeline_overhead', overhead('pipeline with state', 'pipeline'), 'share'),
      figure('state_bytes_per_commit', written.bytes / written.commits, 'bytes'),
      figure('state_bytes_whole', written.wholeBytes, 'bytes'),
      figure('job_events_per_s', rate('job with checkpoints'), 'events/s'),
      figure('job_overhead', overhead('job with checkpoints', 'job'), 'share'),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

interface PipelineCase {
  readonly events: number;
  readonly every: number;
  readonly directory: string;
  readonly isCheckpointed: boolean;
  readonly written: { commits: number; bytes: number; wholeBytes: number };
}

/** @returns facts in the warehouse. */
function toWarehouse(given: PipelineCase): number {
  const { directory, isCheckpointed, written } = given;
  const path = join(directory, 'bench.sqlite');
  rmSync(path, { force: true });
  const warehouse = openWarehouse({ path });
  const sink: PipelineSink = {
    committedOffsets: (count) => warehouse.committedOffsets(count),
    committedState: () => warehouse.committedState(),
    commit(batch) {
      warehouse.commit(batch);
      written.commits += Number(isCheckpointed);
      for (const { text } of batch.state?.put ?? []) written.bytes += text.length;
    },
  };
  pump(sink, given);
  const state = warehouse.committedState();
  if (state !== undefined) {
    written.wholeBytes = state.parts.reduce((sum, { text }) => sum + text.length, 0);
  }
  const [row] = warehouse.query('SELECT count(*) AS n FROM fact_event');
  warehouse.close();
  return Number(row?.['n']);
}

function pump(sink: PipelineSink, { events, every, isCheckpointed }: PipelineCase): void {
  const log = createPartitionedLog({ partitions: PARTITIONS });
  const pipeline = createPipeline({
    log,
    sink,
    reference: {
      title: () => ({ name: 'Title', genre: 'Drama' }),
      country: () => 'US',
      utcOffsetMinutes: () => -300,
    },
    watermark: WATERMARK,
    plans: COUNTS.map((spec) =>
      countPlan(spec, { watermark: WATERMARK, allowedLatenessUs: minutes(10) }),
    ),
    dedupeTtlUs: minutes(60),
    maxRecordsPerPoll: every,
    ...(isCheckpointed ? { checkpoint: { everyRecords: every } } : {}),
  });
  for (let i = 0; i < events; i += 1) {
    const ingestTimeUs = START_US + i * GAP_US;
    const viewer = i % VIEWERS;
    log.append({
      ingestTimeUs,
      partitionKey: `v${viewer}`,
      payload: {
        sentTimeUs: ingestTimeUs,
        userAgent: 'Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36',
        clientAddress: '198.18.0.1',
        events: [
          {
            id: `v${viewer}-${i}`,
            type: 'media.play',
            subject: `v${viewer}`,
            sessionId: `s${viewer}`,
            sequence: i,
            eventTimeUs: ingestTimeUs,
            data: { titleId: `tt${(i * 7) % TITLES}`, playbackId: `p${i}`, positionSeconds: 0 },
          },
        ],
      },
    });
    if ((i + 1) % every !== 0) continue;
    pipeline.poll(ingestTimeUs);
    log.truncateBefore(sink.committedOffsets(PARTITIONS));
  }
  pipeline.finish(START_US + events * GAP_US);
}

/** @returns rows counted in windows. */
function runJob(events: number, trigger: JobTrigger): number {
  let counted = 0;
  const names = Array.from({ length: PARTITIONS }, (_, partition) => `p${partition}`);
  const job = createJob({
    definition: 'bench',
    sources: names.map((name, partition) => sourceOf(name, partition, events)),
    nodes: [
      { name: 'all', inputs: names, operator: createPartitionMerge(PARTITIONS) },
      {
        name: 'plays',
        inputs: ['all'],
        operator: createWindowNode({
          spec: { assign: { kind: 'tumbling', sizeUs: minutes(1) } },
          keyOf: (row) => String(row['title']),
          aggregator: { ...COUNT, add: (rows) => COUNT.add(rows, null) },
          paneRow: ({ key, value }) => ({ key, value }),
        }),
      },
    ],
    sinks: [
      {
        name: 'panes',
        input: 'plays',
        sink: {
          write: (row) => {
            counted += Number(row['value']);
          },
          preCommit: (_checkpoint, answer) => answer({ kind: 'done' }),
          commit: () => undefined,
          recover: () => undefined,
        },
      },
    ],
    store: { save: () => undefined, latest: () => undefined },
    trigger,
  });
  job.finish(0);
  return counted;
}

function sourceOf(name: string, partition: number, events: number): JobSource {
  const own = Math.ceil((events - partition) / PARTITIONS);
  return {
    name,
    watermark: { kind: 'bounded', boundUs: seconds(30) },
    read: (position, maxRecords) =>
      Array.from({ length: Math.min(maxRecords, own - position) }, (_, n): SourceRecord => {
        const i = (position + n) * PARTITIONS + partition;
        const row: JobRow = { title: `tt${(i * 7) % TITLES}` };
        return { row, timeUs: START_US + i * GAP_US, arrivalUs: START_US + i * GAP_US };
      }),
  };
}
