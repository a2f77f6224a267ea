/** Bounded JSON text: that of JSON.stringify as long as there is room. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { boundedJson } from '../../../src/streams/collector/bounded-json.ts';

describe('bounded JSON', () => {
  const value = fc.jsonValue({ maxDepth: 5 });
  test.prop([value, fc.nat(60)], { seed: 3, numRuns: 500 })(
    'is JSON.stringify’s, cut where the room ends',
    (one, unitsMax) => {
      const whole = JSON.stringify(one);
      expect(boundedJson(one, { unitsMax: 1e6, depthMax: 99 })).toBe(whole);
      expect(whole.length).toBeGreaterThan(0);
      expect(boundedJson(one, { unitsMax, depthMax: 99 })).toBe(whole.slice(0, unitsMax));
    },
  );

  it('S22 ends for what never would', () => {
    const cycle: unknown[] = [1];
    cycle.push(cycle);
    expect(boundedJson(cycle, { unitsMax: 99, depthMax: 3 })).toBe('[1,[1,[1,"…"]]]');
    const wide: Record<string, unknown> = {};
    for (const key of ['a', 'b']) wide[key] = wide;
    expect(boundedJson(wide, { unitsMax: 1_000, depthMax: 99 })).toHaveLength(1_000);
    const fields = { skipped: undefined, call: () => 1, big: 12n, text: 'x'.repeat(1e7) };
    expect(boundedJson(fields, { unitsMax: 20, depthMax: 9 })).toBe('{"big":12,"text":"xx');
  });
});
