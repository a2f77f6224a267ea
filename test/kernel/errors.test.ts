/** Errors: their form, and the nearest known name. */
import { describe, expect, it } from 'vitest';
import { EngineError, InvariantError, invariant, nearestName } from '../../src/kernel/errors.ts';

describe('errors', () => {
  it('carry code, details and cause, and name the code first', () => {
    const cause = new Error('because');
    const error = new EngineError(
      'INPUT_UNREADABLE',
      'x.csv: no such file',
      { path: 'x.csv' },
      { cause },
    );
    expect(error.message).toBe('INPUT_UNREADABLE: x.csv: no such file');
    expect([error.code, error.details, error.cause]).toEqual([
      'INPUT_UNREADABLE',
      { path: 'x.csv' },
      cause,
    ]);
  });

  it('invariants throw only when they do not hold', () => {
    expect(() => invariant(true, 'FINE', {})).not.toThrow();
    expect(() => invariant(false, 'BROKEN', { n: 1 })).toThrow(InvariantError);
    expect(() => invariant(false, 'BROKEN', { n: 1 })).toThrow(/INVARIANT BROKEN: \{"n":1\}/);
  });

  it('find the nearest name, and none where none is near', () => {
    const known = ['audience', 'catalogue', 'clickstream'];
    expect(nearestName('audiense', known)).toBe('audience');
    expect(nearestName('CatalogUe', known)).toBe('catalogue');
    expect(nearestName('xyz', known)).toBeUndefined();
    expect(nearestName('anything', [])).toBeUndefined();
  });
});
