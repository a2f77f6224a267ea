/** Turns the table of floors into Biome overrides: `floorConfig()` is the content of
 * `lint/floors.json`. Run `npm run floors` after a change of `lint/floors.ts`. */
import { writeFileSync } from 'node:fs';
import { BANNED_GLOBALS, FLOORS, type Floor } from './floors.ts';

/** The Biome configuration that enforces {@link FLOORS}, ready to be written as JSON. */
export function floorConfig(): object {
  return { overrides: FLOORS.flatMap(overridesOf) };
}

function overridesOf(floor: Floor): object[] {
  const root = `**/src/${floor.folder}`;
  const virtualRules = floor.virtual
    ? [{ includes: [`${root}/**`], plugins: ['./lint/virtual-time.grit'], linter: globalRules() }]
    : [];
  const ownFiles = Object.entries(floor.packagesByFile ?? {}).map(([file, packages]) =>
    importOverride([`${root}/${file}.ts`], flatPatterns(floor, packages), floor),
  );
  return [
    importOverride([`${root}/*.ts`], flatPatterns(floor, []), floor),
    importOverride([`${root}/*/*.ts`], nestedPatterns(floor, 1), floor),
    importOverride([`${root}/*/*/**/*.ts`], nestedPatterns(floor, 2), floor),
    ...ownFiles,
    ...virtualRules,
  ];
}

function globalRules(): object {
  const options = { deniedGlobals: BANNED_GLOBALS };
  return { rules: { style: { noRestrictedGlobals: { level: 'error', options } } } };
}

function flatPatterns(floor: Floor, extraPackages: readonly string[]): string[] {
  const packages = [...floor.packages, ...extraPackages];
  return [
    '**',
    '!./**',
    ...floor.mayImport.map((name) => allow('../', name)),
    ...packages.map(not),
  ];
}

/** For files in folders of the floor (`src/streams/windows/x.ts` has depth 1): as many `../` as its
 * depth stay on the own floor. */
function nestedPatterns(floor: Floor, depth: number): string[] {
  const own = Array.from({ length: depth }, (_, i) => `!${'../'.repeat(i + 1)}**`);
  const outside = '../'.repeat(depth + 1);
  const above = floor.mayImport.map((name) => allow(outside, name));
  return ['**', '!./**', ...own, `${outside}**`, ...above, ...floor.packages.map(not)];
}

function allow(prefix: string, name: string): string {
  if (name.endsWith('/*')) return `!${prefix}${name}*`;
  return name.includes('/') ? `!${prefix}${name}.ts` : `!${prefix}${name}/**`;
}

function not(pattern: string): string {
  return `!${pattern}`;
}

function importOverride(includes: string[], group: string[], floor: Floor): object {
  const names = [...floor.mayImport, ...floor.packages].join(', ') || 'nothing else';
  const message = `Floors: src/${floor.folder} may import its own folder and ${names}.`;
  const options = { patterns: [{ group, message }] };
  const rules = { style: { noRestrictedImports: { level: 'error', options } } };
  return { includes, linter: { rules } };
}

if (import.meta.main) {
  const target = new URL('./floors.json', import.meta.url);
  writeFileSync(target, `${JSON.stringify(floorConfig(), null, 2)}\n`);
}
