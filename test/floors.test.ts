/** The gates are shown to fail: each rule of `biome.json` and each floor of `lint/floors.ts` meets
 * a sample that breaks it, in a copy of the configuration, and one that keeps it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BANNED_GLOBALS, FLOORS, type Floor } from '../lint/floors.ts';
import { floorConfig } from '../lint/write-floors.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const BIOME = join(ROOT, 'node_modules', '.bin', 'biome');
const ALL_FOLDERS = FLOORS.map((floor) => floor.folder);
const ALL_PACKAGES = [
  ...new Set(
    FLOORS.flatMap((floor) => [
      ...floor.packages.filter((name) => !name.includes('*')),
      ...Object.values(floor.packagesByFile ?? {}).flat(),
    ]),
  ),
  'lodash',
  'node:fs',
];

interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

let house = '';

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'backlot-floors-'));
  for (const name of ['biome.json', '.gitignore', 'lint']) {
    cpSync(join(ROOT, name), join(house, name), { recursive: true });
  }
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

/** Lints samples (path → text) and gives the findings by path. */
function lint(samples: Readonly<Record<string, string>>): Map<string, Diagnostic[]> {
  for (const folder of ['src', 'test', 'scenarios', 'bench']) {
    rmSync(join(house, folder), { recursive: true, force: true });
  }
  for (const [path, text] of Object.entries(samples)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const run = spawnSync(BIOME, args, { cwd: house, encoding: 'utf8', maxBuffer: 1 << 27 });
  const report = JSON.parse(run.stdout) as { readonly diagnostics: readonly Diagnostic[] };
  const byPath = new Map(Object.keys(samples).map((path) => [path, [] as Diagnostic[]]));
  for (const found of report.diagnostics) byPath.get(found.location.path)?.push(found);
  return byPath;
}

function rulesOf(found: readonly Diagnostic[] | undefined): string[] {
  return [...new Set((found ?? []).map((one) => one.category.replace(/^lint\/\w+\//, '')))].sort();
}

function linesOf(found: readonly Diagnostic[] | undefined, rule: string): number[] {
  const hits = (found ?? []).filter((one) => one.category.endsWith(rule));
  return hits.map((one) => one.location.start.line).sort((a, b) => a - b);
}

/** One import a line, named so that nothing else is wrong with it. */
function importing(sources: readonly string[]): string {
  return sources.map((source, n) => `export type { T${n} } from '${source}';\n`).join('');
}

function mayImport(floor: Floor, folder: string): boolean {
  return folder === floor.folder || floor.mayImport.includes(folder);
}

describe('floors', () => {
  it('writes the overrides that the table says (`npm run floors` refreshes them)', () => {
    const written = JSON.parse(readFileSync(join(ROOT, 'lint/floors.json'), 'utf8')) as object;
    expect(written).toEqual(floorConfig());
    expect(FLOORS.length).toBeGreaterThanOrEqual(11);
  });

  it.each(FLOORS.map((floor) => [floor.folder, floor] as const))(
    'keeps src/%s to its own floor and those below',
    (folder, floor) => {
      const flatSources = ALL_FOLDERS.map((other) => `../${other}/x.ts`);
      const deepSources = ALL_FOLDERS.map((other) => `../../${other}/x.ts`);
      const found = lint({
        [`src/${folder}/flat.ts`]: importing(['./own.ts', './sub/own.ts', ...flatSources]),
        [`src/${folder}/sub/deep.ts`]: importing(['../own.ts', '../other/own.ts', ...deepSources]),
      });
      const refused = ALL_FOLDERS.flatMap((other, n) => (mayImport(floor, other) ? [] : [n + 3]));
      const refusedFlat = linesOf(found.get(`src/${folder}/flat.ts`), 'noRestrictedImports');
      const refusedDeep = linesOf(found.get(`src/${folder}/sub/deep.ts`), 'noRestrictedImports');
      const ownLine = ALL_FOLDERS.indexOf(folder) + 3;
      expect(refusedFlat.filter((line) => line !== ownLine)).toEqual(refused);
      expect(refusedDeep.filter((line) => line !== ownLine)).toEqual(refused);
    },
  );

  it.each(FLOORS.map((floor) => [floor.folder, floor] as const))(
    'keeps src/%s to its packages',
    (folder, floor) => {
      const found = lint({ [`src/${folder}/flat.ts`]: importing(ALL_PACKAGES) });
      const refused = ALL_PACKAGES.flatMap((name, n) => (allowsPackage(floor, name) ? [] : n + 1));
      expect(linesOf(found.get(`src/${folder}/flat.ts`), 'noRestrictedImports')).toEqual(refused);
      expect(refused.length).toBeGreaterThan(3);
    },
  );

  it('lets exactly one file name things with faker', () => {
    const text = importing(['@faker-js/faker']);
    const found = lint({ 'src/domain/built-in-catalogue.ts': text, 'src/domain/other.ts': text });
    expect(rulesOf(found.get('src/domain/built-in-catalogue.ts'))).toEqual([]);
    expect(rulesOf(found.get('src/domain/other.ts'))).toEqual(['noRestrictedImports']);
  });

  it('refuses cycles, type imports included', () => {
    const found = lint({
      'src/kernel/a.ts': "import type { B } from './b.ts';\n\nexport type A = B | 1;\n",
      'src/kernel/b.ts': "import type { A } from './a.ts';\n\nexport type B = A | 2;\n",
    });
    expect(rulesOf(found.get('src/kernel/a.ts'))).toEqual(['noImportCycles']);
    expect(rulesOf(found.get('src/kernel/b.ts'))).toEqual(['noImportCycles']);
  });
});

function allowsPackage(floor: Floor, name: string): boolean {
  return floor.packages.some((one) =>
    one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name,
  );
}

describe('virtual time', () => {
  it.each(FLOORS.map((floor) => [floor.folder, floor] as const))(
    'bans the machine’s clock and locale from src/%s exactly where it lives in virtual time',
    (folder, floor) => {
      const globals = Object.keys(BANNED_GLOBALS);
      const text = globals.map((name, n) => `export const v${n} = ${name};\n`).join('');
      const locale = "export const order = 'a'.localeCompare('b');\n";
      const found = lint({ [`src/${folder}/x.ts`]: text, [`src/${folder}/deep/y.ts`]: locale });
      const lines = linesOf(found.get(`src/${folder}/x.ts`), 'noRestrictedGlobals');
      expect(lines).toEqual(floor.virtual ? globals.map((_, n) => n + 1) : []);
      const rules = rulesOf(found.get(`src/${folder}/deep/y.ts`));
      expect(rules).toEqual(floor.virtual ? ['plugin'] : []);
    },
  );

  it('bans Math.random in every folder', () => {
    const text = 'export const chance = Math.random();\n';
    const paths = ['src/kernel/a.ts', 'src/cli/a.ts', 'test/a.test.ts', 'scenarios/a.ts'];
    const found = lint(Object.fromEntries(paths.map((path) => [path, text])));
    expect(paths.map((path) => rulesOf(found.get(path)))).toEqual(paths.map(() => ['plugin']));
  });
});

const longBody = Array.from({ length: 75 }, (_, n) => `  total += ${n};\n`).join('');
const nested =
  'export function f(xs: number[][][]): number {\n  let n = 0;\n' +
  '  for (const a of xs) {\n    for (const b of a) {\n      for (const c of b) {\n' +
  '        if (c > 0) n += c;\n      }\n    }\n  }\n  return n;\n}\n';
const tangled =
  'export function f(a: number): number {\n' +
  Array.from({ length: 21 }, (_, n) => `  if (a > ${n} && a < ${n + 9}) a += 1;\n`).join('') +
  '  return a;\n}\n';

const BROKEN: readonly (readonly [rule: string, text: string])[] = [
  ['noExplicitAny', 'export function f(x: any): unknown {\n  return x;\n}\n'],
  ['noNonNullAssertion', 'export const f = (x: string | null): string => x!;\n'],
  ['noDefaultExport', 'const x = 1;\nexport default x;\n'],
  ['noReExportAll', "export * from './other.ts';\n"],
  ['noBarrelFile', "export { a } from './other.ts';\nexport { b } from './other.ts';\n"],
  ['useMaxParams', 'export const f = (a: 1, b: 2, c: 3, d: 4): number => a + b + c + d;\n'],
  [
    'noExcessiveLinesPerFunction',
    `export function f(): number {\n  let total = 0;\n${longBody}  return total;\n}\n`,
  ],
  ['noExcessiveNestedBlocks', nested],
  ['noExcessiveCognitiveComplexity', tangled],
  [
    'noFloatingPromises',
    'async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}\n',
  ],
  ['noUnusedVariables', 'export function f(): void {\n  const x = 1;\n}\n'],
  ['noTsIgnore', '// @ts-ignore\nexport const x: string = 1;\n'],
  ['noConsole', 'console.log(1);\n'],
  ['useThrowOnlyError', "export function f(): never {\n  throw 'text';\n}\n"],
  ['useImportType', "import { A } from './other.ts';\nexport type B = A;\n"],
];

describe('style', () => {
  it.each(BROKEN)('%s fires', (rule, text) => {
    const other = 'export const a = 1;\nexport const b = 2;\nexport interface A {\n  x: 1;\n}\n';
    const found = lint({ 'src/cli/sample.ts': text, 'src/cli/other.ts': other });
    expect(rulesOf(found.get('src/cli/sample.ts'))).toContain(rule);
    expect(rulesOf(found.get('src/cli/other.ts'))).toEqual([]);
  });

  it('useFilenamingConvention fires', () => {
    const found = lint({ 'src/cli/CamelCase.ts': 'export const a = 1;\n' });
    expect(rulesOf(found.get('src/cli/CamelCase.ts'))).toEqual(['useFilenamingConvention']);
  });
});
