/** The log on disk: appends to two partitions at once, segments that fill up, a consumer group that
 * commits, retention. */
import { join } from 'node:path';
import type { AppendRequest } from '../../../src/domain/collector-ports.ts';
import { type DiskLog, openDiskLog } from '../../../src/storage/log/disk-log.ts';
import { type LogFiles, NODE_LOG_FILES } from '../../../src/storage/log/log-files.ts';
import { partitionOf } from '../../../src/storage/log/partitioned-log.ts';
import type { Content, DurableProgram } from '../program.ts';

const PARTITIONS = 2;
const APPENDS = 6;
const START_US = 1_795_197_600_000_000;

/** Requests of a step: one for each partition, of two records. */
const requestsOf = (step: number): readonly AppendRequest[] =>
  ['a', 'c'].map((partitionKey) => ({
    payload: {
      sentTimeUs: START_US,
      userAgent: 'Roku/1',
      clientAddress: '192.0.2.1',
      events: [`${step}/${partitionKey}/0`, `${step}/${partitionKey}/${'x'.repeat(60)}`],
    },
    ingestTimeUs: START_US + step,
    partitionKey,
  }));

/** Who appends knows what it was told: it sends what the log lacks. */
function appendMissing(log: DiskLog, step: number): void {
  const ends = log.endOffsets();
  const missing = requestsOf(step).filter(
    ({ partitionKey }) => (ends[partitionOf(partitionKey, PARTITIONS)] ?? 0) <= step * 2,
  );
  if (missing.length > 0) log.appendAll(missing);
}

function commitGroup(log: DiskLog): void {
  const { generation } = log.groups.join('readers', 'one');
  const nextOffsets = new Map(log.endOffsets().entries());
  log.groups.commit({ group: 'readers', member: 'one', generation, nextOffsets });
}

/** The program, over this machine's files or others. */
export function logProgram(files: LogFiles = NODE_LOG_FILES): DurableProgram {
  const open = (folder: string) =>
    openDiskLog({
      folder: join(folder, 'log'),
      partitions: PARTITIONS,
      durability: 'disk',
      segmentBytesMax: 400,
      files,
    });
  return {
    name: 'log',
    steps: APPENDS + 2,
    open(folder) {
      const log = open(folder);
      return {
        step(step) {
          if (step < APPENDS) appendMissing(log, step);
          else if (step === APPENDS) commitGroup(log);
          else log.retain({ nowUs: START_US + step, maxBytesPerPartition: 450 });
        },
        close: () => log.close(),
      };
    },
    content(folder) {
      const log = open(folder);
      try {
        return contentOf(log);
      } finally {
        log.close();
      }
    },
    isAllowed,
  };
}

/** The program over this machine's files. */
export const program = logProgram();

function contentOf(log: DiskLog): Content {
  const content: Record<string, readonly string[]> = {};
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const records = log.read(partition, 0, Number.MAX_SAFE_INTEGER);
    content[`p${partition}`] = records.map(({ offset, raw }) => `${offset} ${String(raw)}`);
  }
  const isRead = log.groups.names().includes('readers');
  return { ...content, committed: isRead ? log.groups.committed('readers').map(String) : [] };
}

function isAllowed(found: Content, before: Content, after: Content): boolean {
  const partitions = Object.keys(found).filter((name) => name !== 'committed');
  return (
    isOneOf('committed', found, [before, after, { committed: ['0', '0'] }]) &&
    partitions.every((name) => isPart(found[name], before[name], after[name]))
  );
}

function isOneOf(name: string, found: Content, these: readonly Content[]): boolean {
  return these.some((one) => JSON.stringify(one[name]) === JSON.stringify(found[name]));
}

/** Whether a partition is as before, as after, or has lost some of its oldest segments: `retain`
 * removes them one by one. */
function isPart(
  found: readonly string[] = [],
  before: readonly string[] = [],
  after: readonly string[] = [],
): boolean {
  const whole = [...before, ...after.filter((record) => !before.includes(record))];
  const isTail = whole.slice(whole.length - found.length).join() === found.join();
  const isBefore = found.join() === before.join();
  return isBefore || (isTail && found.length >= after.length);
}
