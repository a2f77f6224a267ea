/** What kind of operation a request would run, told from its text alone. */
import { describe, expect, it } from 'vitest';
import { operationKind } from '../../../src/gateway/federation/operation-kind.ts';

const TWO = 'query Q { a } mutation M { a }';

describe('operationKind', () => {
  it.each([
    ['{ a }', undefined, 'query'],
    ['mutation { a }', null, 'mutation'],
    ['subscription { a }', undefined, 'subscription'],
    ['fragment f on Query { a } query { ...f }', undefined, 'query'],
    [TWO, 'M', 'mutation'],
    [TWO, 'Q', 'query'],
  ] as const)('tells %j with the name %j apart: %s', (text, name, kind) => {
    expect(operationKind(text, name)).toBe(kind);
  });

  it.each([
    [TWO, undefined],
    [TWO, 'N'],
    ['fragment f on Query { a }', undefined],
    ['{ a', undefined],
    ['{ a '.repeat(100_000), undefined],
    ['', undefined],
  ])('says nothing where there is nothing to say', (text, name) => {
    expect(operationKind(text, name)).toBeUndefined();
  });
});
