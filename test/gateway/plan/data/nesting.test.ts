/** How deep values nest, whatever they are. */
import { describe, expect, it } from 'vitest';
import { nestsDeeperThan } from '../../../../src/gateway/plan/data/nesting.ts';

describe('nestsDeeperThan', () => {
  it.each([
    [1, 0],
    [null, 0],
    [{}, 1],
    [[], 1],
    [{ a: 1, b: [{}] }, 3],
    [[[], [[]]], 3],
  ])('counts objects and lists within each other: %j', (value, levels) => {
    expect(nestsDeeperThan(value, levels)).toBe(false);
    if (levels > 0) expect(nestsDeeperThan(value, levels - 1)).toBe(true);
  });

  it('ends for what is very deep, or has no end', () => {
    const circle: Record<string, unknown> = {};
    circle.again = { circle };
    expect(nestsDeeperThan(circle, 500)).toBe(true);
    expect(nestsDeeperThan(JSON.parse('['.repeat(1e5) + ']'.repeat(1e5)), 500)).toBe(true);
  });
});
