/** Pseudonyms under keys that are rotated. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPseudonymizer } from '../../../src/streams/privacy/pseudonyms.ts';

const OLD = { id: 'k2025', secret: 'a secret of long ago' };
const NEW = { id: 'k2026', secret: 'a secret of these days' };
const hmac = (secret: string, text: string) =>
  createHmac('sha256', secret).update(text).digest('hex');

describe('pseudonyms', () => {
  it('W88 are HMAC-SHA-256 under the current key, whose id they bear', () => {
    const { pseudonym, currentKeyId } = createPseudonymizer([NEW, OLD]);
    expect(currentKeyId).toBe('k2026');
    const named = `p_k2026_${hmac(NEW.secret, 'carol').slice(0, 32)}`;
    expect([pseudonym('carol'), pseudonym('carol')]).toEqual([named, named]);
    expect(pseudonym('dave')).not.toBe(named);
  });

  it('W88 naming twice is naming once; a look-alike of an unknown key is a name like any', () => {
    const { pseudonym } = createPseudonymizer([NEW]);
    const named = pseudonym('carol');
    expect(pseudonym(named)).toBe(named);
    const foreign = named.replace('k2026', 'k1999');
    expect(pseudonym(foreign)).toMatch(/^p_k2026_/);
    expect(pseudonym('p_k2026_short')).not.toBe('p_k2026_short');
  });

  it('W89 after a rotation people are found under old keys, and named under the new one', () => {
    const before = createPseudonymizer([OLD]);
    const after = createPseudonymizer([NEW, OLD]);
    const stored = before.pseudonym('carol');
    expect(after.pseudonym('carol')).not.toBe(stored);
    expect(after.candidates('carol')).toEqual([after.pseudonym('carol'), stored]);
    expect(after.candidates(stored)).toEqual([stored]);
    expect(after.pseudonym(stored)).toBe(stored);
  });

  it('remembers without growing, and says the same after forgetting', () => {
    const { pseudonym } = createPseudonymizer([NEW]);
    const first = pseudonym('carol');
    for (let i = 0; i < 101_000; i += 1) pseudonym(`p_k2026_${i.toString(16).padStart(32, '0')}`);
    expect(pseudonym('carol')).toBe(first);
  });

  it('hashes of values are no pseudonyms of them', () => {
    const { pseudonym, valueHash } = createPseudonymizer([NEW]);
    expect(valueHash('carol')).toMatch(/^[\da-f]{16}$/);
    expect(pseudonym('carol')).not.toContain(valueHash('carol'));
  });

  it.each([
    [[], 'key "": there is no key'],
    [[{ id: 'K 1', secret: 'x'.repeat(16) }], 'key "K 1": an id has'],
    [[{ id: 'k1', secret: 'much too short' }], 'fewer than 16 characters'],
    [[NEW, { ...OLD, id: NEW.id }], 'twice'],
  ])('refuses %j, and tells no secret', (keys, message) => {
    expect(() => createPseudonymizer(keys)).toThrow(message);
    try {
      createPseudonymizer(keys);
    } catch (error) {
      for (const { secret } of keys) expect(String(error)).not.toContain(secret);
    }
  });
});
