/** `backlot serve`, put together: HTTP → log on disk → pipeline in a thread of its own → warehouse
 * and lake; and the dashboard that shows it. What was acknowledged is in the log, whatever happens
 * to this process; what is in the log is in the warehouse once. Spec: S400–S414, S420–S427. */
import type { FastifyInstance } from 'fastify';
import { livePaths, openLiveFolder } from '../../../experiment/live-job/live-folder.ts';
import { type LiveThread, startLiveThread } from '../../../experiment/live-job/live-thread.ts';
import { type DiskLog, openDiskLog } from '../../../storage/log/disk-log.ts';
import { createCollector } from '../../../streams/collector/collector.ts';
import type { CollectorLimits } from '../collector-server.ts';
import { type CollectorServer, EVENT_LIMITS, startCollectorServer } from '../collector-server.ts';
import { createGroupCommit, type GroupCommit } from '../group-commit.ts';
import { type CollectorFrames, createCollectorFrames } from '../live-frames.ts';
import { openMetricsText } from '../open-metrics.ts';
import { type CollectorKeys, openKeysFile } from './keys-file.ts';
import { addSideRoutes } from './side-routes.ts';

/** What to serve, where and how. */
export interface CollectorServiceOptions {
  readonly folder: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Default: those in the folder, made at random at first. */
  readonly keys?: Partial<CollectorKeys> | undefined;
  /** Of pages that may send, beside those of the server. */
  readonly origins?: readonly string[] | undefined;
  readonly durability?: 'disk' | 'os' | undefined;
  readonly hasLake?: boolean | undefined;
  readonly pipelines?: readonly string[] | undefined;
  /** Requests a second of the write key. */
  readonly ratePerSec?: number | undefined;
  readonly limits?: Partial<CollectorLimits> | undefined;
  /** Of a new folder. */
  readonly partitions?: number | undefined;
  readonly pollMs?: number | undefined;
  /** Adds routes of their own, such as the demo. */
  readonly mount?: ((app: FastifyInstance, keys: CollectorKeys) => Promise<void>) | undefined;
  /** Told of what is in trouble and goes on, and of bugs of ours. */
  readonly onTrouble: (message: string) => void;
}

/** A collector at work. */
export interface CollectorService {
  readonly origin: string;
  readonly keys: CollectorKeys;
  readonly server: CollectorServer;
  readonly log: DiskLog;
  readonly thread: LiveThread;
  readonly groups: GroupCommit;
  readonly frames: CollectorFrames;
  /** Stops to listen, finishes open requests, lets the pipeline read on for so long at most, and
   * closes everything. Windows stay open: the stream has not ended, and the next life goes on. */
  close(drainMs?: number): Promise<void>;
}

/** The rate of a key unless told otherwise: a site with some hundred thousand viewers at once. */
const DEFAULT_RATE_PER_SEC = 1_000;

const PARTITIONS = 2;
const RECORDS_PER_POLL = 5_000;
const DRAIN_MS = 10_000;
const RETRY_SECONDS = 5;
const SAMPLED_EVERY_MS = 50;

/** Starts one.
 * @throws EngineError of the log, the folder, plans, the warehouse and the address; then nothing
 * runs. */
export async function startCollectorService(
  options: CollectorServiceOptions,
): Promise<CollectorService> {
  const { folder, durability = 'disk', hasLake = true, onTrouble } = options;
  const { manifest } = await openLiveFolder({
    folder,
    partitions: options.partitions ?? PARTITIONS,
    durability,
    maxRecordsPerPoll: RECORDS_PER_POLL,
    pipelines: options.pipelines ?? [],
  });
  const { partitions } = manifest;
  const paths = livePaths(folder);
  const log = openDiskLog({ folder: paths.log, partitions, durability });
  for (const { file, bytesDropped, reason } of log.repairs) {
    onTrouble(`${file}: ${bytesDropped} bytes that nobody was told of were cut off (${reason})`);
  }
  let thread: LiveThread | undefined;
  try {
    const keys = openKeysFile(paths.keys, options.keys ?? {});
    thread = startLiveThread({
      folder,
      partitions,
      durability,
      hasLake,
      pollMs: options.pollMs,
      onTrouble,
    });
    thread.allow(log.endOffsets());
    await thread.started;
    return await serve({ options, keys, log, thread });
  } catch (error) {
    await thread?.stop(0);
    log.close();
    throw error;
  }
}

async function serve(parts: {
  readonly options: CollectorServiceOptions;
  readonly keys: CollectorKeys;
  readonly log: DiskLog;
  readonly thread: LiveThread;
}): Promise<CollectorService> {
  const { options, keys, log, thread } = parts;
  const { host, port, limits, onTrouble, ratePerSec = DEFAULT_RATE_PER_SEC } = options;
  const onInternalError = (error: unknown) => onTrouble(oneLine(error));
  const groups = createGroupCommit({ log, onDurable: (ends) => thread.allow(ends) });
  const collector = createCollector({ log, ...EVENT_LIMITS, logRetryAfterSeconds: RETRY_SECONDS });
  const { unreadByPartition, figures } = thread;
  const unread = sampled(thread.unread);
  const nowUs = () => Date.now() * 1_000;
  const count = () => collector.count();
  const frames = createCollectorFrames({ count, unreadByPartition, figures, nowUs });
  let server: CollectorServer | undefined;
  const metrics = () =>
    openMetricsText({
      count: count(),
      answers: server?.answers ?? new Map(),
      refusals: server?.refusals ?? new Map(),
      groups: groups.groups,
      groupedRequests: groups.requests,
      openRequests: server?.admission.openRequests ?? 0,
      openBytes: server?.admission.openBytes ?? 0,
      unreadByPartition: unreadByPartition(),
      figures: figures(),
      nowUs: nowUs(),
    });
  try {
    server = await startCollectorServer({
      collector,
      groups,
      keys: [{ key: keys.writeKey, ratePerSec, origins: options.origins ?? [] }],
      host,
      port,
      limits,
      unread,
      isReady: () => thread.isWell(),
      onInternalError,
      async mount(app) {
        const { readToken } = keys;
        await addSideRoutes(app, { host, readToken, source: frames, metrics, onInternalError });
        await options.mount?.(app, keys);
      },
    });
  } catch (error) {
    frames.stop();
    throw error;
  }
  const running = server;
  const stopPressing = pressEverySecond(thread, groups);
  return {
    origin: running.origin,
    keys,
    server: running,
    log,
    thread,
    groups,
    frames,
    async close(drainMs = DRAIN_MS) {
      await running.close();
      await groups.idle();
      stopPressing();
      await thread.stop(drainMs);
      frames.stop();
      log.close();
    },
  };
}

/** The limit need not be kept to the event: asking at each request takes 3 µs of it. */
function sampled(ask: () => number): () => number {
  let value = 0;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = performance.now();
    if (nowMs - askedAtMs >= SAMPLED_EVERY_MS) {
      askedAtMs = nowMs;
      value = ask();
    }
    return value;
  };
}

function pressEverySecond(thread: LiveThread, groups: GroupCommit): () => void {
  let before = 0;
  const timer = setInterval(() => {
    thread.press(groups.requests - before);
    before = groups.requests;
  }, 1_000);
  timer.unref();
  return () => clearInterval(timer);
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `internal error: ${text.replaceAll(/\s*\n\s*/g, ' ')}`;
}
