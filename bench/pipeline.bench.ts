/** Suite `pipeline`: from an SDK's batch to the committed warehouse row. N = 200,000 tracked events
 * of 2,000 viewers in batches of 20, in the mixture of an evening (mostly heartbeats), into a file;
 * polled and committed every 2,000 events. One core. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PipelineSink, ReferenceData } from '../src/domain/pipeline-ports.ts';
import type { TrackedEvent, TrackedEventType } from '../src/domain/tracked-event.ts';
import { minutes, seconds } from '../src/kernel/time.ts';
import { createPartitionedLog } from '../src/storage/log/memory-log.ts';
import { openWarehouse } from '../src/storage/warehouse.ts';
import { type CountSpec, countPlan } from '../src/streams/count-plan.ts';
import { createPipeline } from '../src/streams/pipeline.ts';
import { type BenchCase, type BenchSuite, figure, medianRates } from './bench-suite.ts';

const WATERMARK = { boundUs: seconds(30), idleTimeoutUs: minutes(1) };
const COUNTS: readonly CountSpec[] = [
  { metric: 'plays_1m', sizeUs: minutes(1), types: ['media.play'], keyBy: 'titleId' },
  { metric: 'events_1m', sizeUs: minutes(1), types: null, keyBy: 'type' },
];

const EVENTS = 200_000;
const BATCH_EVENTS = 20;
const VIEWERS = 2_000;
const TITLES = 400;
const BATCHES_PER_POLL = 100;
const PARTITIONS = 4;
/** 2026-11-20T20:00:00Z. */
const START_US = 1_795_204_800_000_000;
const BATCH_GAP_US = 20_000;
const MIXTURE: readonly TrackedEventType[] = [
  'page.view',
  'ui.click',
  'ui.hover',
  'ui.scroll',
  'media.play',
  'media.ping',
  'media.ping',
  'media.ping',
  'media.ping',
  'media.end',
];

/** The suite. */
export const pipelineSuite: BenchSuite = async ({ scale }) => {
  const batches = createBatches(Math.round((EVENTS * scale) / BATCH_EVENTS));
  const events = batches.length * BATCH_EVENTS;
  const directory = mkdtempSync(join(tmpdir(), 'backlot-bench-'));
  try {
    const cases: readonly BenchCase[] = [
      { name: 'to warehouse', units: events, run: () => toWarehouse(batches, directory) },
      { name: 'stages', units: events, run: () => toNowhere(batches) },
    ];
    const rates = await medianRates(cases, { scale });
    const rate = (name: string) => rates.get(name) ?? Number.NaN;
    return [
      figure('sdk_to_warehouse_events_per_s', rate('to warehouse'), 'events/s'),
      figure('stages_only_events_per_s', rate('stages'), 'events/s'),
      figure('stages_vs_warehouse_ratio', rate('stages') / rate('to warehouse'), '×'),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

interface Batch {
  readonly ingestTimeUs: number;
  readonly partitionKey: string;
  readonly events: readonly TrackedEvent[];
}

function createBatches(count: number): readonly Batch[] {
  return Array.from({ length: count }, (_, batch) => {
    const viewer = batch % VIEWERS;
    const first = Math.floor(batch / VIEWERS) * BATCH_EVENTS;
    const ingestTimeUs = START_US + batch * BATCH_GAP_US;
    return {
      ingestTimeUs,
      partitionKey: `v${viewer}`,
      events: Array.from({ length: BATCH_EVENTS }, (_unused, i) =>
        createEvent({ viewer, sequence: first + i, batch, ingestTimeUs }),
      ),
    };
  });
}

function createEvent(options: {
  readonly viewer: number;
  readonly sequence: number;
  readonly batch: number;
  readonly ingestTimeUs: number;
}): TrackedEvent {
  const { viewer, sequence, batch, ingestTimeUs } = options;
  const type = MIXTURE[(batch + sequence) % MIXTURE.length] ?? 'media.ping';
  const age = BATCH_EVENTS - (sequence % BATCH_EVENTS);
  const data = type.startsWith('media.')
    ? {
        titleId: `tt${(batch * 7 + sequence) % TITLES}`,
        playbackId: `p${viewer}-1`,
        positionSeconds: sequence * 60,
        ...(type === 'media.end' ? { completed: sequence % 2 === 0 } : {}),
      }
    : { page: 'home', target: 'card' };
  return {
    id: `v${viewer}-${sequence}`,
    type,
    subject: `v${viewer}`,
    sessionId: `s${viewer}`,
    sequence,
    eventTimeUs: ingestTimeUs - age * seconds(0.4),
    data,
  };
}

const REFERENCE: ReferenceData = {
  title: (titleId) => ({ name: `Title ${titleId}`, genre: 'Drama' }),
  country: () => 'US',
  utcOffsetMinutes: () => -300,
};

/** @returns rows in the warehouse. */
function toWarehouse(batches: readonly Batch[], directory: string): number {
  const path = join(directory, 'bench.sqlite');
  rmSync(path, { force: true });
  const warehouse = openWarehouse({ path });
  try {
    pump(batches, warehouse);
    return Number(warehouse.query('SELECT count(*) AS n FROM fact_event')[0]?.['n']);
  } finally {
    warehouse.close();
  }
}

/** The stages alone, into a sink that only counts. @returns facts. */
function toNowhere(batches: readonly Batch[]): number {
  let facts = 0;
  let offsets: readonly number[] = [];
  pump(batches, {
    commit: (batch) => {
      facts += batch.facts.length;
      offsets = batch.nextOffsets;
    },
    committedOffsets: (count) => Array.from({ length: count }, (_, i) => offsets[i] ?? 0),
  });
  return facts;
}

function pump(batches: readonly Batch[], sink: PipelineSink): void {
  const log = createPartitionedLog({ partitions: PARTITIONS });
  const pipeline = createPipeline({
    log,
    sink,
    reference: REFERENCE,
    watermark: WATERMARK,
    plans: COUNTS.map((spec) =>
      countPlan(spec, { watermark: WATERMARK, allowedLatenessUs: minutes(10) }),
    ),
    dedupeTtlUs: minutes(60),
    maxRecordsPerPoll: 100_000,
  });
  for (const [i, { ingestTimeUs, partitionKey, events }] of batches.entries()) {
    log.append({
      ingestTimeUs,
      partitionKey,
      payload: {
        sentTimeUs: ingestTimeUs,
        userAgent: 'Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36',
        clientAddress: '198.18.0.1',
        events,
      },
    });
    if ((i + 1) % BATCHES_PER_POLL !== 0) continue;
    pipeline.poll(ingestTimeUs);
    log.truncateBefore(sink.committedOffsets(PARTITIONS));
  }
  pipeline.finish(START_US + batches.length * BATCH_GAP_US);
}
