/** The two processes of the bench, a collector and its load, and what is left on the disk. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogReader, LogRecord } from '../../src/domain/pipeline-ports.ts';
import { livePaths, readLiveManifest } from '../../src/experiment/live-job/live-folder.ts';
import { openDiskLog } from '../../src/storage/log/disk-log.ts';
import type { LoadOrder, LoadOutcome } from './load-generator.ts';
import type { ServeFigures, ServeOrder } from './serve-program.ts';

const READ_AT_ONCE = 10_000;

/** A collector in a process of its own. */
export interface ServedProcess {
  readonly port: number;
  readonly process: ChildProcess;
  figures(): Promise<ServeFigures>;
  /** In good order; what is unread stays so. */
  end(): Promise<void>;
  /** As a power switch would. */
  kill(): Promise<void>;
}

/** Starts a collector. */
export async function serveProcess(order: ServeOrder): Promise<ServedProcess> {
  const program = join(import.meta.dirname, 'serve-program.ts');
  const child = fork(program, [JSON.stringify(order)], { stdio: 'inherit' });
  let refuse: (error: Error) => void = () => {};
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
      refuse(new Error('the collector has ended'));
    });
  });
  const message = <T>() =>
    new Promise<T>((resolve, reject) => {
      child.once('message', (told) => resolve(told as T));
      refuse = reject;
    });
  const { port } = await message<{ readonly port: number }>();
  return {
    port,
    process: child,
    figures() {
      const answer = message<ServeFigures>();
      child.send('figures');
      return answer;
    },
    async end() {
      child.send('end');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs a load to its end. @param onStarted - Told when the first request is about to go. */
export async function load(
  order: LoadOrder,
  onStarted: () => void = () => {},
): Promise<LoadOutcome> {
  const program = join(import.meta.dirname, 'load-generator.ts');
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (text === '') onStarted();
    text += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the load generator ended with ${code}`);
  return JSON.parse(text.slice(text.indexOf('\n'))) as LoadOutcome;
}

/** What became of acknowledged requests. */
export interface AckAudit {
  /** Requests that were acknowledged. */
  readonly acked: number;
  /** Of those, how many are not in the log with all of their events, each once or more. */
  readonly lost: number;
  /** Records of this load in the log. */
  readonly records: number;
}

/** Reads the whole log of a folder that nobody serves, and looks for what was acknowledged. */
export function auditAcks(folder: string, order: LoadOrder): AckAudit {
  const acked = readFileSync(order.ackedFile);
  const { partitions } = readLiveManifest(folder);
  const log = openDiskLog({ folder: livePaths(folder).log, partitions });
  const seen = new Uint8Array(acked.length * 8);
  const records = countRecords(log, `${order.prefix}-`, seen);
  log.close();
  let count = 0;
  let lost = 0;
  for (let request = 0; request < seen.length; request += 1) {
    if (((acked[request >> 3] ?? 0) & (1 << (request & 7))) === 0) continue;
    count += 1;
    if ((seen[request] ?? 0) < order.eventsPerRequest) lost += 1;
  }
  return { acked: count, lost, records };
}

/** Counts each request's records. @returns how many there are of all. */
function countRecords(log: LogReader, prefix: string, seen: Uint8Array): number {
  let records = 0;
  const note = ({ raw }: LogRecord) => {
    const { id } = raw as { readonly id?: string };
    if (id?.startsWith(prefix) !== true) return;
    const request = Number(id.split('-')[1]);
    seen[request] = (seen[request] ?? 0) + 1;
    records += 1;
  };
  for (let partition = 0; partition < log.partitionCount; partition += 1) {
    let some = log.read(partition, 0, READ_AT_ONCE);
    while (some.length > 0) {
      some.forEach(note);
      some = log.read(partition, (some.at(-1)?.offset ?? 0) + 1, READ_AT_ONCE);
    }
  }
  return records;
}
