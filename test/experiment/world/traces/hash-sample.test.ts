/** Samples by hash: whose they are, and how evenly they are spread. */
import { describe, expect, it } from 'vitest';
import {
  createHashSample,
  hashOfPair,
} from '../../../../src/experiment/world/traces/hash-sample.ts';

describe('a sample by hash', () => {
  it('E503: is those of the smallest hashes, whatever the order of coming', () => {
    const pairs = Array.from({ length: 5_000 }, (_, i) => [i % 700, Math.floor(i / 700)] as const);
    const hashes = pairs.map(([a, b]) => hashOfPair(a, b));
    const smallest = [...hashes].sort((a, b) => a - b).slice(0, 32);
    for (const order of [hashes, hashes.toReversed()]) {
      const sample = createHashSample<number>(32);
      let taken = 0;
      for (const hash of order) {
        if (!sample.wants(hash)) continue;
        sample.take(hash, hash);
        taken += 1;
      }
      expect(sample.items()).toEqual(smallest);
      expect(taken).toBeLessThan(600);
    }
  });

  it('E503: hashes are spread evenly, neighbours apart', () => {
    const bins = new Array<number>(16).fill(0);
    for (let viewer = 0; viewer < 4_000; viewer += 1) {
      for (let page = 0; page < 4; page += 1) {
        const hash = hashOfPair(viewer, page);
        bins[Math.floor(hash / 2 ** 28)] = (bins[Math.floor(hash / 2 ** 28)] ?? 0) + 1;
      }
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
    // 15 degrees of freedom: 37.7 at 0.1 %.
    expect(chiSquare).toBeLessThan(37.7);
  });
});
