/** The collector as a process of its own, for the bench: says where it is, answers `figures` and
 * ends at `end`, over the channel to its parent. Argument: folder, limits and rate as JSON. */
import { startCollectorService } from '../../src/live/collector/service/collector-service.ts';

/** What the process is started with. */
export interface ServeOrder {
  readonly folder: string;
  readonly key: string;
  readonly ratePerSec: number;
  readonly hasLake: boolean;
  readonly pollMs: number | undefined;
}

/** What it tells when asked. */
export interface ServeFigures {
  readonly unread: number;
  /** Records that the pipeline has committed. From the log: what its thread tells of itself is up
   * to half a second old. */
  readonly stored: number;
  readonly groups: number;
  readonly requests: number;
  readonly cpuMs: number;
  readonly threadCpuMs: number;
  readonly rssBytes: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as ServeOrder;
const service = await startCollectorService({
  folder: order.folder,
  host: '127.0.0.1',
  port: 0,
  keys: { writeKey: order.key },
  ratePerSec: order.ratePerSec,
  hasLake: order.hasLake,
  pollMs: order.pollMs,
  onTrouble: (message) => process.stderr.write(`${message}\n`),
});

const recordsInLog = () => service.log.endOffsets().reduce((sum, end) => sum + end, 0);
const inMs = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1_000;

process.on('message', (asked) => {
  if (asked === 'figures') {
    const unread = service.thread.unread();
    const figures: ServeFigures = {
      unread,
      stored: recordsInLog() - unread,
      groups: service.groups.groups,
      requests: service.groups.requests,
      cpuMs: inMs(process.cpuUsage()),
      threadCpuMs: inMs(process.threadCpuUsage()),
      rssBytes: process.memoryUsage().rss,
    };
    process.send?.(figures);
  } else {
    void service.close(0).then(() => process.disconnect());
  }
});
process.send?.({ port: Number(new URL(service.origin).port) });
