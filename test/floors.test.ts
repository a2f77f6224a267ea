/** The gates are shown to fail: each rule of `biome.json` and each floor of `lint/floors.ts` meets
 * a sample that breaks it, in a copy of the configuration, and one that keeps it. All samples are
 * linted at once: a process takes a third of a second, whatever it looks at. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
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

/** Samples by path, and what was found in them. */
const samples = new Map<string, string>();
const findings = new Map<string, Diagnostic[]>();

/** Has a sample linted. @returns its path. */
function sample(path: string, text: string): string {
  if (samples.has(path)) throw new Error(`two samples are ${path}`);
  samples.set(path, text);
  return path;
}

beforeAll(() => {
  const house = mkdtempSync(join(tmpdir(), 'backlot-floors-'));
  try {
    for (const name of ['biome.json', '.gitignore', 'lint']) {
      cpSync(join(ROOT, name), join(house, name), { recursive: true });
    }
    for (const [path, text] of samples) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), text);
      findings.set(path, []);
    }
    const args = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
    const run = spawnSync(BIOME, args, { cwd: house, encoding: 'utf8', maxBuffer: 1 << 27 });
    const report = JSON.parse(run.stdout) as { readonly diagnostics: readonly Diagnostic[] };
    for (const found of report.diagnostics) findings.get(found.location.path)?.push(found);
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
});

function foundIn(path: string): readonly Diagnostic[] {
  const found = findings.get(path);
  if (found === undefined) throw new Error(`${path} was not linted`);
  return found;
}

function rulesOf(path: string): string[] {
  const rules = foundIn(path).map((one) => one.category.replace(/^lint\/\w+\//, ''));
  return [...new Set(rules)].sort();
}

function linesOf(path: string, rule: string): number[] {
  const hits = foundIn(path).filter((one) => one.category.endsWith(rule));
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

  const flatSources = ALL_FOLDERS.map((other) => `../${other}/x.ts`);
  const deepSources = ALL_FOLDERS.map((other) => `../../${other}/x.ts`);
  const houses = FLOORS.map((floor) => {
    const at = `src/${floor.folder}`;
    const flat = importing(['./own.ts', './sub/own.ts', ...flatSources]);
    const deep = importing(['../own.ts', '../other/own.ts', ...deepSources]);
    return {
      ...{ folder: floor.folder, floor },
      flat: sample(`${at}/flat.ts`, flat),
      deep: sample(`${at}/sub/deep.ts`, deep),
      packages: sample(`${at}/packages.ts`, importing(ALL_PACKAGES)),
    };
  });

  it.each(houses)('keeps src/$folder to its own floor and those below', (one) => {
    const { folder, floor, flat, deep } = one;
    const refused = ALL_FOLDERS.flatMap((other, n) => (mayImport(floor, other) ? [] : [n + 3]));
    const refusedFlat = linesOf(flat, 'noRestrictedImports');
    const refusedDeep = linesOf(deep, 'noRestrictedImports');
    const ownLine = ALL_FOLDERS.indexOf(folder) + 3;
    expect(refusedFlat.filter((line) => line !== ownLine)).toEqual(refused);
    expect(refusedDeep.filter((line) => line !== ownLine)).toEqual(refused);
  });

  it.each(houses)('keeps src/$folder to its packages', ({ floor, packages }) => {
    const refused = ALL_PACKAGES.flatMap((name, n) => (allowsPackage(floor, name) ? [] : n + 1));
    expect(linesOf(packages, 'noRestrictedImports')).toEqual(refused);
    expect(refused.length).toBeGreaterThan(3);
  });

  const faker = importing(['@faker-js/faker']);
  const named = sample('src/domain/built-in-catalogue.ts', faker);
  const other = sample('src/domain/other.ts', faker);

  it('lets exactly one file name things with faker', () => {
    expect(rulesOf(named)).toEqual([]);
    expect(rulesOf(other)).toEqual(['noRestrictedImports']);
  });

  const first = "import type { B } from './b.ts';\n\nexport type A = B | 1;\n";
  const second = "import type { A } from './a.ts';\n\nexport type B = A | 2;\n";
  const cycle = [sample('src/kernel/a.ts', first), sample('src/kernel/b.ts', second)];

  it('refuses cycles, type imports included', () => {
    expect(cycle.map(rulesOf)).toEqual([['noImportCycles'], ['noImportCycles']]);
  });
});

function allowsPackage(floor: Floor, name: string): boolean {
  return floor.packages.some((one) =>
    one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name,
  );
}

describe('virtual time', () => {
  const globals = Object.keys(BANNED_GLOBALS);
  const text = globals.map((name, n) => `export const v${n} = ${name};\n`).join('');
  const locale = "export const order = 'a'.localeCompare('b');\n";
  const houses = FLOORS.map(({ folder, virtual }) => ({
    ...{ folder, virtual },
    clock: sample(`src/${folder}/clock.ts`, text),
    order: sample(`src/${folder}/deep/order.ts`, locale),
  }));

  it.each(houses)(
    'bans the machine’s clock and locale from src/$folder exactly where it lives in virtual time',
    ({ virtual, clock, order }) => {
      const lines = linesOf(clock, 'noRestrictedGlobals');
      expect(lines).toEqual(virtual ? globals.map((_, n) => n + 1) : []);
      expect(rulesOf(order)).toEqual(virtual ? ['plugin'] : []);
    },
  );

  const chance = 'export const chance = Math.random();\n';
  const names = ['src/kernel/chance.ts', 'src/cli/chance.ts', 'test/a.test.ts', 'scenarios/a.ts'];
  const paths = names.map((name) => sample(name, chance));

  it('bans Math.random in every folder', () => {
    expect(paths.map(rulesOf)).toEqual(paths.map(() => ['plugin']));
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
  const text = 'export const a = 1;\nexport const b = 2;\nexport interface A {\n  x: 1;\n}\n';
  const other = sample('src/cli/other.ts', text);
  const broken = BROKEN.map(([rule, breaking]) => {
    const name = rule.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return { rule, path: sample(`src/cli/${name}.ts`, breaking) };
  });

  it.each(broken)('$rule fires', ({ rule, path }) => {
    expect(rulesOf(path)).toContain(rule);
    expect(rulesOf(other)).toEqual([]);
  });

  const camel = sample('src/cli/CamelCase.ts', 'export const a = 1;\n');

  it('useFilenamingConvention fires', () => {
    expect(rulesOf(camel)).toEqual(['useFilenamingConvention']);
  });
});
