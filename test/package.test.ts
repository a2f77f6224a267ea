/** What a user installs: the packed tarball holds what it needs and nothing else, its manifest is
 * sound, its entry imports, and its command starts (on an old Node too, where one is at hand). */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_LONG } from './long/part-of.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const OLD_NODE_PLACES = ['/usr/bin/node', '/usr/local/bin/node'];

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

interface LockEntry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
let workspace = '';
let packed = '';

/** Packs a copy, so that the working tree is left alone: with the build that was made before the
 * first test, or, in the long run, with one of its own, as `npm pack` makes it. */
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'backlot-package-'));
  const copy = join(workspace, 'copy');
  const names = [
    'bin',
    'build',
    'docs',
    'pipelines',
    'scenarios',
    'src',
    'package.json',
    'README.md',
  ];
  for (const name of [
    ...names,
    'LICENSE',
    'CHANGELOG.md',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.browser.json',
  ]) {
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  if (!IS_LONG) cpSync(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true });
  const scripts = IS_LONG ? [] : ['--ignore-scripts'];
  const packing = run('npm', ['pack', '--silent', '--offline', ...scripts], copy);
  expect(packing.stderr + packing.stdout).toContain(`${manifest.name}-${manifest.version}.tgz`);
  const modules = join(workspace, 'user', 'node_modules');
  mkdirSync(modules, { recursive: true });
  const tarball = join(copy, `${manifest.name}-${manifest.version}.tgz`);
  expect(run('tar', ['-xzf', tarball, '-C', modules], workspace).status).toBe(0);
  cpSync(join(modules, 'package'), join(modules, 'backlot'), { recursive: true });
  rmSync(join(modules, 'package'), { recursive: true });
  packed = join(modules, 'backlot');
  for (const name of Object.keys(manifest.dependencies)) linkDependency(name);
}, 180_000);

afterAll(() => rmSync(workspace, { recursive: true, force: true }));

function linkDependency(name: string): void {
  const target = join(workspace, 'user', 'node_modules', name);
  if (existsSync(target)) return;
  mkdirSync(join(target, '..'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), target);
}

function run(command: string, args: readonly string[], cwd: string) {
  const env = { ...process.env, npm_config_loglevel: 'error' };
  return spawnSync(command, args, { cwd, encoding: 'utf8', env, input: '' });
}

describe('the packed tarball', () => {
  it('is built before it is packed, by what builds here', () => {
    if (!IS_LONG) console.info('the build of this tree is packed: BACKLOT_LONG=1 builds a copy');
    expect(manifest.scripts['prepare']).toBe('npm run build');
  });

  it('holds the command, the build, the scenarios and the papers', () => {
    const wanted = [
      'bin/backlot.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/streams/index.js',
      'dist/streams/index.d.ts',
      'dist/testing/index.js',
      'dist/testing/index.d.ts',
      'dist/cli/main.js',
      'dist/browser/report.js',
      'dist/browser/dashboard.js',
      'dist/browser/sdk.js',
      'dist/browser/sdk-capture.js',
      'dist/browser/sdk.mjs',
      'dist/browser/sdk/module.d.ts',
      'dist/browser/demo.js',
      'scenarios/evening-peak.ts',
      'pipelines/top-titles.ts',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ];
    expect(wanted.filter((path) => !existsSync(join(packed, path)))).toEqual([]);
  });

  it('holds no sources, tests or tooling', () => {
    const unwanted = [
      'src',
      'build',
      'test',
      'bench',
      'lint',
      '.ci',
      'biome.json',
      'tsconfig.json',
    ];
    expect(unwanted.filter((path) => existsSync(join(packed, path)))).toEqual([]);
  });

  it('passes publint', async () => {
    const report = await publint({ pkgDir: packed, level: 'warning', pack: false });
    expect(report.messages.map((one) => formatMessage(one, report.pkg))).toEqual([]);
  });

  it('imports by its name', () => {
    const user = join(workspace, 'user');
    const text = "import * as b from 'backlot'; console.log(Object.keys(b).sort().join());";
    writeFileSync(join(user, 'try.mjs'), text);
    const done = run(process.execPath, ['try.mjs'], user);
    expect(done.stderr).toBe('');
    expect(done.stdout).toContain('defineScenario');
  });

  it('imports its streams by a path of their own: the examples of docs/PIPELINES.md run', () => {
    const paper = readFileSync(join(ROOT, 'docs', 'PIPELINES.md'), 'utf8');
    const examples = [...paper.matchAll(/```ts\n([\s\S]*?)```\n\n```json\n([\s\S]*?)```/g)];
    expect(examples).toHaveLength(3);
    const user = join(workspace, 'user');
    for (const [, text = '', expected] of examples) {
      writeFileSync(join(user, 'try-streams.mts'), text);
      const done = run(process.execPath, ['try-streams.mts'], user);
      expect(done.stderr).toBe('');
      expect(done.stdout).toBe(expected);
    }
  });

  it('starts its command', () => {
    const done = run(process.execPath, [join(packed, 'bin/backlot.js'), '--version'], workspace);
    expect(done.stderr).toBe('');
    expect(done.stdout.trim()).toBe(manifest.version);
    expect(done.status).toBe(0);
  });
});

describe('the lockfile', () => {
  it('names every optional platform package, or else `npm ci` refuses it', () => {
    const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
    const { packages } = JSON.parse(text) as { readonly packages: Record<string, LockEntry> };
    const wanted = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ path, name })),
    );
    const missing = wanted.filter(({ path, name }) => {
      return !(`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages);
    });
    expect(missing).toEqual([]);
    expect(wanted.length).toBeGreaterThan(20);
  });
});

describe('the launcher', () => {
  const oldNode = OLD_NODE_PLACES.find((path) => existsSync(path) && majorOf(path) < 22);

  it.skipIf(oldNode === undefined)('hands over to the newer Node of the package', () => {
    const there = join(workspace, 'user', 'node_modules', 'node');
    if (!existsSync(there)) symlinkSync(join(ROOT, 'node_modules', 'node'), there);
    const done = run(oldNode ?? '', [join(packed, 'bin/backlot.js'), '--version'], workspace);
    expect(done.stderr).toBe('');
    expect(done.stdout.trim()).toBe(manifest.version);
    expect(done.status).toBe(0);
  });

  it.skipIf(oldNode === undefined)('says in one line that Node is too old', () => {
    const alone = join(workspace, 'alone', 'bin');
    cpSync(join(packed, 'bin'), alone, { recursive: true });
    const done = run(oldNode ?? '', [join(alone, 'backlot.js')], join(workspace, 'alone'));
    expect(done.stderr).toMatch(/^PLATFORM_UNSUPPORTED: Node 20[^\n]*npm install[^\n]*\n$/);
    expect(done.status).toBe(2);
  });

  it('says in one line that nothing is built', () => {
    const alone = join(workspace, 'unbuilt', 'bin');
    cpSync(join(packed, 'bin'), alone, { recursive: true });
    const done = run(process.execPath, [join(alone, 'backlot.js')], workspace);
    expect(done.stderr).toMatch(
      /^PLATFORM_UNSUPPORTED: nothing is built[^\n]*npm run build[^\n]*\n$/,
    );
    expect(done.status).toBe(2);
  });
});

function majorOf(path: string): number {
  return Number(run(path, ['-p', 'process.versions.node.split(".")[0]'], '/').stdout);
}
