/** The machine of a crowd: whatever comes back is taken in. */
import { expect, it } from 'vitest';
import { createCrowdMachine } from '../../src/actors/crowd.ts';
import { benchOfOne } from './bench-of-one.ts';

it('E432: a crowd takes every answer in', () => {
  const taken: unknown[] = [];
  const bench = benchOfOne(
    () => createCrowdMachine({ takeIn: (attempt) => taken.push(attempt) }),
    undefined,
  );
  bench.tell({ type: 'call.answered', attempt: 'a' });
  bench.tell({ type: 'call.answered', attempt: 'b' });
  expect(taken).toEqual(['a', 'b']);
});
