/** Merged watermarks: laws that hold for any inputs. Vectors are in `window-vectors.test.ts`. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createWatermarkMerge } from '../../../src/streams/watermarks/watermark-merge.ts';

const CHANNELS = 3;
const channel = fc.nat(CHANNELS - 1);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ advance: channel, toUs: fc.nat(100) }) },
  { weight: 1, arbitrary: fc.record({ idle: channel }) },
  { weight: 1, arbitrary: fc.record({ active: channel }) },
);

describe('merged watermark', () => {
  test.prop([fc.array(step, { minLength: 1, maxLength: 60, size: 'max' })], {
    seed: 21,
    numRuns: 300,
  })('W6 never goes back, and says so only when it grew', (steps) => {
    const merge = createWatermarkMerge(CHANNELS);
    let last = merge.watermarkUs;
    for (const one of steps) {
      let said: number | undefined;
      if ('advance' in one) said = merge.advance(one.advance, one.toUs);
      else if ('idle' in one) said = merge.setIdle(one.idle);
      else merge.setActive(one.active);
      if (said === undefined) expect(merge.watermarkUs).toBe(last);
      else expect(said).toBeGreaterThan(last);
      last = merge.watermarkUs;
    }
  });

  test.prop([fc.array(fc.tuple(channel, fc.nat(100)), { maxLength: 60 })], {
    seed: 22,
    numRuns: 300,
  })('W6 is the least of the inputs while all are active', (advances) => {
    const merge = createWatermarkMerge(CHANNELS);
    const greatest = new Array<number>(CHANNELS).fill(Number.NEGATIVE_INFINITY);
    for (const [input, toUs] of advances) {
      merge.advance(input, toUs);
      greatest[input] = Math.max(greatest[input] ?? 0, toUs);
    }
    expect(merge.watermarkUs).toBe(Math.min(...greatest));
  });

  it('ignores what an idle input says until it is active, and channels that do not exist', () => {
    const merge = createWatermarkMerge(2);
    merge.setIdle(0);
    expect(merge.isIdle(0)).toBe(true);
    expect(merge.advance(0, 50)).toBeUndefined();
    expect(merge.advance(7, 50)).toBeUndefined();
    expect(merge.setIdle(7)).toBeUndefined();
    expect(merge.isIdle(7)).toBe(false);
    expect(merge.advance(1, 40)).toBe(40);
  });
});
