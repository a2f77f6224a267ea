/** Keys of windows are texts, and come back as they were. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createKeyCodec, decode, encode } from '../../../src/streams/execute/key-codec.ts';
import type { Scalar } from '../../../src/streams/plan/expression.ts';
import { functionsByName } from '../../../src/streams/plan/functions.ts';

const scalars: fc.Arbitrary<Scalar> = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('\u0000', 'n', '#', '1', ':') }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  fc.boolean(),
  fc.constant(null),
);

describe('keys', () => {
  test.prop([scalars, scalars], { seed: 44, numRuns: 1_000 })(
    'of one column come back, and differ where values do',
    (a, b) => {
      expect(decode(encode(a))).toBe(a);
      expect(encode(a) === encode(b)).toBe(a === b);
    },
  );

  test.prop([fc.tuple(scalars, scalars), fc.tuple(scalars, scalars)], { seed: 45, numRuns: 500 })(
    'of several columns too',
    ([a, b], [c, d]) => {
      const column = (name: string) => ({ kind: 'column', name }) as const;
      const codec = createKeyCodec({ x: column('x'), y: column('y') }, functionsByName([]));
      const one = codec.keyOf({ x: a, y: b });
      expect(codec.valuesOf(one)).toEqual({ x: a, y: b });
      expect(one === codec.keyOf({ x: c, y: d })).toBe(a === c && b === d);
    },
  );

  it('of no column are one key', () => {
    const codec = createKeyCodec({}, functionsByName([]));
    expect([codec.keyOf({ x: 1 }), codec.valuesOf('')]).toEqual(['', {}]);
  });
});
