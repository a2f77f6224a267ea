/** A collector's server over a log on disk, without a pipeline, for tests of what comes in. */
import type { CollectorPayload } from '../../../src/domain/tracked-event.ts';
import {
  type CollectorLimits,
  EVENT_LIMITS,
  startCollectorServer,
} from '../../../src/live/collector/collector-server.ts';
import { createGroupCommit } from '../../../src/live/collector/group-commit.ts';
import type { WriteKey } from '../../../src/live/collector/write-keys.ts';
import { openDiskLog } from '../../../src/storage/log/disk-log.ts';
import type { LogFiles } from '../../../src/storage/log/log-files.ts';
import { createCollector } from '../../../src/streams/collector/collector.ts';

/** The key that may write. */
export const KEY = 'a-key-for-tests';

/** What a test may set. */
export interface WorldOptions {
  readonly limits?: Partial<CollectorLimits>;
  readonly keys?: readonly WriteKey[];
  readonly files?: LogFiles;
  readonly unread?: () => number;
}

/** Starts one on a free port. */
export async function startWorld(folder: string, options: WorldOptions = {}) {
  const { keys = [{ key: KEY, ratePerSec: 1e6 }], limits, files, unread = () => 0 } = options;
  const log = openDiskLog({ folder, partitions: 2, ...(files === undefined ? {} : { files }) });
  const durable: number[][] = [];
  const groups = createGroupCommit({ log, onDurable: (ends) => durable.push([...ends]) });
  const collector = createCollector({ log, ...EVENT_LIMITS });
  const troubles: unknown[] = [];
  const server = await startCollectorServer({
    collector,
    groups,
    keys,
    host: '127.0.0.1',
    port: 0,
    limits,
    unread,
    isReady: () => unread() === 0,
    onInternalError: (error) => troubles.push(error),
  });
  const url = `${server.origin}/v1/batch`;
  return {
    log,
    groups,
    collector,
    server,
    troubles,
    url,
    port: Number(new URL(url).port),
    post: (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
      fetch(url, {
        method: 'POST',
        body: body as string,
        headers: {
          authorization: `Bearer ${KEY}`,
          'content-type': 'application/json',
          ...headers,
        },
      }),
    raws: () => [0, 1].flatMap((partition) => log.read(partition, 0, 1e6).map(({ raw }) => raw)),
    async close() {
      await server.close();
      await groups.idle();
      log.close();
    },
  };
}

/** A tracked event. */
export function eventOf(id: string, subject = 'v1') {
  return {
    id,
    type: 'page.view',
    subject,
    sessionId: 's1',
    sequence: 0,
    eventTimeUs: 1_795_204_800_000_000,
    data: { page: 'home' },
  };
}

/** The body of a batch, as the SDK writes it. */
export function bodyOf(events: readonly unknown[], sent: Partial<CollectorPayload> = {}): string {
  const { sentTimeUs = 1_795_204_800_000_000 } = sent;
  return JSON.stringify({ requestId: 'r-1', attempt: 1, sentTimeUs, events });
}
