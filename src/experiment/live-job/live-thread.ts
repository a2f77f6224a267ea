/** The pipeline's thread as the collector sees it: how far it may read, how far it has come, and
 * its figures. Offsets go through shared memory, so that neither side waits for the other. */
import { Worker } from 'node:worker_threads';
import type { LiveFigures } from './live-figures.ts';

/** What the thread is given. */
export interface LiveWorkerData {
  readonly folder: string;
  readonly durability: 'disk' | 'os';
  readonly hasLake: boolean;
  readonly pollMs: number;
  /** Per partition: what is durable, as the collector says. */
  readonly durable: BigInt64Array;
  /** Per partition: what is committed, as the thread says. */
  readonly committed: BigInt64Array;
  /** One number: requests a second that the collector takes in. */
  readonly pressure: Int32Array;
}

/** What the thread tells. */
export type LiveWorkerMessage =
  | { readonly type: 'figures'; readonly figures: LiveFigures }
  /** A disk refuses; it will be tried again. */
  | { readonly type: 'held'; readonly message: string }
  | { readonly type: 'stopped'; readonly figures: LiveFigures };

/** Options of {@link startLiveThread}. */
export interface LiveThreadOptions {
  readonly folder: string;
  readonly partitions: number;
  readonly durability: 'disk' | 'os';
  readonly hasLake: boolean;
  /** Between two polls where nothing is unread. Default 1,000. */
  readonly pollMs?: number | undefined;
  /** Told of a disk that refuses, and of the error that ended the thread. */
  readonly onTrouble: (message: string) => void;
}

/** A running thread. */
export interface LiveThread {
  /** Lets it read as far as this. */
  allow(endOffsets: readonly number[]): void;
  /** Tells it how busy the collector is, so that it leaves it the processor and the disk. */
  press(requestsPerSec: number): void;
  /** Records that are durable and not committed, by partition. */
  unreadByPartition(): readonly number[];
  unread(): number;
  /** Undefined before the first. */
  figures(): LiveFigures | undefined;
  /** Whether its last try went well. */
  isWell(): boolean;
  /** Resolves at the first figures; rejects with what kept it from starting. */
  readonly started: Promise<void>;
  /** Reads on for so long at most, commits, and ends it. */
  stop(drainMs: number): Promise<void>;
}

const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './live-worker.ts' : './live-worker.js',
  import.meta.url,
);
const BYTES_PER_OFFSET = 8;
const DEFAULT_POLL_MS = 1_000;

/** Starts the thread. */
export function startLiveThread(options: LiveThreadOptions): LiveThread {
  const { folder, partitions, durability, hasLake, onTrouble } = options;
  const offsets = () => new BigInt64Array(new SharedArrayBuffer(partitions * BYTES_PER_OFFSET));
  const durable = offsets();
  const committed = offsets();
  const pollMs = options.pollMs ?? DEFAULT_POLL_MS;
  const pressure = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const offsetsAndPressure = { durable, committed, pressure };
  const data: LiveWorkerData = { folder, durability, hasLake, pollMs, ...offsetsAndPressure };
  const worker = new Worker(WORKER_URL, { workerData: data });
  let figures: LiveFigures | undefined;
  let isWell = true;
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      hasEnded = true;
      resolve();
    });
  });
  const started = new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  // Who does not wait for the start hears of its failure through `onTrouble`.
  started.catch(() => {});
  worker.on('message', (message: LiveWorkerMessage) => {
    isWell = message.type !== 'held';
    if (message.type === 'held') {
      onTrouble(message.message);
      return;
    }
    figures = message.figures;
  });
  worker.on('error', (error) => {
    isWell = false;
    onTrouble(`the pipeline has stopped; events are still taken in: ${error.message}`);
  });
  const unreadByPartition = () =>
    Array.from(durable, (_, i) => {
      const unread = Atomics.load(durable, i) - Atomics.load(committed, i);
      return Math.max(0, Number(unread));
    });
  return {
    allow: (ends) =>
      ends.forEach((end, i) => {
        Atomics.store(durable, i, BigInt(end));
      }),
    press: (requestsPerSec) => void Atomics.store(pressure, 0, Math.round(requestsPerSec)),
    unreadByPartition,
    unread: () => unreadByPartition().reduce((sum, n) => sum + n, 0),
    figures: () => figures,
    isWell: () => isWell,
    started,
    async stop(drainMs) {
      if (!hasEnded) worker.postMessage({ drainMs });
      await ended;
    },
  };
}
