/** The mixing step against MurmurHash3's published vectors, and what is asked of a hash of text:
 * every unit and the seed reach every bit. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { hashText, hashWord } from '../../src/kernel/hash.ts';

/** MurmurHash3's end, with the length in bytes, as its vectors have it. */
function finalised(lane: number, bytes: number): number {
  let h = lane ^ bytes;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function bitsOf(word: number): number {
  return (word >>> 0).toString(2).replaceAll('0', '').length;
}

describe('hashWord', () => {
  it.each([
    { word: 0xffffffff, seed: 0, hash: 0x76293b50 },
    { word: 0x87654321, seed: 0, hash: 0xf55b516b },
    { word: 0x87654321, seed: 0x5082edee, hash: 0x2362f9de },
    { word: 0, seed: 0, hash: 0x2362f9de },
  ])('gives the published hash of $word with seed $seed', ({ word, seed, hash }) => {
    expect(finalised(hashWord(seed, word), 4)).toBe(hash);
  });
});

describe('hashText', () => {
  it.each([
    { seed: 0, hash: 0 },
    { seed: 1, hash: 0x514e28b7 },
    { seed: 0xffffffff, hash: 0x81f16f39 },
  ])('gives the published hash of nothing with seed $seed', ({ seed, hash }) => {
    expect(hashText('', seed) >>> 0).toBe(hash);
  });

  it('is these for ever: names of purposes and event ids hang on them', () => {
    const texts = ['a', 'viewer.think-time', 'Ünïcödé €', '\u0000'];
    expect(texts.map((text) => hashText(text, 7) >>> 0)).toMatchInlineSnapshot(`
      [
        2090852287,
        1294819599,
        4263666207,
        3659732040,
      ]
    `);
  });

  test.prop([fc.string({ unit: 'binary' }), fc.integer()], { numRuns: 300, seed: 20261120 })(
    'is a 32-bit integer, the same for the same text and seed',
    (text, seed) => {
      const hash = hashText(text, seed);
      expect(hash).toBe(hash | 0);
      expect(hashText(text, seed)).toBe(hash);
    },
  );

  it('flips half of the bits for one unit or one bit of the seed, within four sigma', () => {
    const trials = 4_000;
    let byUnit = 0;
    let bySeed = 0;
    for (let i = 0; i < trials; i += 1) {
      const hash = hashText(`title-${i}`, 3);
      byUnit += bitsOf(hash ^ hashText(`titlf-${i}`, 3));
      bySeed += bitsOf(hash ^ hashText(`title-${i}`, 2));
    }
    const sigma = Math.sqrt(32 * trials * 0.25);
    expect(Math.abs(byUnit - 16 * trials)).toBeLessThan(4 * sigma);
    expect(Math.abs(bySeed - 16 * trials)).toBeLessThan(4 * sigma);
  });

  it('collides about as often as chance would', () => {
    const count = 100_000;
    const hashes = new Set(Array.from({ length: count }, (_, i) => hashText(`line ${i}`, 0)));
    // Expected collisions n²/2³³ = 1.16; more than 8 has a chance below 1e-4.
    expect(count - hashes.size).toBeLessThanOrEqual(8);
  });
});
