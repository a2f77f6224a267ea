/** The tests in a real browser: `npm run test:browser`. One after the other, for each starts
 * servers and a Chromium of its own. */
import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/browser/**/*.browser.ts'], maxWorkers: 1 },
});
