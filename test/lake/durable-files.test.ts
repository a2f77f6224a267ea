/** What a lake does to its disk: folders are flushed before what lies in them is told to be there,
 * and what the disk refused can be made again. Spec: S324, S326. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DurableFiles, type LakeFiles, NODE_LAKE_FILES } from '../../src/lake/durable-files.ts';
import { openLake } from '../../src/lake/lake.ts';
import { openLakeReader } from '../../src/lake/lake-reader.ts';
import { SAMPLES, samplesOfStep } from '../durability/programs/parts/samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

/** Notes calls, relative to the folder; `refuse` says which of them fail. */
function watched(root: string, refuse: (call: string) => boolean = () => false) {
  const calls: string[] = [];
  const noting = (call: string, path: string, act: () => unknown) => {
    const told = `${call} ${path.slice(root.length + 1)}`.trim();
    calls.push(told);
    if (refuse(told)) throw Object.assign(new Error(`EIO: ${told}`), { code: 'EIO' });
    return act();
  };
  const files: LakeFiles = {
    makeFolder: (path) =>
      noting('make', path, () => NODE_LAKE_FILES.makeFolder(path)) as string | undefined,
    write: (path, text) => void noting('write', path, () => NODE_LAKE_FILES.write(path, text)),
    writeBy: async (path, write) => {
      await noting('write', path, () => NODE_LAKE_FILES.writeBy(path, write));
    },
    flush: (path) => void noting('flush', path, () => NODE_LAKE_FILES.flush(path)),
    rename: (from, to) => void noting('rename', to, () => NODE_LAKE_FILES.rename(from, to)),
    remove: (path) => void noting('remove', path, () => NODE_LAKE_FILES.remove(path)),
  };
  return { calls, files };
}

async function rowsIn(directory: string): Promise<unknown> {
  const reader = await openLakeReader(directory);
  try {
    const [row] = await reader.query('SELECT count(*) AS n FROM curated_samples');
    return row?.['n'];
  } finally {
    reader.close();
  }
}

describe('S326 folders', () => {
  it('are flushed up to the lake’s own before a file in them is told to be there', async () => {
    const root = folder.fresh();
    const { calls, files } = watched(root);
    const disk = new DurableFiles(join(root, 'lake'), files, () => {});
    disk.makeRoot(() => true);
    expect(calls.splice(0)).toEqual(['make lake', 'flush']);
    const write = async (partial: string) => NODE_LAKE_FILES.write(partial, 'x');
    await disk.writeBy(join(root, 'lake/a/b/one'), write);
    expect(calls.splice(0)).toEqual([
      'make lake/a/b',
      'flush lake/a',
      'flush lake',
      'write lake/a/b/one.partial',
      'flush lake/a/b/one.partial',
      'rename lake/a/b/one',
      'flush lake/a/b',
    ]);
    await disk.writeBy(join(root, 'lake/a/b/two'), write);
    expect(calls.splice(0).slice(0, 2)).toEqual([
      'write lake/a/b/two.partial',
      'flush lake/a/b/two.partial',
    ]);
    // Another process cannot know whether the one that made them came to flush them.
    const next = new DurableFiles(join(root, 'lake'), files, () => {});
    next.makeRoot(() => false);
    await next.writeBy(join(root, 'lake/a/b/three'), write);
    expect(calls.slice(0, 4)).toEqual(['make lake', 'make lake/a/b', 'flush lake/a', 'flush lake']);
  });
});

describe('S324 a lake whose disk refused', () => {
  it('the flush after the manifest was replaced: the same commit again succeeds', async () => {
    const root = folder.fresh();
    let failures = 0;
    const { calls, files } = watched(root, (call) => {
      const isAfterRename = calls.at(-2) === 'rename _manifest.json';
      if (call === 'flush' && isAfterRename) failures += 1;
      return call === 'flush' && isAfterRename && failures === 1;
    });
    const lake = await openLake({ directory: root, job: 'test', files });
    const writer = await lake.writer(SAMPLES);
    for (const row of samplesOfStep(0)) writer.append(row);
    await expect(lake.commit({ checkpoint: 1, offsets: [0] })).rejects.toThrow(
      /^STORAGE_UNWRITABLE: .*EIO: flush.*; make room/,
    );
    await lake.commit({ checkpoint: 1, offsets: [0] });
    for (const row of samplesOfStep(1)) writer.append(row);
    await lake.commit({ checkpoint: 2, offsets: [1] });
    await lake.close();
    expect(await rowsIn(root)).toBe(6);
  });

  it('the publishing: a later checkpoint has the rows of both', async () => {
    const root = folder.fresh();
    let isRefusing = true;
    const { files } = watched(root, (call) => isRefusing && call.startsWith('rename _manifest'));
    const lake = await openLake({ directory: root, job: 'test', files });
    const writer = await lake.writer(SAMPLES);
    for (const row of samplesOfStep(0)) writer.append(row);
    await expect(lake.commit({ checkpoint: 1, offsets: [0] })).rejects.toThrow(/STORAGE_UNWR/);
    isRefusing = false;
    for (const row of samplesOfStep(1)) writer.append(row);
    await lake.commit({ checkpoint: 2, offsets: [1] });
    expect(lake.lastCommit()).toMatchObject({ checkpoint: 2 });
    await lake.close();
    expect(await rowsIn(root)).toBe(6);
  });
});
