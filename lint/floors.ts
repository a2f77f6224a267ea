/** The floors of the house as data: who may import what. `npm run floors` writes `floors.json` from
 * it, which Biome enforces in every `npm run check`; ARCHITECTURE.md shows the same table and
 * `test/floors.test.ts` holds all three together. */

/** One folder below `src/`. */
export interface Floor {
  readonly folder: string;
  /** Height in the house, the ground floor being 0. */
  readonly level: number;
  /** Folders (with `/*` behind one inside another, or single files without extension) below `src/`
   * that it may import. */
  readonly mayImport: readonly string[];
  /** Third-party packages and node modules that it may import. */
  readonly packages: readonly string[];
  /** Packages that only one file of the folder may import, by file. */
  readonly packagesByFile?: Readonly<Record<string, readonly string[]>>;
  /** Whether the folder lives in virtual time: no clock, timer, promise or chance of its own. */
  readonly virtual: boolean;
}

const GROUND = ['kernel', 'stats'];
const FIRST = [...GROUND, 'domain', 'queueing'];
const MIDDLE = [...FIRST, 'sdk', 'actors', 'gateway', 'streams', 'storage', 'lake', 'analytics'];

/** All floors, lowest first. A floor may import its own folder, what it lists, and nothing else. */
export const FLOORS: readonly Floor[] = [
  { folder: 'kernel', level: 0, mayImport: [], packages: [], virtual: true },
  { folder: 'stats', level: 0, mayImport: ['kernel/errors'], packages: [], virtual: true },
  {
    folder: 'domain',
    level: 1,
    mayImport: ['kernel'],
    packages: [],
    packagesByFile: { 'built-in-catalogue': ['@faker-js/faker'] },
    virtual: true,
  },
  { folder: 'queueing', level: 1, mayImport: GROUND, packages: [], virtual: true },
  { folder: 'sdk', level: 2, mayImport: FIRST, packages: [], virtual: true },
  {
    folder: 'actors',
    level: 3,
    mayImport: [...FIRST, 'sdk'],
    packages: ['xstate'],
    virtual: true,
  },
  {
    folder: 'gateway',
    level: 4,
    mayImport: [...FIRST, 'actors'],
    packages: [
      'graphql',
      '@theguild/federation-composition',
      '@graphql-hive/router-query-planner',
      'node:module',
    ],
    virtual: true,
  },
  {
    folder: 'streams',
    level: 4,
    mayImport: FIRST,
    packages: ['rxjs', 'zod', 'bowser', 'isbot', 'mmdb-lib', 'tldts', 'node:crypto'],
    virtual: true,
  },
  {
    folder: 'storage',
    level: 4,
    mayImport: FIRST,
    packages: ['better-sqlite3', 'node:fs', 'node:path', 'node:zlib'],
    virtual: true,
  },
  {
    folder: 'lake',
    level: 4,
    mayImport: FIRST,
    packages: ['@duckdb/node-api', 'node:*'],
    virtual: false,
  },
  {
    folder: 'analytics',
    level: 5,
    mayImport: [...FIRST, 'storage'],
    packages: ['ml-matrix'],
    virtual: true,
  },
  {
    folder: 'experiment',
    level: 6,
    mayImport: MIDDLE,
    packages: ['zod', 'csv-parse', 'csv-parse/*', 'tinypool', 'node:*'],
    virtual: false,
  },
  {
    folder: 'report',
    level: 7,
    mayImport: [...FIRST, 'analytics', 'experiment'],
    packages: ['echarts', 'echarts/dist/echarts.esm.min.mjs', 'node:crypto'],
    virtual: false,
  },
  {
    folder: 'export',
    level: 7,
    mayImport: [...FIRST, 'experiment', 'report/numbers', 'report/objective-values'],
    packages: ['zod', 'node:*'],
    virtual: false,
  },
  {
    folder: 'live',
    level: 8,
    mayImport: [...MIDDLE, 'experiment', 'report'],
    packages: ['fastify', 'zod', 'node:*'],
    virtual: false,
  },
  {
    folder: 'testing',
    level: 7,
    mayImport: [...MIDDLE, 'experiment'],
    packages: ['better-sqlite3', 'fast-check', 'rxjs', 'tinypool', 'xstate', 'node:*'],
    virtual: false,
  },
  {
    folder: 'browser',
    level: 8,
    mayImport: [...FIRST, 'sdk', 'report/charts/*', 'report/html/*', 'report/numbers'],
    packages: [
      'echarts',
      'echarts/charts',
      'echarts/components',
      'echarts/core',
      'echarts/renderers',
    ],
    virtual: false,
  },
  {
    folder: 'cli',
    level: 9,
    mayImport: [...MIDDLE, 'experiment', 'report', 'export', 'live', 'testing'],
    packages: ['commander', 'cli-progress', 'node:*'],
    virtual: false,
  },
];

/** What a virtual folder must not name, and why. */
export const BANNED_GLOBALS: Readonly<Record<string, string>> = {
  Date: 'One clock: take the time from the simulation or from the record.',
  performance: 'One clock: wall time belongs to src/cli and bench.',
  setTimeout: 'One clock: schedule on the simulation.',
  setInterval: 'One clock: schedule on the simulation.',
  setImmediate: 'One clock: schedule on the simulation.',
  queueMicrotask: 'Total order: schedule on the simulation.',
  Promise: 'Total order: everything below src/experiment is synchronous.',
  crypto: 'Named chance: draw from a Chance.',
  Intl: 'The machine’s locale must not reach a result.',
  process: 'The machine must not reach a result.',
  fetch: 'No I/O below src/experiment.',
};
