/** The tests that mutants of one area are held against, in one process, without the build that
 * tests of the command line need. */
import { defineConfig } from 'vitest/config';
import { AREAS, areaNamed } from './areas.ts';

const area = areaNamed(process.env['MUTANTS_OF']);

export default defineConfig({
  test: {
    include: area === undefined ? AREAS.flatMap(({ tests }) => tests) : [...area.tests],
    pool: 'forks',
    isolate: false,
    maxWorkers: 1,
    testTimeout: 60_000,
    setupFiles: ['lint/mutants/setup.ts'],
  },
});
