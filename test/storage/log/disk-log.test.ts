/** The log on disk where things go wrong: crashes at every byte, damage, full disks, two
 * writers. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { openDiskLog } from '../../../src/storage/log/disk-log.ts';
import { NODE_LOG_FILES } from '../../../src/storage/log/log-files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { createFillingDisk, everythingIn, openLog, requestOf, START_US } from './log-builder.ts';

const folder = temporaryFolder();
const PARTITION = 'p0000';

function segmentsOf(log: string, partition = PARTITION): readonly string[] {
  return readdirSync(join(log, partition)).sort();
}

/** Writes batches, and tells after each how large the partition's files were. */
function writeBatches(path: string, batches: readonly number[], segmentBytesMax?: number) {
  const log = openLog(path, segmentBytesMax === undefined ? {} : { segmentBytesMax });
  const sizes = batches.map((count, batch) => {
    log.append(requestOf(Array.from({ length: count }, (_, i) => `${batch}/${i}`)));
    return log.sizeBytes;
  });
  const raws = everythingIn(log)[0] ?? [];
  log.close();
  return { sizes, raws };
}

describe('reopening', () => {
  it('S10 has everything, and goes on where it stopped', () => {
    const path = folder.fresh();
    const { raws } = writeBatches(path, [3, 1, 2, 5], 200);
    expect(segmentsOf(path).length).toBeGreaterThan(2);
    const log = openLog(path, { segmentBytesMax: 200 });
    expect(log.repairs).toEqual([]);
    expect(everythingIn(log)).toEqual([raws]);
    expect(log.read(0, 7, 2).map(({ raw }) => raw)).toEqual(raws.slice(7, 9));
    expect(log.append(requestOf(['next'])).firstOffset).toBe(11);
    log.close();
  });

  it('refuses another number of partitions, and what is no log', () => {
    const path = folder.fresh();
    openLog(path).close();
    expect(() => openLog(path, { partitions: 2 })).toThrow(/LOG_BAD_ARGUMENT: partitions: 2 must/);
    expect(() => openLog(path, { partitions: 0 })).toThrow(/from 1 to 9999/);
    writeFileSync(join(path, 'log.json'), '{"format":"other/9"}');
    expect(() => openLog(path)).toThrow(/LOG_CORRUPT: .*no manifest/);
    writeFileSync(join(path, 'log.json'), '{');
    expect(() => openLog(path)).toThrow(/LOG_CORRUPT: .*not valid JSON/);
  });
});

describe('S11 a crash', () => {
  it('at every byte: what was acknowledged before is there, and nothing else', () => {
    const path = folder.fresh();
    const { sizes, raws } = writeBatches(path, [2, 1, 3, 1, 2], 220);
    const names = segmentsOf(path);
    const lengths = names.map((name) => readFileSync(join(path, PARTITION, name)).length);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    expect([names.length, total]).toEqual([expect.any(Number), sizes.at(-1)]);
    expect(names.length).toBeGreaterThan(1);
    let repairs = 0;
    for (let cut = 0; cut <= total; cut += 1) {
      const copy = folder.path('cut');
      rmSync(copy, { recursive: true, force: true });
      cpSync(path, copy, { recursive: true });
      let room = cut;
      names.forEach((name, i) => {
        const file = join(copy, PARTITION, name);
        // What is younger than the cut had not been made.
        if (i > 0 && room <= 0) rmSync(file);
        else if (room < (lengths[i] ?? 0)) truncateSync(file, Math.max(0, room));
        room -= lengths[i] ?? 0;
      });
      const log = openLog(copy, { segmentBytesMax: 220 });
      const acknowledged = sizes.filter((size) => size <= cut).length;
      const records = [2, 1, 3, 1, 2].slice(0, acknowledged).reduce((sum, n) => sum + n, 0);
      expect(everythingIn(log)[0]).toEqual(raws.slice(0, records));
      const kept = sizes[acknowledged - 1] ?? 0;
      expect(log.repairs.map(({ bytesDropped }) => bytesDropped)).toEqual(
        cut > kept ? [cut - kept] : [],
      );
      repairs += log.repairs.length;
      expect(log.append(requestOf(['next'])).firstOffset).toBe(records);
      expect(everythingIn(log)[0]).toEqual([...raws.slice(0, records), 'next']);
      log.close();
      const again = openLog(copy, { segmentBytesMax: 220 });
      expect(again.repairs).toEqual([]);
      again.close();
    }
    expect(repairs).toBeGreaterThan(total / 2);
  });

  it('that leaves a tail of zeros or rubbish: cut off, and reported', () => {
    for (const rubbish of [Buffer.alloc(5_000), Buffer.from('\xffBL1 rubbish', 'latin1')]) {
      const path = folder.fresh();
      const { raws } = writeBatches(path, [2, 2]);
      const file = join(path, PARTITION, segmentsOf(path)[0] ?? '');
      const intact = readFileSync(file);
      writeFileSync(file, Buffer.concat([intact, rubbish]));
      const log = openLog(path);
      expect(log.repairs).toEqual([
        { partition: 0, file, bytesDropped: rubbish.length, reason: expect.any(String) },
      ]);
      expect(everythingIn(log)[0]).toEqual(raws);
      expect(readFileSync(file)).toEqual(intact);
      log.close();
    }
  });

  it('that takes what a group had committed: the group goes back to the end', () => {
    const path = folder.fresh();
    const log = openLog(path);
    log.append(requestOf(['a']));
    const intactBytes = log.sizeBytes;
    log.append(requestOf(['b']));
    const { generation } = log.groups.join('g', 'm');
    log.groups.commit({ group: 'g', member: 'm', generation, nextOffsets: new Map([[0, 2]]) });
    log.close();
    truncateSync(join(path, PARTITION, segmentsOf(path)[0] ?? ''), intactBytes + 9);
    const again = openLog(path);
    expect(again.groups.committed('g')).toEqual([1]);
    expect(again.repairs.map(({ reason }) => reason)).toEqual([
      'the header is cut short',
      'group g had committed 2, the log ends at 1',
    ]);
    again.close();
  });
});

describe('S12 damage', () => {
  const damage = fc.record({ at: fc.nat(), bit: fc.nat(7) });
  test.prop([damage], { seed: 12, numRuns: 120 })(
    'anywhere is never read over: what comes before it is read, then LOG_CORRUPT',
    ({ at, bit }) => {
      const path = folder.fresh();
      const { raws, sizes } = writeBatches(path, [2, 1, 3, 1]);
      const file = join(path, PARTITION, segmentsOf(path)[0] ?? '');
      const bytes = readFileSync(file);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      writeFileSync(file, bytes);
      const lastFrameStart = sizes[2] ?? 0;
      if (place < lastFrameStart) {
        expect(() => openLog(path)).toThrow(/^LOG_CORRUPT: .*: byte \d+: .*restore the file/);
        return;
      }
      // In the last frame it cannot be told from a torn write, so it is reported as one.
      const log = openLog(path);
      expect(log.repairs).toHaveLength(1);
      expect(everythingIn(log)[0]).toEqual(raws.slice(0, 6));
      log.close();
    },
  );

  it('in a segment that is full: reading stops there with file and byte', () => {
    const path = folder.fresh();
    const { raws } = writeBatches(path, [2, 1, 3, 1, 2, 2], 250);
    const [first = '', second = ''] = segmentsOf(path);
    const file = join(path, PARTITION, first);
    const bytes = readFileSync(file);
    bytes[bytes.length - 3] = 0;
    writeFileSync(file, bytes);
    const log = openLog(path, { segmentBytesMax: 250 });
    const before = log.read(0, 0, 100);
    expect(before.map(({ raw }) => raw)).toEqual(raws.slice(0, before.length));
    expect(before.length).toBeGreaterThan(0);
    const next = before.length;
    expect(() => log.read(0, next, 100)).toThrow(
      expect.objectContaining({
        code: 'LOG_CORRUPT',
        details: { file, byteOffset: expect.any(Number), reason: 'the checksum is wrong' },
      }),
    );
    // The remedy: give its records up and read on behind it.
    const behind = Number(second.replace('.log', ''));
    expect(log.read(0, behind, 100).map(({ raw }) => raw)).toEqual(raws.slice(behind));
    log.close();
  });

  it('by a file that is gone from the middle is found', () => {
    const path = folder.fresh();
    writeBatches(path, [2, 2, 2, 2, 2, 2], 130);
    const names = segmentsOf(path);
    expect(names.length).toBeGreaterThan(3);
    rmSync(join(path, PARTITION, names[1] ?? ''));
    const log = openLog(path, { segmentBytesMax: 130 });
    const missing = Number((names[1] ?? '').replace('.log', ''));
    expect(() => log.read(0, missing, 1)).toThrow(/LOG_CORRUPT.*records are missing/);
    log.close();
  });

  it('of the groups’ file is found', () => {
    const path = folder.fresh();
    openLog(path).close();
    for (const text of ['{', 'null', '{"g":{"generation":1,"nextOffsets":[]}}']) {
      writeFileSync(join(path, 'groups.json'), text);
      expect(() => openLog(path)).toThrow(/^LOG_CORRUPT: .*groups.json/);
    }
  });
});

describe('S13 a full disk', () => {
  test.prop([fc.nat(900), fc.boolean()], { seed: 13, numRuns: 80 })(
    'fails an append whole, in all partitions; once there is room, it works',
    (roomBytes, syncs) => {
      const path = folder.fresh();
      const disk = createFillingDisk(roomBytes);
      const options = { partitions: 3, segmentBytesMax: 300, files: disk.files };
      const durability = syncs ? 'disk' : 'os';
      const log = openLog(path, { ...options, durability });
      const requests = Array.from({ length: 6 }, (_, i) =>
        requestOf([`${i}/a`, `${i}/b`], { partitionKey: `k${i}` }),
      );
      const acknowledged: string[] = [];
      let failures = 0;
      for (let round = 0; round < 6; round += 1) {
        try {
          log.appendAll(requests);
          acknowledged.push(...requests.flatMap(({ payload }) => payload.events as string[]));
        } catch (error) {
          expect(error).toMatchObject({
            code: 'LOG_UNWRITABLE',
            details: { systemCode: 'ENOSPC' },
            message: expect.stringMatching(/the disk refused \(ENOSPC\).*append again$/),
          });
          failures += 1;
          if (failures === 2) disk.roomBytes = 1e6;
        }
        expect(everythingIn(log).flat().sort()).toEqual([...acknowledged].sort());
      }
      expect(failures).toBe(2);
      expect(acknowledged.length).toBe(48);
      const held = everythingIn(log);
      log.close();
      const again = openLog(path, options);
      expect(again.repairs).toEqual([]);
      expect(everythingIn(again)).toEqual(held);
      again.close();
    },
  );

  it.each(['truncate', 'sync', 'open', 'close'] as const)(
    'a disk that refuses to %s as well leaves nothing that is read',
    (call) => {
      const path = folder.fresh();
      const disk = createFillingDisk(120);
      const options = { segmentBytesMax: 200, files: disk.files, durability: 'disk' } as const;
      const log = openLog(path, options);
      log.append(requestOf(['a']));
      disk.refused = new Set([call]);
      const request = requestOf(['b', 'c'.repeat(200)]);
      expect(() => log.append(request)).toThrow(/LOG_UNWRITABLE/);
      expect(() => log.append(request)).toThrow(/LOG_UNWRITABLE/);
      disk.refused = new Set();
      expect(everythingIn(log)).toEqual([['a']]);
      disk.roomBytes = 1e6;
      log.append(requestOf(['d']));
      expect(everythingIn(log)).toEqual([['a', 'd']]);
      log.close();
      const again = openLog(path, options);
      expect([everythingIn(again), again.repairs]).toEqual([[['a', 'd']], []]);
      again.close();
    },
  );

  it('keeps a group where it was when its offsets cannot be saved', () => {
    const disk = createFillingDisk(1e6);
    const log = openLog(folder.fresh(), { files: disk.files });
    log.append(requestOf(['a']));
    const { generation } = log.groups.join('g', 'm');
    disk.refused = new Set(['replaceText']);
    const commit = { group: 'g', member: 'm', generation, nextOffsets: new Map([[0, 1]]) };
    expect(() => log.groups.commit(commit)).toThrow(/LOG_UNWRITABLE/);
    expect(log.groups.committed('g')).toEqual([0]);
    disk.refused = new Set();
    log.groups.commit(commit);
    expect(log.groups.committed('g')).toEqual([1]);
    log.close();
  });
});

describe('S14 one writer', () => {
  it('a second one is told so, in this process and in another; a dead one holds nothing', () => {
    const path = folder.fresh();
    const log = openLog(path);
    expect(() => openLog(path)).toThrow(/^LOG_LOCKED: .*the log is being written already; end/);
    const module = new URL('../../../src/storage/log/disk-log.ts', import.meta.url).pathname;
    const script = `
      const { openDiskLog } = await import(${JSON.stringify(module)});
      try { openDiskLog({ folder: ${JSON.stringify(path)}, partitions: 1 }); }
      catch (error) { console.log(error.code); process.exit(); }
      console.log('opened');
      process.kill(process.pid, 'SIGKILL');`;
    const other = () =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(other().stdout).toBe('LOG_LOCKED\n');
    log.close();
    const killed = other();
    expect([killed.stdout, killed.signal]).toEqual(['opened\n', 'SIGKILL']);
    const again = openLog(path);
    expect(again.append(requestOf(['a'])).firstOffset).toBe(0);
    again.close();
  });

  it('lets go of the lock when it cannot open', () => {
    const path = folder.fresh();
    openLog(path).close();
    expect(() => openLog(path, { partitions: 3 })).toThrow(/LOG_BAD_ARGUMENT/);
    openLog(path).close();
  });

  it('tells where nothing can be written', () => {
    const file = folder.write('a-file', 'text');
    expect(() => openDiskLog({ folder: join(file, 'log'), partitions: 1 })).toThrow(
      /^LOG_UNWRITABLE: .*\(ENOTDIR\)/,
    );
    const taken = folder.fresh();
    mkdirSync(join(taken, 'writer.lock'));
    expect(() => openLog(taken)).toThrow(/^LOG_UNWRITABLE: .*it cannot be locked/);
  });
});

describe('S15 retention on disk', () => {
  it('deletes files, also after reopening, when ages must be read again', () => {
    const path = folder.fresh();
    const options = { segmentBytesMax: 300 };
    const log = openLog(path, options);
    for (let i = 0; i < 30; i += 1) log.append(requestOf([i], { ingestTimeUs: START_US + i }));
    log.close();
    const files = segmentsOf(path).length;
    const again = openLog(path, options);
    const [row] = again.retain({ nowUs: START_US + 30, maxAgeUs: 10 }).partitions;
    expect(row?.deletedRecords).toBeGreaterThan(10);
    expect(row?.deletedRecords).toBeLessThanOrEqual(20);
    expect(segmentsOf(path).length).toBeLessThan(files);
    expect(again.startOffsets()).toEqual([row?.deletedRecords]);
    const start = again.startOffsets();
    again.close();
    const third = openLog(path, options);
    expect(third.startOffsets()).toEqual(start);
    expect(third.segmentCount).toBe(segmentsOf(path).length);
    third.close();
  });
});

describe('S331 retention on a disk that refuses', () => {
  it('tells it, and removes the next time what it could not', () => {
    const disk = createFillingDisk(1e6);
    const log = openLog(folder.fresh(), { segmentBytesMax: 300, files: disk.files });
    for (let i = 0; i < 20; i += 1) log.append(requestOf([i]));
    const before = log.segmentCount;
    const policy = { nowUs: START_US, maxBytesPerPartition: 600 };
    disk.refused = new Set(['remove']);
    expect(() => log.retain(policy)).toThrow(
      /^LOG_UNWRITABLE: .*\(EIO\); what was not removed is still there, mend it and try again/,
    );
    expect(log.segmentCount).toBe(before);
    expect(everythingIn(log)[0]).toHaveLength(20);
    disk.refused = new Set();
    expect(log.retain(policy).partitions[0]?.deletedRecords).toBeGreaterThan(5);
    expect(log.segmentCount).toBeLessThan(before);
    log.close();
  });

  it('tells a file that cannot be removed by its code', () => {
    const path = folder.fresh();
    // What is a folder is no file that could be unlinked.
    expect(() => NODE_LOG_FILES.remove(path)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^E/), syscall: 'unlink' }),
    );
    NODE_LOG_FILES.remove(join(path, 'none'));
  });
});

describe('a disk that cannot be read', () => {
  it('is told with its file, and read again when it can be', () => {
    const path = folder.fresh();
    const { raws } = writeBatches(path, [2, 2]);
    const disk = createFillingDisk(1e6);
    const log = openLog(path, { files: disk.files });
    const late = log.append(requestOf(['x'.repeat(300_000)]));
    disk.refused = new Set(['read']);
    expect(() => log.read(0, late.firstOffset, 1)).toThrow(/^INPUT_UNREADABLE: .*\(EIO\)/);
    disk.refused = new Set();
    expect(everythingIn(log)[0]?.slice(0, 4)).toEqual(raws);
    log.close();
  });
});

describe('S16 consumer groups on disk', () => {
  it('are there after reopening: offsets and generation, no members', () => {
    const path = folder.fresh();
    const log = openLog(path);
    log.append(requestOf(['a', 'b', 'c']));
    const { generation } = log.groups.join('g', 'm');
    log.groups.commit({ group: 'g', member: 'm', generation, nextOffsets: new Map([[0, 2]]) });
    log.close();
    expect(existsSync(join(path, 'groups.json.next'))).toBe(false);
    writeFileSync(join(path, 'groups.json.next'), 'cut sho');
    const again = openLog(path);
    expect(again.groups.lag('g')).toEqual([1]);
    expect(() => again.groups.assignment('g', 'm')).toThrow(/LOG_FENCED/);
    expect(again.groups.join('g', 'm').generation).toBe(generation + 1);
    expect(existsSync(join(path, 'groups.json.next'))).toBe(false);
    again.close();
  });
});
