/** Suite `streams`: what one core does with a clickstream. N = 1,000,000 rows for windows, 200,000
 * events in batches of 20 for enrichment and for the whole chain, 10,000,000 keys for the memory of
 * sessions. Rates are medians; beside them stand other systems' figures, of other machines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { minutes } from '../../src/kernel/time.ts';
import { type BenchCase, type BenchSuite, figure, medianRates } from '../bench-suite.ts';
import { endToEndSeconds } from './end-to-end.ts';
import { enrichRecords, recordsOf } from './enriched.ts';
import { createPlaybackRows, type PlaybackRow } from './playback-rows.ts';
import { BATCH_EVENTS, createSdkBatches, type SdkBatch } from './sdk-batches.ts';
import { bytesPerWindow } from './window-memory.ts';
import { countByTitle, hotItems, sessionsByViewer } from './windowed.ts';
import { YARDSTICKS } from './yardsticks.ts';

const ROWS = 1_000_000;
const EVENTS = 200_000;
const WINDOWS = 1_000_000;
const SESSIONS = 10_000_000;
/** Fewer weigh less than what a process needs for itself. */
const WINDOWS_MIN = 50_000;
const SAMPLES = 5;
const BYTES_PER_MIB = 1_048_576;

/** The suite. */
export const streamsSuite: BenchSuite = async ({ scale }) => {
  const batches = createSdkBatches(Math.round((EVENTS * scale) / BATCH_EVENTS));
  const rows = createPlaybackRows({
    rows: Math.round(ROWS * scale),
    titles: 2_000,
    viewers: 100_000,
    gapUs: 2_000,
  });
  const rates = await medianRates(casesOf(rows, batches), { scale });
  const rate = (name: string) => figure(`${name}_events_per_s`, rates.get(name) ?? 0, 'events/s');
  const endToEnd = await endToEndRate(batches, scale >= 1 ? SAMPLES : 1);
  return [
    rate('enrich'),
    rate('enrich_basic'),
    rate('tumbling'),
    rate('session'),
    rate('hot_items'),
    figure('end_to_end_events_per_s', endToEnd, 'events/s'),
    ...memoryFigures(scale),
    ...YARDSTICKS,
  ];
};

function casesOf(rows: readonly PlaybackRow[], batches: readonly SdkBatch[]): readonly BenchCase[] {
  const records = recordsOf(batches);
  const units = rows.length;
  return [
    { name: 'enrich', units: records.length, run: () => enrichRecords(records, 'full') },
    { name: 'enrich_basic', units: records.length, run: () => enrichRecords(records, 'basic') },
    { name: 'tumbling', units, run: () => countByTitle(rows) },
    { name: 'session', units, run: () => sessionsByViewer(rows) },
    { name: 'hot_items', units, run: () => hotItems(rows) },
  ];
}

async function endToEndRate(batches: readonly SdkBatch[], samples: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'backlot-bench-'));
  try {
    const taken: number[] = [];
    for (let i = 0; i < samples; i += 1) taken.push(await endToEndSeconds(batches, folder));
    taken.sort((a, b) => a - b);
    const median = taken[Math.floor(taken.length / 2)] ?? Number.NaN;
    return (batches.length * BATCH_EVENTS) / median;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function memoryFigures(scale: number) {
  const tumbling = { kind: 'tumbling', sizeUs: minutes(1) } as const;
  const session = { kind: 'session', gapUs: minutes(30) } as const;
  const sessions = Math.max(WINDOWS_MIN, Math.round(SESSIONS * scale));
  const windows = Math.max(WINDOWS_MIN, Math.round(WINDOWS * scale));
  const ofSession = bytesPerWindow(session, sessions);
  return [
    figure('tumbling_bytes_per_open_window', bytesPerWindow(tumbling, windows), 'bytes'),
    figure('session_bytes_per_open_window', ofSession, 'bytes'),
    figure('keyed_sessions_open', sessions, 'sessions'),
    figure('keyed_sessions_memory', (ofSession * sessions) / BYTES_PER_MIB, 'MiB'),
  ];
}
