/** How much the SDK is to a page. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { browserBundle } from '../../../src/experiment/io/browser-bundle.ts';

it.each([
  ['sdk', 12_000],
  ['sdk-capture', 8_000],
] as const)('B32: %s is at most %d bytes when compressed', (name, most) => {
  const bytes = gzipSync(browserBundle(name), { level: 9 }).length;
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThanOrEqual(most);
});
