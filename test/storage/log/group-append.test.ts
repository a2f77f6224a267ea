/** Groups: many requests, one write and one sync a partition, and nobody reads or hears of them
 * before the disk has them; and the reader that follows such a log from another thread. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { AppendRequest } from '../../../src/domain/collector-ports.ts';
import type { DiskLog, GroupOutcome } from '../../../src/storage/log/disk-log.ts';
import { NODE_LOG_FILES } from '../../../src/storage/log/log-files.ts';
import { openLogFollower } from '../../../src/storage/log/log-follower.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { createFillingDisk, everythingIn, openLog, requestOf } from './log-builder.ts';

const folder = temporaryFolder();

function appendGroup(log: DiskLog, requests: readonly AppendRequest[]): Promise<GroupOutcome> {
  const frames = requests.map((one) => log.encode(one));
  return new Promise((resolve) => {
    log.appendGroup(frames, resolve);
  });
}

/** A disk whose later syncs end when they are told to. */
function createHeldDisk() {
  const held: ((error: unknown) => void)[] = [];
  const files = {
    ...NODE_LOG_FILES,
    syncLater: (_: number, done: (error: unknown) => void) => void held.push(done),
  };
  return { held, files };
}

describe('S400 a group', () => {
  it('has the receipts of requests one by one, in every partition', async () => {
    const [one, other] = [folder.fresh(), folder.fresh()];
    const requests = ['v1', 'v2', 'v1', 'v3'].map((partitionKey, i) =>
      requestOf([{ i }, `${partitionKey}/${i}`], { partitionKey }),
    );
    const grouped = openLog(one, { partitions: 4, durability: 'disk' });
    const single = openLog(other, { partitions: 4 });
    const outcome = await appendGroup(grouped, requests);
    expect(outcome).toEqual({ receipts: requests.map((request) => single.append(request)) });
    expect(everythingIn(grouped)).toEqual(everythingIn(single));
    grouped.close();
    single.close();
  });

  it('is read once it is synced, and not before', () => {
    const { held, files } = createHeldDisk();
    const log = openLog(folder.fresh(), { files, durability: 'disk' });
    const outcomes: GroupOutcome[] = [];
    log.appendGroup([log.encode(requestOf(['a', 'b']))], (outcome) => outcomes.push(outcome));
    expect([log.endOffsets(), log.read(0, 0, 9), outcomes]).toEqual([[0], [], []]);
    expect(() => log.append(requestOf(['c']))).toThrow('LOG_GROUP_OPEN');
    held[0]?.(undefined);
    expect(outcomes).toHaveLength(1);
    expect([log.endOffsets(), everythingIn(log)]).toEqual([[2], [['a', 'b']]]);
    log.close();
  });

  it('S401 is taken back whole where a sync fails; the next one goes in its place', async () => {
    const { held, files } = createHeldDisk();
    const log = openLog(folder.fresh(), { files, partitions: 4, durability: 'disk' });
    const requests = ['v1', 'v3'].map((key) => requestOf([`lost ${key}`], { partitionKey: key }));
    const pending = appendGroup(log, requests);
    expect(held).toHaveLength(2);
    held[0]?.(undefined);
    held[1]?.(Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'fdatasync' }));
    expect(await pending).toMatchObject({ error: { code: 'LOG_UNWRITABLE' } });
    expect(everythingIn(log).flat()).toEqual([]);
    const next = appendGroup(log, [requestOf(['kept'], { partitionKey: 'v1' })]);
    held[2]?.(undefined);
    expect(await next).toMatchObject({ receipts: [{ firstOffset: 0, count: 1 }] });
    expect(everythingIn(log).flat()).toEqual(['kept']);
    log.close();
  });

  it('S401 is refused whole by a full disk, and taken once there is room', async () => {
    const path = folder.fresh();
    const disk = createFillingDisk(300);
    const log = openLog(path, { files: disk.files, durability: 'disk' });
    const requests = [requestOf(['x'.repeat(120)]), requestOf(['y'.repeat(400)])];
    expect(await appendGroup(log, requests)).toMatchObject({ error: { code: 'LOG_UNWRITABLE' } });
    expect(log.endOffsets()).toEqual([0]);
    disk.roomBytes = 10_000;
    expect(await appendGroup(log, requests)).toMatchObject({ receipts: [{}, {}] });
    log.close();
    const again = openLog(path);
    expect(again.endOffsets()).toEqual([2]);
    again.close();
  });
});

describe('encoded requests', () => {
  it('keeps the bytes of events that are there already', async () => {
    const log = openLog(folder.fresh());
    const events = [{ id: 'é', n: 1 }, 'b'];
    const eventsJson = Buffer.from('[ {"id":"\\u00e9", "n":1.0},"b"]');
    await appendGroup(log, [{ ...requestOf(events), eventsJson }, requestOf(['c'])]);
    expect(everythingIn(log)).toEqual([[...events, 'c']]);
    log.close();
  });
});

describe('S402 a follower', () => {
  test.prop([fc.array(fc.tuple(fc.nat(3), fc.nat(60)), { minLength: 1, maxLength: 25 })], {
    seed: 402,
    numRuns: 25,
  })('reads what it may, over segments, as the writer does', async (appends) => {
    const path = folder.fresh();
    const log = openLog(path, { partitions: 2, segmentBytesMax: 700 });
    const follower = openLogFollower({ folder: path, partitions: 2 });
    const seen: unknown[][] = [[], []];
    for (const [key, size] of appends) {
      const before = log.endOffsets();
      await appendGroup(log, [requestOf([key, 'z'.repeat(size)], { partitionKey: `v${key}` })]);
      expect(follower.read(0, before[0] ?? 0, 9)).toEqual([]);
      follower.allow(log.endOffsets());
      for (const [partition, raws] of seen.entries()) {
        const records = follower.read(partition, raws.length, 1_000);
        raws.push(...records.map(({ raw }) => raw));
      }
    }
    expect(seen).toEqual(everythingIn(log));
    expect(follower.read(0, 0, 3)).toEqual(log.read(0, 0, 3));
    follower.close();
    log.close();
  });

  it('says what is missing', () => {
    const path = folder.fresh();
    const log = openLog(path);
    log.append(requestOf(['a']));
    const follower = openLogFollower({ folder: path, partitions: 1 });
    follower.allow([2]);
    expect(() => follower.read(0, 0, 2)).toThrow('records are missing at its end');
    follower.close();
    log.close();
  });
});
