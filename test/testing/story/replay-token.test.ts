/** Tokens there and back; cut, changed and foreign ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlainValue } from '../../../src/domain/plain-value.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { type Replay, replayToken, tokenOf } from '../../../src/testing/story/replay-token.ts';

const replays: fc.Arbitrary<Replay> = fc.record({
  kind: fc.constantFrom('pipeline', 'machine', 'architecture', 'trial'),
  name: fc.string({ unit: 'binary' }),
  property: fc.string(),
  // Undefined members and −0 are no plain data.
  input: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as PlainValue),
});

const ONE: Replay = { kind: 'trial', name: 'small', property: 'time-never-goes-back', input: [7] };

function codeOf(token: string): string {
  try {
    replayToken(token);
    return 'read';
  } catch (error) {
    return error instanceof EngineError ? error.code : String(error);
  }
}

describe('T100: tokens', () => {
  it('carry any counterexample there and back', () => {
    fc.assert(
      fc.property(replays, (replay) => {
        const token = tokenOf(replay);
        expect(token).toMatch(/^bl1\.[\w-]+\.[0-9a-f]{16}$/);
        expect(replayToken(token)).toEqual(replay);
        expect(replayToken(` ${token}\n`)).toEqual(replay);
      }),
      { numRuns: 300, seed: 20_261_126 },
    );
  });

  it('are told when a letter of them was changed, or they were cut', () => {
    const token = tokenOf(ONE);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'aZ9-_.'), (at, letter) => {
        const changed = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`;
        fc.pre(changed !== token);
        expect(codeOf(changed)).toBe('TESTING_BAD_TOKEN');
        expect(codeOf(token.slice(0, at))).toBe('TESTING_BAD_TOKEN');
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it.each([
    ['nothing', ''],
    ['another kind of text', 'hello'],
    ['a later version', tokenOf(ONE).replace('bl1.', 'bl2.')],
    ['what is no counterexample', tokenOf({ ...ONE, kind: 'other' as never })],
    ['what names no property', tokenOf({ ...ONE, property: 7 as never })],
  ])('are told from %s', (_, text) => {
    expect(codeOf(text)).toBe('TESTING_BAD_TOKEN');
  });

  it('say what is wrong and what to do', () => {
    expect(() => replayToken('bl1.abc')).toThrow(
      'TESTING_BAD_TOKEN: replay token: it does not read bl1.<data>.<check sum>; copy it whole',
    );
  });

  it('do not inflate without bound', () => {
    const zeros = tokenOf({ ...ONE, input: 'a'.repeat(17 * 1_024 * 1_024) });
    expect(zeros.length).toBeLessThan(100_000);
    expect(codeOf(zeros)).toBe('TESTING_BAD_TOKEN');
  });
});
