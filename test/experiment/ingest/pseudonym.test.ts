/** Pseudonyms: a keyed hash, stable over time, processes and the remembering of earlier ones. */
import { createHmac } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createPseudonym,
  PSEUDONYM_KEY_VARIABLE,
} from '../../../src/experiment/ingest/pseudonym.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('createPseudonym', () => {
  it('is HMAC-SHA-256, as RFC 4231 has it', () => {
    // Test case 2 of the RFC: key "Jefe".
    expect(createPseudonym('Jefe')('what do ya want for nothing?')).toBe('h5bdcc146bf60754e');
  });

  test.prop([fc.string({ unit: 'binary' }), fc.string()], { numRuns: 200, seed: 20261120 })(
    'is the same for the same key and identity, and tells neither',
    (identity, key) => {
      const pseudonym = createPseudonym(key)(identity);
      expect(pseudonym).toMatch(/^h[0-9a-f]{16}$/);
      expect(createPseudonym(key)(identity)).toBe(pseudonym);
      expect(createPseudonym(`${key}+`)(identity)).not.toBe(pseudonym);
      expect(createPseudonym(key)(`${identity}+`)).not.toBe(pseudonym);
    },
  );

  it('takes its key from the environment, or one that everybody knows', () => {
    vi.stubEnv(PSEUDONYM_KEY_VARIABLE, undefined);
    expect(createPseudonym()('192.0.2.7')).toBe(createPseudonym('backlot')('192.0.2.7'));
    vi.stubEnv(PSEUDONYM_KEY_VARIABLE, 'of our own');
    expect(createPseudonym()('192.0.2.7')).toBe(createPseudonym('of our own')('192.0.2.7'));
    expect(createPseudonym()('192.0.2.7')).not.toBe(createPseudonym('backlot')('192.0.2.7'));
  });

  it('gives the same ones after it has forgotten them', () => {
    const key = 'k';
    const pseudonym = createPseudonym(key);
    const first = pseudonym('host 0');
    for (let i = 1; i <= 100_001; i += 1) pseudonym(`host ${i}`);
    expect(pseudonym('host 0')).toBe(first);
    expect(pseudonym('host 100000')).toBe(
      `h${createHmac('sha256', key).update('host 100000').digest('hex').slice(0, 16)}`,
    );
  });
});
