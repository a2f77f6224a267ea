/** The lake over files that fail at an operation, and over files that remember what was flushed:
 * the power goes after every change, in several ways. Spec: S324, S325. */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LakeFiles, NODE_LAKE_FILES } from '../../../src/lake/durable-files.ts';
import { wrongAfter } from '../after-recovery.ts';
import { freshFolder, removeFolders, type Subject, sampleOf } from '../campaign.ts';
import { losePowerAfter } from '../power/lose-power.ts';
import type { DiskChange } from '../power/torn-disk.ts';
import { type Content, contents } from '../program.ts';
import { lakeProgram, program } from '../programs/lake.ts';
import { allTroubles, Refuser, runRefused } from './refusing.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';
/** How many of the troubles, and of the changes, where not all are taken. */
const TROUBLES = 6;
const PLACES = 6;
const WAYS = IS_LONG ? 20 : 3;
const LONG_MS = 7_200_000;

afterAll(removeFolders);
let undisturbed: readonly Content[] = [];
beforeAll(async () => {
  undisturbed = await contents(program, freshFolder());
});

/** Files that fail as told. A write that fails leaves half of it. */
function refusing(refuser: Refuser): LakeFiles {
  const refuse = (call: string) => {
    const error = refuser.next(call);
    if (error !== undefined) throw error;
  };
  const inner = NODE_LAKE_FILES;
  return {
    makeFolder(path) {
      refuse('mkdir');
      return inner.makeFolder(path);
    },
    write(path, text) {
      const error = refuser.next('write');
      inner.write(path, error === undefined ? text : text.slice(0, text.length / 2));
      if (error !== undefined) throw error;
    },
    async writeBy(path, write) {
      await inner.writeBy(path, write);
      refuse('write');
    },
    flush(path) {
      refuse('fsync');
      inner.flush(path);
    },
    rename(from, to) {
      refuse('rename');
      inner.rename(from, to);
    },
    remove(path) {
      refuse('unlink');
      inner.remove(path);
    },
  };
}

describe('the lake on a disk that refuses', () => {
  it('S324 any operation, once or for good: a typed error or none, and it goes on', {
    timeout: LONG_MS,
  }, async () => {
    const counting = new Refuser();
    await runRefused(lakeProgram(refusing(counting)), freshFolder());
    const troubles = allTroubles(counting.operations);
    const wrong: string[] = [];
    const taken = IS_LONG ? troubles : sampleOf(troubles, 'lake', TROUBLES);
    for (const trouble of taken) {
      const folder = freshFolder();
      const run = await runRefused(lakeProgram(refusing(new Refuser(trouble))), folder);
      const { acknowledged } = run;
      const problem =
        run.wrong ?? (await wrongAfter({ program, folder, acknowledged, undisturbed }));
      if (problem !== undefined) wrong.push(`${JSON.stringify(trouble)}: ${problem}`);
      rmSync(folder, { recursive: true });
    }
    expect(wrong).toEqual([]);
    expect(counting.operations).toBeGreaterThan(60);
    if (IS_LONG) console.log(`refuse lake: ${counting.operations} operations, ${taken.length}`);
  });
});

/** Files that note every change, for what a loss of power leaves of them. */
function noting(root: string, changes: DiskChange[]): LakeFiles {
  const name = (path: string) => relative(root, resolve(path));
  const wrote = (path: string) => {
    changes.push({ kind: 'create', path: name(path) });
    changes.push({ kind: 'truncate', path: name(path), sizeBytes: 0 });
    changes.push({ kind: 'write', path: name(path), position: 0, bytes: readFileSync(path) });
  };
  const inner = NODE_LAKE_FILES;
  return {
    makeFolder(path) {
      const first = inner.makeFolder(path);
      const made: string[] = [];
      for (let one = resolve(path); first !== undefined; one = dirname(one)) {
        made.unshift(one);
        if (one === resolve(first)) break;
      }
      changes.push(...made.map((one) => ({ kind: 'folder', path: name(one) }) as const));
      return first;
    },
    write(path, text) {
      inner.write(path, text);
      wrote(path);
    },
    async writeBy(path, write) {
      await inner.writeBy(path, write);
      wrote(path);
    },
    flush(path) {
      inner.flush(path);
      changes.push({ kind: 'sync', path: name(path) });
    },
    rename(from, to) {
      inner.rename(from, to);
      changes.push({ kind: 'rename', path: name(from), to: name(to) });
    },
    remove(path) {
      inner.remove(path);
      changes.push({ kind: 'remove', path: name(path) });
    },
  };
}

/** All changes of an undisturbed run. */
async function notedRun(root: string): Promise<readonly DiskChange[]> {
  const changes: DiskChange[] = [];
  const open = await lakeProgram(noting(root, changes)).open(root);
  for (let step = 0; step < program.steps; step += 1) {
    await open.step(step);
    changes.push({ kind: 'acknowledged' });
  }
  await open.close();
  return changes;
}

describe('the lake when the power goes', () => {
  const subjectWith = (changes: readonly DiskChange[]): Subject => ({
    name: 'lake',
    program,
    points: [],
    changes,
    undisturbed,
  });
  let changes: readonly DiskChange[] = [];
  beforeAll(async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'backlot-lake-')));
    changes = await notedRun(root);
    rmSync(root, { recursive: true });
  });

  it('S325 loses acknowledged rows where folders are not synced: the model can tell', async () => {
    const folders = changes.flatMap((one) => (one.kind === 'folder' ? [one.path] : []));
    const careless = changes.filter((one) => one.kind !== 'sync' || !folders.includes(one.path));
    expect(careless.length).toBeLessThan(changes.length - 10);
    const { wrong } = await losePowerAfter(subjectWith(careless), [careless.length], 1);
    expect(wrong).toHaveLength(1);
  });

  it('S325 after any change: what it acknowledged is there, and nothing else', {
    timeout: LONG_MS,
  }, async () => {
    const all = changes.map((_, i) => i + 1);
    const places = IS_LONG ? all : sampleOf(all, 'lake', PLACES);
    const { losses, atStake, wrong } = await losePowerAfter(subjectWith(changes), places, WAYS);
    expect(wrong).toEqual([]);
    expect(atStake).toBeGreaterThan(places.length);
    if (IS_LONG) console.log(`power lake: ${places.length} changes, ${losses} losses`);
  });
});
