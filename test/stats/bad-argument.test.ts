/** The message of a bad argument: code, place, value found, rule. */
import { describe, expect, it } from 'vitest';
import { requireArgument } from '../../src/stats/bad-argument.ts';

describe('bad argument', () => {
  it('says code, place, value found and rule', () => {
    const problem = { argument: 'q', found: 2, rule: 'between 0 and 1' };
    expect(() => requireArgument(true, problem)).not.toThrow();
    expect(() => requireArgument(false, problem)).toThrow(
      'STATS_BAD_ARGUMENT: q is 2, but it must be between 0 and 1',
    );
  });
});
