/** Prose must not outlive the code: links resolve, paths and commands exist, rules that are quoted
 * are written down, generated blocks are fresh, and the README's example compiles and runs. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  exportMetricsTable,
  faultsTables,
  floorsTable,
  metricsTable,
  resultsTable,
  warehouseTable,
  withBlock,
} from '../docs/generate.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const PAPERS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].sort();
const BARE_WORDS = ['Event', 'Time', 'Session', 'Queue', 'Latency', 'Window', 'Stream', 'Load'];

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function codeFiles(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** First groups of all matches. */
function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

describe('papers', () => {
  it.each(PAPERS)('%s: every relative link resolves', (paper) => {
    const links = all(read(paper), /\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g);
    const broken = links.filter((link) => !existsSync(join(ROOT, dirname(paper), link)));
    expect(broken).toEqual([]);
  });

  it.each(PAPERS)('%s: every path it names exists', (paper) => {
    const named = all(read(paper), /`((?:src|test|lint|docs|bin|scenarios|bench|\.ci)\/[^`*<]*)`/g);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names npm commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const text = PAPERS.map(read).join('\n');
    const named = [
      ...all(text, /npm run (?:--silent )?([\w:-]+)/g),
      ...all(text, /npm (start|test)/g),
    ];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names backlot commands that exist', () => {
    const text = PAPERS.map(read).join('\n');
    const named = [...new Set(all(text, /(?:npx |`)backlot ([a-z]+)/g))].sort();
    const start = "import('./src/cli/main.ts').then((cli) => cli.main(['', '', '--help']))";
    const help = spawnSync(process.execPath, ['-e', start], { cwd: ROOT, encoding: 'utf8' });
    expect(named).toEqual(expect.arrayContaining(['compare', 'ingest', 'run']));
    const unknown = named.filter((name) => !new RegExp(`^\\s+${name}\\b`, 'm').test(help.stdout));
    expect(unknown, help.stderr).toEqual([]);
  });

  it('lists every scenario in the README', () => {
    const listed = all(read('README.md'), /^\| `(scenarios\/[^`]+)`/gm).sort();
    expect(listed).toEqual(codeFiles('scenarios').sort());
    expect(listed.length).toBeGreaterThanOrEqual(4);
  });
});

describe('generated blocks', () => {
  it('the metrics of exports and the tables of the warehouse are fresh', () => {
    const exported = read('docs/EXPORTS.md');
    expect(withBlock(exported, 'export-metrics', exportMetricsTable())).toBe(exported);
    const warehouse = read('docs/WAREHOUSE.md');
    expect(withBlock(warehouse, 'warehouse', warehouseTable())).toBe(warehouse);
    expect(warehouse).toContain('| `fact_event` |');
  });

  it('show the floors as they are (`npm run docs -- --floors`)', () => {
    const paper = read('ARCHITECTURE.md');
    expect(withBlock(paper, 'floors', floorsTable())).toBe(paper);
  });

  it('S87 show the metrics as their catalogue has them (`npm run docs -- --floors`)', () => {
    const paper = read('docs/METRICS.md');
    expect(withBlock(paper, 'metrics', metricsTable())).toBe(paper);
    expect(metricsTable()).toContain('| `title_views` |');
  });

  it('show the faults as their catalogue has them (`npm run docs -- --floors`)', () => {
    const paper = read('docs/FAULTS.md');
    expect(withBlock(paper, 'faults', faultsTables())).toBe(paper);
    expect(all(paper, /^\| `([a-z-]+\.[a-z-]+)` \|/gm).length).toBeGreaterThanOrEqual(50);
  });

  it('show results of all four architectures (`npm run docs`)', () => {
    const block = read('README.md').split(/<!-- \/?generated:results -->/)[1] ?? '';
    const rows = all(block, /^\| (monolith|direct|aggregation|federated) \|/gm);
    expect(rows).toEqual(['monolith', 'direct', 'aggregation', 'federated']);
    expect(block).toMatch(/[\d,]+ viewers over [\d.]+ virtual hours/);
    expect(block).toMatch(/in [\d.]+ s of wall time/);
  });

  it('refuse a text without the block', () => {
    expect(() => withBlock('no markers', 'results', '')).toThrow('no block "results"');
    expect(typeof resultsTable).toBe('function');
  });
});

describe('the journey of one click', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| (\d) \| `([^`]+\.ts)` \| `([^`]+)` \|/gm)];

  it('has nine stops, in order', () => {
    expect(rows.map((row) => row[1])).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it.each(rows.map((row) => [row[2] ?? '', row[3] ?? '']))('%s has `%s`', (path, symbol) => {
    expect(read(path)).toContain(symbol);
  });
});

describe('rules', () => {
  const rules = all(read('docs/SPEC.md'), /^- \*\*([A-Z]\d+)\*\*/gm);

  it('have one number each', () => {
    expect(rules.length).toBeGreaterThan(50);
    expect(new Set(rules).size).toBe(rules.length);
  });

  it('that the code says it keeps are written down', () => {
    const quoted = codeFiles('src').flatMap((path) =>
      all(read(path), /Spec: ((?:[A-Z]\d+(?:,\n \* |[–, ]+| and )?)+)/g).flatMap(expandRules),
    );
    expect(quoted.length).toBeGreaterThan(10);
    expect(quoted.filter((rule) => !rules.includes(rule))).toEqual([]);
  });

  it('that tests quote are written down', () => {
    const quoted = codeFiles('test').flatMap((path) =>
      all(read(path), /\b(?:it|test|describe)(?:\.\w+)*\(\s*['"`]([KCDQAGWSERNTLXBM]\d+)\b/g),
    );
    expect(quoted.filter((rule) => !rules.includes(rule))).toEqual([]);
  });
});

describe('words', () => {
  it('name no public type by a bare word', () => {
    const declares = new RegExp(
      `^export (?:interface|type|class) (${BARE_WORDS.join('|')})\\b`,
      'gm',
    );
    expect(codeFiles('src').flatMap((path) => all(read(path), declares))).toEqual([]);
  });

  it('stand once in the glossary', () => {
    const terms = all(read('docs/GLOSSARY.md'), /^\| ([^|]+) \|/gm)
      .map((term) => term.trim())
      .filter((term) => !['', 'word', 'bare word'].includes(term) && !/^-+$/.test(term));
    expect(terms.length).toBeGreaterThan(20);
    expect(new Set(terms).size).toBe(terms.length);
  });
});

describe('examples of the README', () => {
  const examples = all(read('README.md'), /^```ts\n([\s\S]*?)^```/gm);
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'backlot-docs-'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    // What a reader would have installed beside backlot.
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    examples.forEach((text, n) => {
      writeFileSync(join(folder, `example-${n}.ts`), text);
    });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('compile', () => {
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      // As whoever installs the package: against its declarations.
      compilerOptions: {
        paths: { backlot: [join(ROOT, 'dist/index.d.ts')] },
        typeRoots: [join(ROOT, 'node_modules/@types')],
      },
      include: ['*.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const done = spawnSync(tsc, ['-p', folder], { cwd: folder, encoding: 'utf8' });
    expect(done.stdout).toBe('');
    expect(done.status).toBe(0);
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples.map((_, n) => n))('number %i runs', async (n) => {
    const loaded: unknown = await import(join(folder, `example-${n}.ts`));
    expect(loaded).toBeTypeOf('object');
  });
});

/** `A1–A5, A7` → A1 A2 A3 A4 A5 A7. */
function expandRules(text: string): string[] {
  const parts = text.replaceAll('\n * ', ' ').split(/,| and /);
  return parts
    .filter((part) => part.trim() !== '')
    .flatMap((part) => {
      const [first = '', last = first] = part.trim().split('–');
      const letter = first.charAt(0);
      const from = Number(first.slice(1));
      const to = Number(last.slice(1));
      return Array.from({ length: to - from + 1 }, (_, n) => `${letter}${from + n}`);
    });
}
