/** Suite `storage`: N = 200,000 enriched events of 2,000 viewers, into a warehouse and into a lake.
 * The warehouse commits every 2,000, the lake every 100,000 (its Parquet files are written by
 * DuckDB's own thread; what the caller's thread spends is told apart). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnrichedEvent } from '../src/domain/pipeline-ports.ts';
import type { TrackedEventType } from '../src/domain/tracked-event.ts';
import { openLake } from '../src/lake/lake.ts';
import { CURATED_EVENTS } from '../src/lake/lake-family.ts';
import { openWarehouse } from '../src/storage/warehouse.ts';
import { type BenchSuite, figure } from './bench-suite.ts';

const EVENTS = 200_000;
const VIEWERS = 2_000;
const TITLES = 400;
const BATCH_EVENTS = 20;
const WAREHOUSE_ROWS = 2_000;
const LAKE_ROWS = 100_000;
const SAMPLES = 5;
/** 2026-11-20T20:00:00Z. */
const START_US = 1_795_204_800_000_000;
const MIXTURE: readonly TrackedEventType[] = [
  'page.view',
  'ui.click',
  'media.play',
  'media.ping',
  'media.ping',
  'media.ping',
  'media.end',
];

/** The suite. */
export const storageSuite: BenchSuite = async ({ scale }) => {
  const facts = createFacts(Math.max(BATCH_EVENTS, Math.round(EVENTS * scale)));
  const samples = scale >= 1 ? SAMPLES : 1;
  const warehouse: Sample[] = [];
  const lake: Sample[] = [];
  for (let i = 0; i < samples; i += 1) {
    warehouse.push(inFolder((folder) => intoWarehouse(facts, folder)));
    lake.push(await inFolderLater((folder) => intoLake(facts, folder)));
  }
  const median = (runs: readonly Sample[], of: keyof Sample) =>
    runs.map((run) => run[of]).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN;
  const perSecond = (ms: number) => (facts.length / ms) * 1_000;
  const perRow = (ms: number) => (ms * 1_000) / facts.length;
  return [
    figure('warehouse_rows_per_s', perSecond(median(warehouse, 'callerMs')), 'rows/s'),
    figure('derive_plays_us_per_event', perRow(median(warehouse, 'restMs')), 'µs'),
    figure('lake_caller_us_per_row', perRow(median(lake, 'callerMs')), 'µs'),
    figure(
      'lake_rows_per_s',
      perSecond(median(lake, 'callerMs') + median(lake, 'restMs')),
      'rows/s',
    ),
    figure(
      'caller_rows_per_s',
      perSecond(median(warehouse, 'callerMs') + median(lake, 'callerMs')),
      'rows/s',
    ),
  ];
};

interface Sample {
  /** On the caller's thread, while it waits. */
  readonly callerMs: number;
  /** Deriving; or waiting for the lake's files. */
  readonly restMs: number;
}

function createFacts(count: number): readonly EnrichedEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const batch = Math.floor(i / BATCH_EVENTS);
    const viewer = batch % VIEWERS;
    const sequence = Math.floor(batch / VIEWERS) * BATCH_EVENTS + (i % BATCH_EVENTS);
    const type = MIXTURE[(batch + sequence) % MIXTURE.length] ?? 'media.ping';
    const titleId = `tt${(viewer * 7) % TITLES}`;
    const isMedia = type.startsWith('media.');
    const eventTimeUs = START_US + batch * 20_000 + (i % BATCH_EVENTS) * 400_000;
    return {
      event: {
        id: `v${viewer}-${sequence}`,
        type,
        subject: `v${viewer}`,
        sessionId: `s${viewer}`,
        sequence,
        eventTimeUs,
        data: isMedia
          ? { titleId, playbackId: `p${viewer}-1`, positionSeconds: sequence * 60 }
          : { page: 'home', target: 'card' },
      },
      ingestTimeUs: eventTimeUs + 5_000_000,
      processTimeUs: eventTimeUs + 6_000_000,
      deviceKind: 'tv',
      country: 'US',
      localHour: 15,
      titleName: isMedia ? `Title ${titleId}` : null,
      genre: isMedia ? 'Drama' : null,
    };
  });
}

function intoWarehouse(facts: readonly EnrichedEvent[], folder: string): Sample {
  const warehouse = openWarehouse({ path: join(folder, 'bench.sqlite') });
  const started = performance.now();
  for (let at = 0; at < facts.length; at += WAREHOUSE_ROWS) {
    warehouse.commit({
      facts: facts.slice(at, at + WAREHOUSE_ROWS),
      panes: [],
      late: [],
      badRows: [],
      nextOffsets: [at],
      stageCounts: [],
      watermarkUs: START_US,
      processTimeUs: START_US,
    });
  }
  const committed = performance.now();
  warehouse.derive();
  const derived = performance.now();
  expectRows(Number(warehouse.query('SELECT count(*) AS n FROM fact_event')[0]?.['n']), facts);
  warehouse.close();
  return { callerMs: committed - started, restMs: derived - committed };
}

async function intoLake(facts: readonly EnrichedEvent[], folder: string): Promise<Sample> {
  const lake = await openLake({ directory: folder, job: 'bench' });
  const writer = await lake.writer(CURATED_EVENTS);
  const spent = { callerMs: 0, restMs: 0 };
  for (let at = 0; at < facts.length; at += LAKE_ROWS) {
    const started = performance.now();
    for (const fact of facts.slice(at, at + LAKE_ROWS)) writer.append(fact);
    const committing = lake.commit({ checkpoint: at / LAKE_ROWS + 1, offsets: [at] });
    const returned = performance.now();
    await committing;
    spent.callerMs += returned - started;
    spent.restMs += performance.now() - returned;
  }
  expectRows(
    lake.manifest.files.reduce((sum, { rows }) => sum + rows, 0),
    facts,
  );
  await lake.close();
  return spent;
}

function expectRows(found: number, facts: readonly EnrichedEvent[]): void {
  if (found !== facts.length) throw new Error(`${found} rows are there, not ${facts.length}`);
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'backlot-bench-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inFolderLater<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'backlot-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
