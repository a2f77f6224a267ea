/** Scripts for browsers are there once the project is built, and import nothing. */
import { describe, expect, it } from 'vitest';
import { browserBundle } from '../../../src/experiment/io/browser-bundle.ts';

describe('bundles for browsers', () => {
  const names = ['report', 'dashboard', 'sdk', 'sdk-capture', 'demo'] as const;
  it.each(names)('has %s as one script', (name) => {
    const text = browserBundle(name);
    expect(text.length).toBeGreaterThan(50);
    expect(text).not.toMatch(/^import |\brequire\(/m);
    expect(browserBundle(name)).toBe(text);
  });
});
