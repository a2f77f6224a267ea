/** Generators of watermarks, and partitions of them. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  createPartitionedWatermarks,
  type PartitionedWatermarksOptions,
} from '../../../src/streams/watermarks/partitioned-watermarks.ts';
import {
  createWatermarkGenerator,
  type WatermarkStrategy,
} from '../../../src/streams/watermarks/watermark-generator.ts';
import { throughJson } from '../windows/window-builder.ts';

const NONE = Number.NEGATIVE_INFINITY;

type Said = number | null;
const punctuated: WatermarkStrategy<Said> = { kind: 'punctuated', watermarkUsOf: (row) => row };
const custom: WatermarkStrategy<Said> = {
  kind: 'custom',
  create: () => createWatermarkGenerator<Said>({ kind: 'bounded', boundUs: 100 }),
};

function watermarks(strategy: WatermarkStrategy<Said>, rows: readonly (readonly [number, Said])[]) {
  const generator = createWatermarkGenerator(strategy);
  return rows.map(([timeUs, said]) => {
    generator.observe(said, timeUs);
    return generator.watermarkUs;
  });
}

describe('watermark generators', () => {
  test.prop([fc.array(fc.nat(1_000), { minLength: 1 }), fc.nat(50)], { seed: 23 })(
    'W5 bounded: the greatest event time less the bound, less one',
    (times, boundUs) => {
      const strategy = { kind: 'bounded', boundUs } as const;
      const said = watermarks(
        strategy,
        times.map((time) => [time, null] as const),
      );
      expect(said.at(-1)).toBe(Math.max(...times) - boundUs - 1);
    },
  );

  it('W25 ascending: one less than the greatest time; equal times are not late', () => {
    const rows = [
      [10, null],
      [10, null],
      [12, null],
      [11, null],
    ] as const;
    expect(watermarks({ kind: 'ascending' }, rows)).toEqual([9, 9, 11, 11]);
  });

  it('W25 punctuated: what rows say, where it grows', () => {
    const rows = [
      [10, null],
      [11, 5],
      [12, 4],
      [13, null],
      [14, 9],
    ] as const;
    expect(watermarks(punctuated, rows)).toEqual([NONE, 5, 5, 5, 9]);
  });

  it('W25 custom: whatever the caller makes', () => {
    expect(watermarks(custom, [[200, null]])).toEqual([99]);
  });
});

const partitioned = (options: Partial<PartitionedWatermarksOptions<Said>> = {}) =>
  createPartitionedWatermarks<Said>({
    partitionCount: 2,
    strategy: { kind: 'ascending' },
    idleTimeoutUs: 100,
    ...options,
  });

describe('watermarks of a partitioned source', () => {
  it('W6 says the least of its partitions where it grows, and +∞ at the end', () => {
    const source = partitioned();
    expect(source.observe(0, null, 10)).toBeUndefined();
    expect(source.observe(1, null, 5)).toBe(4);
    expect(source.observe(1, null, 50)).toBe(9);
    expect(source.observe(1, null, 60)).toBeUndefined();
    expect(source.observe(7, null, 1_000)).toBeUndefined();
    expect(source.watermarkUs).toBe(9);
    expect(source.end()).toBe(Number.POSITIVE_INFINITY);
    expect(source.watermarkUs).toBe(Number.POSITIVE_INFINITY);
  });

  it('W6 lets a silent partition go: silence begins at the first look', () => {
    const source = partitioned();
    source.observe(0, null, 10);
    expect(source.passProcessTime(5_000)).toBeUndefined();
    source.hear(0, 5_099);
    expect(source.passProcessTime(5_099)).toBeUndefined();
    expect(source.passProcessTime(5_100)).toBe(9);
    source.hear(1, 5_150);
    expect(source.observe(1, null, 3)).toBeUndefined();
    expect(source.observe(0, null, 20)).toBe(19);
  });

  it('W26 without an idle timeout a silent partition holds back for ever; 0 is refused', () => {
    const source = createPartitionedWatermarks<Said>({ partitionCount: 2, strategy: punctuated });
    source.observe(0, 10, 10);
    source.passProcessTime(0);
    expect(source.passProcessTime(1e15)).toBeUndefined();
    expect(() => partitioned({ idleTimeoutUs: 0 })).toThrow('STREAMS_BAD_WINDOW');
  });

  const step = fc.record({
    partition: fc.nat(2),
    timeUs: fc.nat(100),
    kind: fc.constantFrom('row', 'row', 'row', 'look', 'cut'),
  });
  test.prop([fc.array(step, { maxLength: 40, size: 'max' }), fc.constantFrom(punctuated, custom)], {
    seed: 24,
    numRuns: 500,
  })('W22 a snapshot at any step is invisible', (steps, strategy) => {
    const run = (isInterrupted: boolean) => {
      const create = () => partitioned({ partitionCount: 3, strategy, idleTimeoutUs: 5 });
      let source = create();
      return steps.map(({ partition, timeUs, kind }, i) => {
        if (kind === 'look') return source.passProcessTime(i);
        if (kind === 'cut') {
          if (!isInterrupted) return undefined;
          const saved = throughJson(source.snapshot());
          source = create();
          source.restore(saved);
          return undefined;
        }
        source.hear(partition, i);
        return source.observe(partition, timeUs, timeUs);
      });
    };
    expect(run(true)).toEqual(run(false));
  });

  it('W22 refuses what is no snapshot of it', () => {
    const saved = partitioned({ partitionCount: 3 }).snapshot();
    for (const one of [null, 1, saved]) {
      expect(() => partitioned().restore(one)).toThrow('SNAPSHOT_REFUSED');
    }
    const generator = createWatermarkGenerator({ kind: 'ascending' });
    expect(() => generator.restore('soon')).toThrow('"soon" is no time');
  });
});
