/** The guide is true: every file of it compiles, every command and option is known, what it runs
 * prints what the paper says, claims of validity have a test, sections that are explained exist. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inProcess } from '../cli/in-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { commandsOf, fencesOf, firstMissing } from './guide-paper.ts';
import { outputOf } from './guide-run.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PAPERS = readdirSync(join(ROOT, 'docs/guide')).filter((name) => name.endsWith('.md'));
/** Figures hold for one major version of Node, as golden digests do. */
const HAS_FIGURES = process.versions.node.startsWith('24.');

describe.each(PAPERS)('%s', (paper) => {
  const folder = temporaryFolder();
  const fences = fencesOf(paper);

  it('names commands and options that exist', async () => {
    const asked = fences.flatMap((fence) => (fence.kind === 'file' ? [] : commandsOf(fence)));
    for (const { words } of asked.filter(({ words: [first] }) => first === 'npx')) {
      const [, program, command = '', ...rest] = words;
      expect(program).toBe('backlot');
      const { code, stdout } = await inProcess([command, '--help']);
      expect([words.join(' '), code]).toEqual([words.join(' '), 0]);
      const options = rest.filter((word) => word.startsWith('--'));
      expect(options.filter((option) => !stdout.includes(option))).toEqual([]);
    }
  });

  const steps = fences.filter(({ kind }) => kind !== 'shown');
  it.each(steps.map((fence) => [fence.name || fence.text.trim(), fence] as const))(
    '%s',
    async (_, fence) => {
      if (fence.kind === 'file') {
        const path = folder.write(fence.name, fence.text);
        if (paper === 'COOKBOOK.md' && fence.text.includes('export const'))
          await import(pathToFileURL(path).href);
        return;
      }
      const printed = await outputOf(fence, folder);
      if (printed === undefined || !HAS_FIGURES) return;
      expect(firstMissing(fence.printed, printed), printed).toBeUndefined();
    },
  );
});

describe('files of the guide', () => {
  const folder = temporaryFolder();

  it('compile', () => {
    symlinkSync(join(ROOT, 'node_modules'), folder.path('node_modules'));
    folder.write('package.json', '{ "type": "module" }');
    let count = 0;
    for (const paper of PAPERS) {
      const of = folder.path(paper.replace('.md', ''));
      mkdirSync(of);
      for (const { kind, name, text } of fencesOf(paper)) {
        if (kind !== 'file') continue;
        writeFileSync(join(of, name), text);
        count += 1;
      }
    }
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      // As whoever installs the package: against its declarations.
      compilerOptions: {
        paths: {
          backlot: [join(ROOT, 'dist/index.d.ts')],
          'backlot/streams': [join(ROOT, 'dist/streams/index.d.ts')],
          'backlot/testing': [join(ROOT, 'dist/testing/index.d.ts')],
        },
        typeRoots: [join(ROOT, 'node_modules/@types')],
      },
      include: ['*/*.ts'],
    };
    folder.write('tsconfig.json', JSON.stringify(config));
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const done = spawnSync(tsc, ['-p', folder.path('.')], { encoding: 'utf8' });
    expect(done.stdout).toBe('');
    expect(done.status).toBe(0);
    expect(count).toBeGreaterThan(10);
  });
});

/** Cells of all rows of all tables of a paper, heads left out. */
function rowsOf(paper: string): readonly (readonly string[])[] {
  return readFileSync(join(ROOT, 'docs/guide', paper), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:---|What|With|Section)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('assumptions', () => {
  const rows = rowsOf('ASSUMPTIONS.md');
  const spec = readFileSync(join(ROOT, 'docs/SPEC.md'), 'utf8');

  it.each(rows.map((row) => [row[0] ?? '', row] as const))('%s: is held by a test', (_, row) => {
    const [rules = '', link = ''] = row.slice(-2);
    const names = rules.split(', ');
    expect(names.filter((name) => !spec.includes(`- **${name}** `))).toEqual([]);
    const path = /\]\(\.\.\/\.\.\/(test\/[^)]+\.test\.ts)\)$/.exec(link)?.[1] ?? '';
    const text = readFileSync(join(ROOT, path), 'utf8');
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  it('are many', () => {
    expect(rows.length).toBeGreaterThan(20);
  });
});

describe('sections of a report', () => {
  it('that are explained are there', () => {
    const sources = readdirSync(join(ROOT, 'src/report'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, 'src/report', name), 'utf8'))
      .join('');
    const named = rowsOf('READING-A-REPORT.md').map(([name = '']) => name.replaceAll('*', ''));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
  });
});

describe('the index', () => {
  it('has every paper once, and the README leads to it', () => {
    const index = readFileSync(join(ROOT, 'docs/README.md'), 'utf8');
    const papers = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
    const wanted = papers.filter((name) => /^(?:guide\/)?[A-Z-]+\.md$/.test(name));
    const missing = wanted.filter(
      (name) => name !== 'README.md' && index.split(`](${name})`).length !== 2,
    );
    expect(missing).toEqual([]);
    expect(existsSync(join(ROOT, 'docs/decisions'))).toBe(true);
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('](docs/README.md)');
  });
});
