/** One contract for every storage stage: memory, SQLite, NDJSON, lake. Spec: S40–S45. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/domain/stored/row-schema.ts';
import { storedCells } from '../../src/domain/stored/stage-rows.ts';
import type { AsyncStorageStage, StorageStage } from '../../src/domain/stored/storage-stage.ts';
import { filesBelow } from '../../src/lake/durable-files.ts';
import type { LakeFamily } from '../../src/lake/lake-family.ts';
import { openLakeStage } from '../../src/lake/lake-stage.ts';
import { type MemoryStore, openMemoryStage } from '../../src/storage/stages/memory-stage.ts';
import { openNdjsonStage } from '../../src/storage/stages/ndjson-stage.ts';
import { openSqliteStage } from '../../src/storage/stages/sqlite-stage.ts';
import { temporaryFolder } from '../temporary-folder.ts';

interface Sample {
  readonly atUs: number;
  readonly id: string;
  readonly word: string | null;
  readonly note: string | null;
  readonly count: number | null;
  readonly ratio: number | null;
  readonly flag: boolean | null;
}

const FAMILY: LakeFamily<Sample> = {
  zone: 'curated',
  family: 'samples',
  version: 1,
  timeColumn: 'at_us',
  orderBy: ['at_us', 'id'],
  columns: [
    { name: 'at_us', kind: 'integer', of: (s) => s.atUs },
    { name: 'id', kind: 'text', of: (s) => s.id },
    { name: 'word', kind: 'word', of: (s) => s.word },
    { name: 'note', kind: 'text', of: (s) => s.note },
    { name: 'count', kind: 'integer', of: (s) => s.count },
    { name: 'ratio', kind: 'real', of: (s) => s.ratio },
    { name: 'flag', kind: 'boolean', of: (s) => s.flag },
  ],
};

type Step = (step: string) => void;

/** One implementation in a place of its own. */
interface Place {
  open(onStep?: Step): Promise<AsyncStorageStage<Sample>> | StorageStage<Sample>;
  /** Of all bytes it keeps; undefined where there are none, as in memory. */
  digest(): string | undefined;
}

const folder = temporaryFolder();

function digestOf(directory: string): string {
  const hash = createHash('sha256');
  for (const path of filesBelow(directory)) {
    hash.update(`${path}\n`).update(readFileSync(join(directory, path)));
  }
  return hash.digest('hex');
}

const STAGES: Readonly<Record<string, () => Place>> = {
  memory() {
    const store: MemoryStore = { rows: [], last: undefined };
    return { open: () => openMemoryStage(FAMILY, store), digest: () => undefined };
  },
  sqlite() {
    const directory = folder.fresh();
    const path = join(directory, 'stage.sqlite');
    return {
      open: (onStep) =>
        openSqliteStage({ path, schema: FAMILY, ...(onStep === undefined ? {} : { onStep }) }),
      digest: () => digestOf(directory),
    };
  },
  ndjson() {
    const directory = folder.fresh();
    const path = join(directory, 'stage.ndjson');
    return {
      open: (onStep) =>
        openNdjsonStage({ path, schema: FAMILY, ...(onStep === undefined ? {} : { onStep }) }),
      digest: () => digestOf(directory),
    };
  },
  lake() {
    const directory = folder.fresh();
    return {
      open: (onStep) =>
        openLakeStage({ directory, family: FAMILY, ...(onStep === undefined ? {} : { onStep }) }),
      digest: () => digestOf(directory),
    };
  },
};

const START_US = 1_795_204_800_000_000;

function sample(n: number, more: Partial<Sample> = {}): Sample {
  return {
    atUs: START_US + (n % 5) * 1_000_000_000,
    id: `s${n}`,
    word: n % 3 === 0 ? null : `w${n % 5}`,
    note: `note ${n}`,
    count: n,
    ratio: n / 7,
    flag: n % 2 === 0,
    ...more,
  };
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const sampleArbitrary: fc.Arbitrary<Sample> = fc.record({
  atUs: fc.integer({ min: START_US, max: START_US + 7_200_000_000 }),
  id: text,
  word: fc.option(text),
  note: fc.option(
    fc.oneof(text, fc.constantFrom('', '\u0000', '\ud800', '😀é', '{"checkpoint":1}\n')),
  ),
  count: fc.option(fc.maxSafeInteger()),
  ratio: fc.option(fc.double()),
  flag: fc.option(fc.boolean()),
});

/** As the contract orders rows; ties keep the order of writing. */
function expected(rows: readonly Sample[]): readonly (readonly Cell[])[] {
  const utf8 = (row: Sample) => Buffer.from(row.id);
  return rows
    .toSorted((a, b) => a.atUs - b.atUs || Buffer.compare(utf8(a), utf8(b)))
    .map((row) => storedCells(FAMILY, row));
}

async function withStage<T>(
  place: Place,
  use: (stage: AsyncStorageStage<Sample> | StorageStage<Sample>) => Promise<T> | T,
  onStep?: Step,
): Promise<T> {
  const stage = await place.open(onStep);
  try {
    return await use(stage);
  } finally {
    await stage.close();
  }
}

class Crash extends Error {}

const BATCHES = [
  [sample(1), sample(2), sample(3)],
  [sample(10), sample(11), sample(12), sample(14)],
  [sample(20)],
];

/** Writes the batches from `from` on, a checkpoint each. */
async function writeBatches(
  stage: AsyncStorageStage<Sample> | StorageStage<Sample>,
  from: number,
  batches = BATCHES,
): Promise<void> {
  for (const [i, batch] of batches.entries()) {
    if (i < from) continue;
    stage.write(batch);
    await stage.commit({ checkpoint: i + 1, offsets: [i * 10, i] });
  }
}

describe.each(Object.entries(STAGES))('storage stage: %s', (_name, place) => {
  it('S40 shows what is committed, and only that', async () => {
    const at = place();
    await withStage(at, async (stage) => {
      expect(stage.lastCommit()).toBeUndefined();
      expect(await stage.readBack()).toEqual([]);
      stage.write([sample(2), sample(1)]);
      expect(await stage.readBack()).toEqual([]);
      await stage.commit({ checkpoint: 1, offsets: [7, 0] });
      stage.write([sample(3)]);
      expect(await stage.readBack()).toEqual(expected([sample(1), sample(2)]));
    });
    await withStage(at, async (stage) => {
      expect(await stage.readBack()).toEqual(expected([sample(1), sample(2)]));
      expect(stage.lastCommit()).toEqual({ checkpoint: 1, offsets: [7, 0] });
    });
  });

  it('S41 a checkpoint that is committed is left as it is, also after opening anew', async () => {
    const at = place();
    await withStage(at, async (stage) => {
      await writeBatches(stage, 0);
      const before = at.digest();
      stage.write([sample(99)]);
      await stage.commit({ checkpoint: 3, offsets: [99, 99] });
      await stage.commit({ checkpoint: 3, offsets: [99, 99] });
      expect(at.digest()).toBe(before);
    });
    await withStage(at, async (stage) => {
      stage.write(BATCHES[1] ?? []);
      await stage.commit({ checkpoint: 2, offsets: [10, 1] });
      expect(await stage.readBack()).toEqual(expected(BATCHES.flat()));
      expect(stage.lastCommit()).toEqual({ checkpoint: 3, offsets: [20, 2] });
    });
  });

  it('S41 a commit without rows moves the offsets', async () => {
    const at = place();
    await withStage(at, async (stage) => {
      await stage.commit({ checkpoint: 1, offsets: [5] });
      expect(stage.lastCommit()).toEqual({ checkpoint: 1, offsets: [5] });
      expect(await stage.readBack()).toEqual([]);
    });
  });

  it('S42 a crash before any step loses nothing committed and shows nothing half', async () => {
    // The first commit of all, and one after another: a third has nothing new to fear.
    const batches = BATCHES.slice(0, 2);
    const whole = place();
    await withStage(whole, (stage) => writeBatches(stage, 0, batches));
    const steps: string[] = [];
    await withStage(
      place(),
      (stage) => writeBatches(stage, 0, batches),
      (step) => steps.push(step),
    );
    const isDurable = whole.digest() !== undefined;
    if (isDurable) expect(steps.length).toBeGreaterThan(2);
    for (let crashAt = 0; crashAt < steps.length; crashAt += 1) {
      const at = place();
      let step = 0;
      const crash = () => {
        step += 1;
        if (step === crashAt + 1) throw new Crash();
        if (step > crashAt + 1) throw new Crash();
      };
      const writing = withStage(at, (stage) => writeBatches(stage, 0, batches), crash);
      await expect(writing).rejects.toThrow();
      await withStage(at, async (stage) => {
        const done = stage.lastCommit()?.checkpoint ?? 0;
        expect(await stage.readBack()).toEqual(expected(batches.slice(0, done).flat()));
        await writeBatches(stage, done, batches);
        expect(await stage.readBack()).toEqual(expected(batches.flat()));
      });
      if (_name !== 'sqlite') expect(at.digest()).toBe(whole.digest());
    }
  });

  it('S43 equal runs leave equal bytes', async () => {
    const [a, b] = [place(), place()];
    for (const at of [a, b]) await withStage(at, (stage) => writeBatches(stage, 0));
    expect(a.digest()).toBe(b.digest());
  });

  it('S44 refuses a row that does not fit, and takes none of those given with it', async () => {
    await withStage(place(), async (stage) => {
      for (const [bad, found] of [
        [{ count: 1.5 }, '1.5'],
        [{ count: 2 ** 53 }, '9007199254740992'],
        [{ note: 5 as never }, '5'],
        [{ flag: 'yes' as never }, '"yes"'],
        [{ atUs: null as never }, 'null'],
      ] as const) {
        expect(() => stage.write([sample(1), sample(2, bad)])).toThrow(`${found} is no`);
      }
      await stage.commit({ checkpoint: 1, offsets: [] });
      expect(await stage.readBack()).toEqual([]);
    });
  });

  test.prop([fc.array(fc.array(sampleArbitrary, { maxLength: 6 }), { maxLength: 3 })], {
    seed: 440,
    numRuns: 15,
  })('S45 reads back what was written: any text, NaN, −0, large integers', async (batches) => {
    await withStage(place(), async (stage) => {
      for (const [i, batch] of batches.entries()) {
        stage.write(batch);
        await stage.commit({ checkpoint: i + 1, offsets: [i] });
      }
      expect(await stage.readBack()).toEqual(expected(batches.flat()));
    });
  });
});

describe('storage stage: a torn NDJSON file', () => {
  it('S42 opens at the last whole commit, wherever it was torn', async () => {
    const directory = folder.fresh();
    const path = join(directory, 'torn.ndjson');
    const stage = openNdjsonStage({ path, schema: FAMILY });
    await writeBatches(stage, 0);
    stage.close();
    const content = readFileSync(path);
    for (let length = 0; length <= content.length; length += 3) {
      const torn = folder.write(`torn-${length}.ndjson`, content.subarray(0, length));
      const opened = openNdjsonStage({ path: torn, schema: FAMILY });
      const done = opened.lastCommit()?.checkpoint ?? 0;
      expect(opened.readBack()).toEqual(expected(BATCHES.slice(0, done).flat()));
      expect(opened.recovery.removed.length === 0).toBe(statSync(torn).size === length);
      await writeBatches(opened, done);
      opened.close();
      expect(readFileSync(torn)).toEqual(content);
    }
    expect(existsSync(path)).toBe(true);
  });
});
