/** The real log on a disk on which everything goes wrong: whatever was acknowledged is there, in
 * order, and nothing is that nobody appended. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type DiskLog, openDiskLog } from '../../../src/storage/log/disk-log.ts';
import type { DecideDisk, DiskVerdict } from '../../../src/storage/simulated-disk/disk-verdict.ts';
import { createSimulatedDisk } from '../../../src/storage/simulated-disk/simulated-disk.ts';
import { requestOf } from '../log/log-builder.ts';

type Disk = ReturnType<typeof createSimulatedDisk>;

function openOn(disk: Disk, segmentBytesMax = 600): DiskLog {
  const { files } = disk;
  return openDiskLog({ folder: 'log', partitions: 1, durability: 'disk', segmentBytesMax, files });
}

/** Opens it again, as often as it takes. */
function reopened(disk: Disk): DiskLog {
  for (let tries = 0; tries < 200; tries += 1) {
    disk.stop();
    disk.start();
    try {
      return openOn(disk);
    } catch {
      // The disk goes on going wrong.
    }
  }
  throw new Error('it never opens');
}

function recordsIn(log: DiskLog): readonly unknown[] {
  return log.read(0, 0, Number.MAX_SAFE_INTEGER).map(({ raw }) => raw);
}

/** Fails the first operation that it is armed for. */
function armed() {
  let wanted: { readonly call: string; readonly verdict: DiskVerdict } | undefined;
  const decide: DecideDisk = ({ call }) => {
    if (wanted?.call !== call) return undefined;
    const { verdict } = wanted;
    wanted = undefined;
    return verdict;
  };
  const disk = createSimulatedDisk(decide);
  const arm = (call: string, verdict: DiskVerdict) => {
    wanted = { call, verdict };
  };
  return { disk, arm };
}

const wide = 'x'.repeat(300);

describe('the log on a disk that loses power', () => {
  it('S310 has what it acknowledged although no name was written before', () => {
    const disk = createSimulatedDisk();
    openOn(disk).append(requestOf(['a']));
    disk.losePower(() => 0);
    disk.start();
    expect(recordsIn(openOn(disk))).toEqual(['a']);
  });

  it('S311 is not hidden by a segment that was taken back', () => {
    const { disk, arm } = armed();
    const log = openOn(disk);
    log.append(requestOf([`1${wide}`]));
    arm('write', { kind: 'error', code: 'EIO', share: 0 });
    // It does not fit, so it begins a segment, and fails in it.
    expect(() => log.append(requestOf([`2${wide}`]))).toThrow(/LOG_UNWRITABLE/);
    log.append(requestOf(['3']));
    disk.losePower(() => 0);
    disk.start();
    expect(recordsIn(openOn(disk))).toEqual([`1${wide}`, '3']);
  });

  it('S312 keeps what it read when it was opened, synced before or not', () => {
    const { disk, arm } = armed();
    const log = openOn(disk);
    log.append(requestOf(['a']));
    arm('write', { kind: 'dies', share: 1 });
    expect(() => log.append(requestOf(['b']))).toThrow(/LOG_UNWRITABLE/);
    // The process died after the write: who reads now sees both, and may commit.
    const next = reopened(disk);
    expect(recordsIn(next)).toEqual(['a', 'b']);
    disk.losePower(() => 0);
    expect(recordsIn(reopened(disk))).toEqual(['a', 'b']);
  });

  it('S310 a group’s commit is there', () => {
    const disk = createSimulatedDisk();
    const log = openOn(disk);
    log.append(requestOf(['a', 'b']));
    const { generation } = log.groups.join('readers', 'one');
    const nextOffsets = new Map([[0, 2]]);
    log.groups.commit({ group: 'readers', member: 'one', generation, nextOffsets });
    disk.losePower(() => 0);
    disk.start();
    expect(openOn(disk).groups.committed('readers')).toEqual([2]);
  });
});

describe('the log on a disk that reads and writes wrongly', () => {
  it('S313 takes no bit of a read for a torn write', () => {
    let reads = 0;
    let isOpening = false;
    const disk = createSimulatedDisk(({ call, path }) => {
      if (!isOpening || call !== 'read' || !path.endsWith('.log')) return undefined;
      reads += 1;
      // Every other read is wrong, each time elsewhere.
      return reads % 2 === 1 ? { kind: 'flip', at: (reads * 0.37) % 1 } : undefined;
    });
    openOn(disk).append(requestOf(['a', 'b']));
    isOpening = true;
    const log = reopened(disk);
    isOpening = false;
    expect(log.repairs).toEqual([]);
    expect(recordsIn(log)).toEqual(['a', 'b']);
    expect(reads).toBeGreaterThan(1);
  });

  it('S313 refuses a disk that never answers twice alike', () => {
    let reads = 0;
    let isOpening = false;
    const disk = createSimulatedDisk(({ call, path }) => {
      if (!isOpening || call !== 'read' || !path.endsWith('.log')) return undefined;
      reads += 1;
      return { kind: 'flip', at: (reads * 0.013) % 1 };
    });
    openOn(disk).append(requestOf(['a', 'b']));
    disk.stop();
    disk.start();
    isOpening = true;
    expect(() => openOn(disk)).toThrow(/LOG_CORRUPT: .*8 reads give 8 different answers/);
    isOpening = false;
    expect(recordsIn(reopened(disk))).toEqual(['a', 'b']);
  });

  it('S314 puts a write that went astray in its place, however often', () => {
    const { disk, arm } = armed();
    const log = openOn(disk);
    log.append(requestOf(['a']));
    arm('write', { kind: 'dies', share: 1, astrayBytes: 50 });
    expect(() => log.append(requestOf(['b', 'c']))).toThrow(/LOG_UNWRITABLE/);
    disk.start();
    // The write that mends it goes astray as well.
    arm('write', { kind: 'dies', share: 1, astrayBytes: 500 });
    expect(() => openOn(disk)).toThrow(/LOG_UNWRITABLE/);
    const next = reopened(disk);
    expect(next.repairs.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/astray/),
    );
    expect(recordsIn(next)).toEqual(['a', 'b', 'c']);
    next.append(requestOf(['d']));
    expect(recordsIn(reopened(disk))).toEqual(['a', 'b', 'c', 'd']);
  });
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
const verdict: fc.Arbitrary<DiskVerdict> = fc.oneof(
  fc.record({
    kind: fc.constant('error' as const),
    code: fc.constantFrom('EIO' as const, 'ENOSPC' as const, 'EROFS' as const, 'EACCES' as const),
    share: fc.double({ min: 0, max: 0.99, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('dies' as const), share }),
  fc.record({
    kind: fc.constant('dies' as const),
    share: fc.constant(1),
    astrayBytes: fc.integer({ min: 1, max: 700 }),
  }),
  fc.record({ kind: fc.constant('flip' as const), at: share }),
);
const action = fc.oneof(
  { weight: 8, arbitrary: fc.record({ act: fc.constant('append' as const), wide: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('power' as const) }) },
);

/** A log that is written, dies, loses power and is opened again, with decisions of a disk. */
class Torment {
  /** Of all appends, in their order: acknowledged for good, or their end not known. */
  readonly appended: { readonly raw: string; isAcknowledged: boolean }[] = [];
  readonly disk: Disk;
  readonly #fates: Iterator<number>;
  #isCalm = false;
  #log: DiskLog;

  constructor(verdicts: Iterator<DiskVerdict | undefined>, fates: Iterator<number>) {
    this.#fates = fates;
    this.disk = createSimulatedDisk((operation) => {
      if (this.#isCalm) return undefined;
      const next = verdicts.next().value;
      return next?.kind === 'dies' && operation.call !== 'write' ? undefined : next;
    });
    this.#log = this.calmly(() => openOn(this.disk));
  }

  calmly<T>(act: () => T): T {
    this.#isCalm = true;
    try {
      return act();
    } finally {
      this.#isCalm = false;
    }
  }

  append(raw: string): void {
    const one = { raw, isAcknowledged: false };
    this.appended.push(one);
    try {
      this.#log.append(requestOf([raw]));
      one.isAcknowledged = true;
    } catch {
      // After a sync that failed, or a death, nobody knows: whoever writes opens it again.
      this.reopen();
    }
  }

  losePower(): void {
    this.disk.losePower(() => this.#fates.next().value ?? 0);
    this.reopen();
  }

  reopen(): void {
    for (let tries = 0; tries < 20; tries += 1) {
      this.disk.stop();
      this.disk.start();
      try {
        this.#log = openOn(this.disk);
        return;
      } catch {
        // It goes on going wrong.
      }
    }
    this.#log = this.calmly(() => reopened(this.disk));
  }

  left(): readonly unknown[] {
    this.reopen();
    return this.calmly(() => recordsIn(reopened(this.disk)));
  }
}

describe('the log on a disk where anything goes wrong at any time', () => {
  test.prop(
    [
      fc.array(action, { minLength: 1, maxLength: 25 }),
      fc.infiniteStream(fc.option(verdict, { freq: 6, nil: undefined })),
      fc.infiniteStream(share),
    ],
    { seed: 315, numRuns: process.env['BACKLOT_LONG'] === '1' ? 5_000 : 60 },
  )('S315 has all that it acknowledged, once and in order, and nothing else', (actions, v, f) => {
    const torment = new Torment(v, f);
    for (const [i, one] of actions.entries()) {
      if (one.act === 'append') torment.append(`${i}${one.wide ? wide : ''}`);
      else if (one.act === 'power') torment.losePower();
      else torment.reopen();
    }
    const left = torment.left();
    const order = torment.appended.map(({ raw }) => raw);
    const places = left.map((raw) => order.indexOf(String(raw)));
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    const must = torment.appended.filter(({ isAcknowledged }) => isAcknowledged);
    expect(left).toEqual(expect.arrayContaining(must.map(({ raw }) => raw)));
  });
});
