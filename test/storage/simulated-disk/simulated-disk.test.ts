/** The simulated disk against a model of what a disk promises: what was synced survives, what was
 * not may or may not, and there is never anything else. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { DecideDisk, DiskVerdict } from '../../../src/storage/simulated-disk/disk-verdict.ts';
import { createSimulatedDisk } from '../../../src/storage/simulated-disk/simulated-disk.ts';

const PATH = 'folder/file';

/** Decides the n-th operation of one call. */
function nth(call: string, n: number, verdict: DiskVerdict): DecideDisk {
  let count = 0;
  return (operation) => {
    if (operation.call !== call) return undefined;
    count += 1;
    return count === n ? verdict : undefined;
  };
}

/** A disk with one file, whose name is safe. */
function diskWithFile(decide?: DecideDisk) {
  const disk = createSimulatedDisk(decide);
  disk.files.makeFolder('folder', true);
  const file = disk.files.open(PATH);
  disk.files.syncFolder('folder');
  return { disk, file };
}

function text(files: ReturnType<typeof createSimulatedDisk>['files'], path = PATH) {
  return files.readText(path);
}

const bytes = (of: string) => Buffer.from(of);

const steps = fc.array(
  fc.oneof(
    fc.record({
      act: fc.constant('write' as const),
      at: fc.nat({ max: 20 }),
      what: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    }),
    fc.record({ act: fc.constant('truncate' as const), at: fc.nat({ max: 20 }) }),
    fc.record({ act: fc.constant('sync' as const) }),
    fc.record({ act: fc.constant('read' as const), at: fc.nat({ max: 20 }) }),
  ),
  { maxLength: 20 },
);

/** The bytes after steps, as an array does it. */
function model(before: readonly number[], step: { act: string; at?: number; what?: Uint8Array }) {
  const { act, at = 0, what } = step;
  const now = [...before];
  if (act === 'truncate') {
    while (now.length < at) now.push(0);
    return now.slice(0, at);
  }
  if (act !== 'write' || what === undefined) return now;
  while (now.length < at) now.push(0);
  now.splice(at, what.length, ...what);
  return now;
}

function contents(files: ReturnType<typeof createSimulatedDisk>['files'], file: number) {
  const target = new Uint8Array(64);
  return [...target.subarray(0, files.read(file, target, 0))];
}

describe('a disk on which nothing goes wrong', () => {
  test.prop([steps], { seed: 301, numRuns: 200 })(
    'S300 reads what was written, byte for byte, as an array does',
    (all) => {
      const { disk, file } = diskWithFile();
      let now: readonly number[] = [];
      for (const step of all) {
        if (step.act === 'write') disk.files.write(file, step.what, step.at);
        if (step.act === 'truncate') disk.files.truncate(file, step.at);
        if (step.act === 'sync') disk.files.sync(file);
        now = model(now, step);
        expect(disk.files.size(file)).toBe(now.length);
        expect(contents(disk.files, file)).toEqual(now);
      }
    },
  );

  it('knows folders, lists them in order, and refuses what is not there', () => {
    const { disk, file } = diskWithFile();
    const { files } = disk;
    files.makeFolder('folder/b/c', false);
    files.close(files.open('folder/a'));
    expect(files.list('folder')).toEqual(['a', 'b', 'file']);
    expect(() => files.open('nowhere/file')).toThrow(/ENOENT/);
    expect(() => files.list('nowhere')).toThrow(/ENOENT/);
    expect(() => files.syncFolder('nowhere')).toThrow(/ENOENT/);
    expect(() => files.open('folder/b')).toThrow(/EISDIR/);
    expect(() => files.makeFolder('folder/a/x', false)).toThrow(/EEXIST/);
    expect(files.readText('folder/none')).toBeUndefined();
    expect(() => files.readText('folder/b')).toThrow(/EISDIR/);
    files.remove('folder/a');
    files.remove('folder/none');
    expect(files.list('folder')).toEqual(['b', 'file']);
    files.close(file);
    expect(() => files.size(file)).toThrow(/EBADF/);
  });

  it('locks once, until the process ends', () => {
    const { disk } = diskWithFile();
    const lock = disk.files.lock('folder/lock');
    expect(() => disk.files.lock('folder/lock')).toThrow(/LOG_LOCKED/);
    lock.release();
    disk.files.lock('folder/lock');
    disk.stop();
    expect(() => disk.files.lock('folder/lock')).toThrow(/ESHUTDOWN/);
    disk.start();
    disk.files.lock('folder/lock');
  });
});

describe('a loss of power', () => {
  test.prop([steps, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))], {
    seed: 302,
    numRuns: 300,
  })('S301 keeps what was synced; every byte else is one that was written there', (all, fates) => {
    const { disk, file } = diskWithFile();
    let now: readonly number[] = [];
    let synced: readonly number[] = [];
    let since: (typeof all)[number][] = [];
    for (const step of all) {
      if (step.act === 'write') disk.files.write(file, step.what, step.at);
      if (step.act === 'truncate') disk.files.truncate(file, step.at);
      now = model(now, step);
      since.push(step);
      if (step.act !== 'sync') continue;
      disk.files.sync(file);
      synced = now;
      since = [];
    }
    disk.losePower(() => fates.next().value ?? 0);
    expect(() => disk.files.size(file)).toThrow(/ESHUTDOWN/);
    disk.start();
    const left = contents(disk.files, disk.files.open(PATH));
    const possible = possibleBytes(synced, since);
    for (const [i, byte] of left.entries()) expect(possible(i)).toContain(byte);
    if (since.every(({ act }) => act === 'read' || act === 'sync')) expect(left).toEqual(synced);
  });

  it('S301 keeps each unsynced write for itself: all, none, or its beginning', () => {
    const fatesOf = (fates: readonly number[]) => {
      const { disk, file } = diskWithFile();
      disk.files.write(file, bytes('aaaa'), 0);
      disk.files.sync(file);
      disk.files.write(file, bytes('bbbb'), 4);
      disk.files.write(file, bytes('cccc'), 8);
      disk.losePower((_, index) => fates[index] ?? 0);
      disk.start();
      return text(disk.files);
    };
    expect(fatesOf([1, 1])).toBe('aaaabbbbcccc');
    expect(fatesOf([0, 0])).toBe('aaaa');
    expect(fatesOf([0, 1])).toBe('aaaa\0\0\0\0cccc');
    expect(fatesOf([0.5, 0])).toBe('aaaabb');
  });

  it('S302 takes names that were not synced, and renamings as a whole', () => {
    const { disk } = diskWithFile();
    const { files } = disk;
    const made = files.open('folder/made');
    files.write(made, bytes('x'), 0);
    files.sync(made);
    files.replaceText('folder/text', 'old');
    files.syncFolder('folder');
    files.replaceText('folder/text', 'new');
    files.remove('folder/made');
    expect(files.list('folder')).toEqual(['file', 'text']);
    disk.losePower(() => 0);
    disk.start();
    expect(files.list('folder')).toEqual(['file', 'made', 'text']);
    expect(text(files, 'folder/text')).toBe('old');
    files.makeFolder('other/deep', false);
    const lost = files.open('other/deep/file');
    files.sync(lost);
    files.syncFolder('other/deep');
    disk.losePower(() => 0);
    disk.start();
    // Its file was synced, and so was its folder: but nobody synced the folder's own name.
    expect(() => files.list('other/deep')).toThrow(/ENOENT/);
  });
});

/** Which bytes a position may have: what was synced, zero, or what any write since put there. */
function possibleBytes(
  synced: readonly number[],
  since: readonly { act: string; at?: number; what?: Uint8Array }[],
) {
  return (i: number): readonly number[] => [
    synced[i] ?? 0,
    0,
    ...since.flatMap(({ act, at = 0, what }) => {
      const byte = act === 'write' ? what?.[i - at] : undefined;
      return byte === undefined ? [] : [byte];
    }),
  ];
}

describe('what may go wrong', () => {
  it('S303 a write fails in part; what is asked for next works', () => {
    const { disk, file } = diskWithFile(
      nth('write', 1, { kind: 'error', code: 'EIO', share: 0.5 }),
    );
    expect(() => disk.files.write(file, bytes('abcd'), 0)).toThrow(/EIO/);
    expect(text(disk.files)).toBe('ab');
    disk.files.write(file, bytes('abcd'), 0);
    expect(text(disk.files)).toBe('abcd');
  });

  it('S303 opening, listing, removing and truncating fail where they are told to', () => {
    const refusing = (call: string) => nth(call, 1, { kind: 'error', code: 'EROFS' });
    expect(() => diskWithFile(refusing('open'))).toThrow(/EROFS/);
    const cases = {
      list: (files: ReturnType<typeof createSimulatedDisk>['files']) => files.list('folder'),
      remove: (files: ReturnType<typeof createSimulatedDisk>['files']) => files.remove(PATH),
      rename: (files: ReturnType<typeof createSimulatedDisk>['files']) =>
        files.replaceText('folder/text', 'x'),
    };
    for (const [call, act] of Object.entries(cases)) {
      const { disk } = diskWithFile(refusing(call));
      expect(() => act(disk.files), call).toThrow(/EROFS/);
      expect(disk.files.list('folder'), call).toEqual(['file']);
    }
    const { disk, file } = diskWithFile(refusing('truncate'));
    disk.files.write(file, bytes('abcd'), 0);
    expect(() => disk.files.truncate(file, 1)).toThrow(/EROFS/);
    expect(disk.files.size(file)).toBe(4);
  });

  it('S304 a failed sync forgets what was not synced, as Linux does', () => {
    const { disk, file } = diskWithFile(nth('sync', 2, { kind: 'error', code: 'EIO' }));
    disk.files.write(file, bytes('kept'), 0);
    disk.files.sync(file);
    disk.files.write(file, bytes('gone'), 4);
    expect(() => disk.files.sync(file)).toThrow(/EIO/);
    expect(text(disk.files)).toBe('kept');
    disk.files.sync(file);
    expect(text(disk.files)).toBe('kept');
  });

  it('S305 a process dies in a write: a part of it is there, or all of it elsewhere', () => {
    const torn = diskWithFile(nth('write', 1, { kind: 'dies', share: 0.75 }));
    expect(() => torn.disk.files.write(torn.file, bytes('abcd'), 0)).toThrow(/ESHUTDOWN/);
    expect(torn.disk.isStopped).toBe(true);
    expect(() => torn.disk.files.open(PATH)).toThrow(/ESHUTDOWN/);
    torn.disk.start();
    expect(text(torn.disk.files)).toBe('abc');
    const stray = diskWithFile(nth('write', 1, { kind: 'dies', share: 1, astrayBytes: 2 }));
    expect(() => stray.disk.files.write(stray.file, bytes('ab'), 0)).toThrow(/ESHUTDOWN/);
    stray.disk.start();
    expect(text(stray.disk.files)).toBe('\0\0ab');
  });

  it('S306 a read fails, gives one bit the other way round, or is out of date; once', () => {
    const reading = (verdict: DiskVerdict) => {
      const { disk, file } = diskWithFile(nth('read', 1, verdict));
      disk.files.write(file, bytes('old'), 0);
      disk.files.write(file, bytes('news'), 0);
      return () => contents(disk.files, file);
    };
    const failing = reading({ kind: 'error', code: 'EIO' });
    expect(failing).toThrow(/EIO/);
    expect(failing()).toEqual([...bytes('news')]);
    const flipped = reading({ kind: 'flip', at: 0.5 });
    const wrong = flipped();
    const right = flipped();
    expect(right).toEqual([...bytes('news')]);
    expect(wrong.map((byte, i) => byte ^ (right[i] ?? 0))).toEqual([0, 0, 1, 0]);
    const stale = reading({ kind: 'stale' });
    expect(stale()).toEqual([...bytes('old')]);
    expect(stale()).toEqual([...bytes('news')]);
  });
});
