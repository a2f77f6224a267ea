/** The log where its disk fails at the first operation, at the second, and so on to the last: once,
 * or for good until somebody mends it; and where the power goes there. As SQLite is tested. */
import { describe, expect, it } from 'vitest';
import { type DiskLog, openDiskLog } from '../../../src/storage/log/disk-log.ts';
import type { DecideDisk } from '../../../src/storage/simulated-disk/disk-verdict.ts';
import { createSimulatedDisk } from '../../../src/storage/simulated-disk/simulated-disk.ts';
import { requestOf } from '../log/log-builder.ts';

type Disk = ReturnType<typeof createSimulatedDisk>;

const CODES = ['EIO', 'ENOSPC'] as const;
/** What survives of what was not synced: nothing, all, every other change, a part of each. */
const FATES: readonly ((index: number) => number)[] = [
  () => 0,
  () => 1,
  (index) => index % 2,
  () => 0.6,
];

function openOn({ files }: Disk): DiskLog {
  return openDiskLog({
    folder: 'a/log',
    partitions: 2,
    durability: 'disk',
    segmentBytesMax: 400,
    files,
  });
}

/** What a process does with a log: opens, appends, rolls, commits, truncates, opens again. Whatever
 * fails, it goes on with the next step. @returns what was acknowledged, and how far it is read. */
function work(disk: Disk) {
  const acknowledged: string[] = [];
  let log: DiskLog | undefined;
  let committed = 0;
  const attempt = (act: (open: DiskLog) => void) => {
    try {
      log ??= openOn(disk);
      act(log);
    } catch {
      // A process whose log failed begins anew.
      disk.stop();
      disk.start();
      log = undefined;
    }
  };
  for (let i = 0; i < 9; i += 1) {
    attempt((open) => {
      const raw = `${i}`.padEnd(i % 3 === 0 ? 200 : 20, '.');
      open.append(requestOf([raw], { partitionKey: 'v1' }));
      acknowledged.push(raw);
    });
    if (i !== 5) continue;
    attempt((open) => {
      const { generation, partitions } = open.groups.join('readers', 'one');
      const next = open.endOffsets();
      const nextOffsets = new Map(partitions.map((p) => [p, next[p] ?? 0]));
      open.groups.commit({ group: 'readers', member: 'one', generation, nextOffsets });
      committed = acknowledged.length;
      open.truncateBefore(open.groups.committed('readers'));
    });
    attempt((open) => open.close());
    log = undefined;
  }
  return { acknowledged, committed };
}

/** Everything after what was committed is there, in its order. */
function expectAllThere(disk: Disk, { acknowledged, committed }: ReturnType<typeof work>): void {
  const log = openOn(disk);
  const left = [0, 1].flatMap((partition) =>
    log.read(partition, 0, Number.MAX_SAFE_INTEGER).map(({ raw }) => String(raw)),
  );
  const kept = left.filter((raw) => acknowledged.includes(raw));
  const must = acknowledged.slice(committed);
  expect(kept.slice(kept.length - must.length)).toEqual(must);
  expect(new Set(left).size).toBe(left.length);
  const again = left.map((raw) => Number.parseInt(raw, 10));
  expect(again).toEqual(again.toSorted((a, b) => a - b));
}

function operationsOf(): number {
  const disk = createSimulatedDisk();
  expect(work(disk).acknowledged.length).toBe(9);
  return disk.operationCount;
}

describe('the log, operation by operation', () => {
  it('S315: where one fails, or all from it on, what was acknowledged is there', () => {
    const operations = operationsOf();
    expect(operations).toBeGreaterThan(80);
    for (let at = 0; at < operations; at += 1) {
      for (const code of CODES) {
        for (const isForGood of [false, true]) {
          let isMended = false;
          const decide: DecideDisk = (_, index) =>
            !isMended && (isForGood ? index >= at : index === at)
              ? { kind: 'error', code, share: 0.5 }
              : undefined;
          const disk = createSimulatedDisk(decide);
          const done = work(disk);
          isMended = true;
          disk.stop();
          disk.start();
          expectAllThere(disk, done);
        }
      }
    }
  });

  it('S315: where the power goes at one, what was acknowledged before is there', () => {
    const operations = operationsOf();
    for (let at = 0; at < operations; at += 1) {
      for (const fate of FATES) {
        let isPowerOn = true;
        const disk = createSimulatedDisk((_, index) =>
          isPowerOn && index >= at ? { kind: 'error', code: 'EIO', share: 0.5 } : undefined,
        );
        const done = work(disk);
        isPowerOn = false;
        disk.losePower((_, index) => fate(index));
        disk.start();
        expectAllThere(disk, done);
      }
    }
  });
});
