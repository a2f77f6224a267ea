/** The thread that a collector's pipeline runs in: polls about once a second, at once while much is
 * unread, and hands figures back. It takes the lowest priority, because a sender waits for an
 * acknowledgement and nobody for a poll. Spec: S424, S427. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { EngineError } from '../../kernel/errors.ts';
import { openLogFollower } from '../../storage/log/log-follower.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { createLiveDriver } from './live-driver.ts';
import { createLiveFigures, type LiveFigureCount } from './live-figures.ts';
import {
  functionsOf,
  LIVE_SOURCE_NAME,
  type LiveManifest,
  livePaths,
  readLiveManifest,
} from './live-folder.ts';
import { type LiveJob, openLiveJob, openLiveWarehouse } from './live-job.ts';
import type { LiveLake } from './live-lake.ts';
import type { LiveWorkerData, LiveWorkerMessage } from './live-thread.ts';
import { openPollJournal, type PollJournal } from './poll-journal.ts';

/** What sets these errors right is room on a disk, or another process that ends. */
const PASSING = ['WAREHOUSE_UNWRITABLE', 'STORAGE_UNWRITABLE', 'LOG_UNWRITABLE'];
const FIGURES_EVERY_MS = 500;
const RETRY_MS = 1_000;
const PRIORITY = 19;
/** From so many requests a second on, the pipeline works a seventh of the time: commits of its
 * database keep the log waiting for the disk, whatever the priority. */
const BUSY_REQUESTS_PER_SEC = 2_000;
const REST_PER_WORK = 6;
const REST_MS_MAX = 5_000;

class LiveWorker {
  readonly #data: LiveWorkerData;
  readonly #job: LiveJob;
  readonly #journal: PollJournal;
  readonly #lake: LiveLake | undefined;
  readonly #figures: LiveFigureCount;
  readonly #driver: ReturnType<typeof createLiveDriver>;
  #toldAtMs = 0;
  #stopAtMs: number | undefined;

  constructor(parts: {
    readonly data: LiveWorkerData;
    readonly manifest: LiveManifest;
    readonly functions: Awaited<ReturnType<typeof functionsOf>>;
    readonly warehouse: Warehouse;
    readonly lake: LiveLake | undefined;
  }) {
    const { data, manifest, functions, warehouse, lake } = parts;
    const paths = livePaths(data.folder);
    const isDurable = manifest.durability === 'disk';
    this.#data = data;
    this.#lake = lake;
    let figures: LiveFigureCount | undefined;
    this.#job = openLiveJob({
      manifest,
      functions,
      logFolder: paths.log,
      warehouse,
      tap: lake,
      onCommit: (batch) => figures?.take(batch),
    });
    figures = createLiveFigures(this.#job.warehouse);
    this.#figures = figures;
    this.#journal = openPollJournal(paths.journal, isDurable);
    this.#driver = createLiveDriver({
      job: this.#job,
      journal: this.#journal,
      nowUs: () => Date.now() * 1_000,
      maxRecordsPerPoll: manifest.maxRecordsPerPoll,
    });
    this.#tell();
  }

  /** Until it is stopped. Rejects for a bug of ours, or a state that does not fit. */
  async run(): Promise<void> {
    for (;;) {
      const isStopping = this.#stopAtMs !== undefined;
      const beganAtMs = performance.now();
      const read = await this.#pollOnce();
      const tookMs = performance.now() - beganAtMs;
      if (isStopping && (read <= 0 || Date.now() > (this.#stopAtMs ?? 0))) break;
      if (read > 0) await this.#rest(isStopping ? 0 : tookMs);
      else if (!isStopping) await this.#sleep(read < 0 ? RETRY_MS : this.#data.pollMs);
    }
    this.#driver.finish();
    this.#publishOffsets();
    await this.#lake?.commitIfDue({ nowUs: Date.now() * 1_000, isLast: true });
    await this.#lake?.close();
    this.#journal.close();
    this.#job.close();
    post({ type: 'stopped', figures: this.#figures.figures() });
  }

  /** @param drainMs - How long to go on reading. */
  stop(drainMs: number): void {
    this.#stopAtMs = Date.now() + drainMs;
    this.#wake();
  }

  /** @returns records read; −1 where a disk refused. */
  async #pollOnce(): Promise<number> {
    try {
      const read = this.#driver.poll(this.#durableOffsets());
      this.#publishOffsets();
      await this.#lake?.commitIfDue({ nowUs: Date.now() * 1_000 });
      if (read === 0 || Date.now() - this.#toldAtMs >= FIGURES_EVERY_MS) this.#tell();
      return read;
    } catch (error) {
      if (!isPassing(error)) throw error;
      post({ type: 'held', message: (error as Error).message });
      return -1;
    }
  }

  #durableOffsets(): readonly number[] {
    const { durable } = this.#data;
    return Array.from(durable, (_, i) => Number(Atomics.load(durable, i)));
  }

  #publishOffsets(): void {
    const { committed } = this.#data;
    this.#job.committedOffsets().forEach((offset, i) => {
      Atomics.store(committed, i, BigInt(offset));
    });
  }

  #tell(): void {
    this.#toldAtMs = Date.now();
    this.#publishOffsets();
    post({ type: 'figures', figures: this.#figures.figures() });
  }

  /** Between two polls while there is more to read. */
  #rest(workedMs: number): Promise<void> {
    const isBusy = Atomics.load(this.#data.pressure, 0) >= BUSY_REQUESTS_PER_SEC;
    if (isBusy && workedMs > 0) {
      return this.#sleep(Math.min(REST_MS_MAX, REST_PER_WORK * workedMs));
    }
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  #wake: () => void = () => {};

  #sleep(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, forMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof EngineError) return PASSING.includes(error.code);
  return ['ENOSPC', 'EIO', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function post(message: LiveWorkerMessage): void {
  parentPort?.postMessage(message);
}

/** DuckDB is loaded for those who want a lake. */
async function openLake(data: LiveWorkerData, manifest: LiveManifest, warehouse: Warehouse) {
  if (!data.hasLake) return undefined;
  const { openLiveLake } = await import('./live-lake.ts');
  const paths = livePaths(data.folder);
  const { partitions, durability, pipeline } = manifest;
  const offsets = warehouse.committedOffsets(partitions);
  const checkpoint = warehouse.committedState()?.checkpoint ?? 0;
  const log = openLogFollower({ folder: paths.log, partitions });
  log.allow(offsets);
  try {
    return await openLiveLake({
      directory: paths.lake,
      spoolPath: paths.spool,
      syncs: durability === 'disk',
      job: { source: LIVE_SOURCE_NAME, partitions, pipeline },
      committed: { checkpoint, offsets },
      log,
    });
  } finally {
    log.close();
  }
}

async function main(data: LiveWorkerData): Promise<void> {
  try {
    // On Linux the priority is this thread's alone; elsewhere it may be refused, or not matter.
    setPriority(PRIORITY);
  } catch {
    // It then competes like everything else.
  }
  const manifest = { ...readLiveManifest(data.folder), durability: data.durability };
  const functions = await functionsOf(manifest);
  const survives = data.durability === 'disk' ? 'power' : 'process';
  const warehouse = openLiveWarehouse(livePaths(data.folder).warehouse, survives);
  const lake = await openLake(data, manifest, warehouse);
  const worker = new LiveWorker({ data, manifest, functions, warehouse, lake });
  parentPort?.on('message', ({ drainMs }: { readonly drainMs: number }) => worker.stop(drainMs));
  await worker.run();
  parentPort?.close();
}

await main(workerData as LiveWorkerData);
