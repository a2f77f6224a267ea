/** The numbers of the house style, checked over every file of the project. What a linter can say
 * is in `biome.json` (shown to fire in `floors.test.ts`); here is the rest. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;
const SKIPPED = new Set(['node_modules', '.git', 'dist', 'backlot-runs', 'coverage']);
const LINES_MAX = { source: 400, test: 600 };
const COLUMNS_MAX = 100;
const HEADER_LINES_MAX = 8;
const FOLDER_FILES_MAX = 12;
const FILE_BYTES_MAX = 256 * 1024;

/** Files that may break a number, each with the reason. */
const MAY_BE_LONG: Readonly<Record<string, string>> = {};

/** Sources that need a document and run in a real browser only. */
const IN_BROWSERS = [
  'src/browser/charts/echarts-core.ts',
  'src/browser/dashboard/audience/policy-table.ts',
  'src/browser/dashboard/audience/viewing-table.ts',
  'src/browser/dashboard/connection.ts',
  'src/browser/dashboard/dashboard.ts',
  'src/browser/dashboard/main.ts',
  ...[
    'clock-bar',
    'command-list',
    'fault-view',
    'figures',
    'graph-view',
    'line-panels',
    'line-specs',
    'pipeline-view',
    'request-tables',
    'title-race',
    'view',
    'visible-drawing',
  ].map((name) => `src/browser/dashboard/view/${name}.ts`),
  'src/browser/demo/main.ts',
  'src/browser/dom/element.ts',
  'src/browser/dom/live-table.ts',
  'src/browser/charts/chart-canvas.ts',
  'src/browser/report/chart-gestures.ts',
  'src/browser/report/chart-parts.ts',
  'src/browser/report/legends.ts',
  'src/browser/report/linked-charts.ts',
  'src/browser/report/live-chart.ts',
  'src/browser/report/main.ts',
  'src/browser/report/table-pages.ts',
  'src/browser/demo/elements.ts',
  'src/browser/demo/main.ts',
  'src/browser/demo/own-film.ts',
  'src/browser/demo/views.ts',
  'src/browser/report/main.ts',
  'src/browser/sdk/backlot.ts',
  'src/browser/sdk/dom/autocapture.ts',
  'src/browser/sdk/dom/capture-context.ts',
  'src/browser/sdk/dom/element-reader.ts',
  'src/browser/sdk/dom/page-life.ts',
  'src/browser/sdk/dom/watch-clicks.ts',
  'src/browser/sdk/dom/watch-hovers.ts',
  'src/browser/sdk/dom/watch-impressions.ts',
  'src/browser/sdk/dom/watch-pages.ts',
  'src/browser/sdk/dom/watch-scroll.ts',
  'src/browser/sdk/dom/watch-search.ts',
  'src/browser/sdk/dom/watch-videos.ts',
  'src/browser/sdk/dom/window-environment.ts',
  'src/browser/sdk/main.ts',
  'src/browser/sdk/module.ts',
  'src/browser/sdk-capture/main.ts',
];

/** Source files that no test of their floor leads to, each with the reason. */
const TESTED_FROM_OUTSIDE: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'src/cli/campaign/sweep-command.ts',
    'src/cli/commands/experiments/advise.ts',
    'src/cli/commands/experiments/check.ts',
    'src/cli/commands/experiments/compare.ts',
    'src/cli/commands/experiments/sweep.ts',
    'src/cli/campaign/answers.ts',
    'src/cli/campaign/compare-command.ts',
    'src/cli/campaign/publish-merged.ts',
    'src/cli/campaign/run-campaign.ts',
    'src/cli/commands/experiments/merge.ts',
    'src/cli/commands/analytics/query.ts',
    'src/cli/commands/analytics/query-text.ts',
    'src/cli/commands/clickstream/explain.ts',
    'src/cli/commands/gateway.ts',
    'src/cli/commands/clickstream/ingest.ts',
    'src/cli/commands/clickstream/recover.ts',
    'src/cli/commands/experiments/load.ts',
    'src/cli/commands/experiments/plan.ts',
    'src/cli/commands/experiments/run.ts',
    'src/cli/ingest-summary.ts',
    'src/cli/main.ts',
    'src/cli/options.ts',
    'src/cli/plan-sql.ts',
    'src/cli/publish.ts',
    'src/cli/commands/serve.ts',
    'src/cli/rehearse-folder.ts',
    'src/cli/serve-collector.ts',
    'src/cli/serve-gateway.ts',
    'src/cli/terminal.ts',
    'src/cli/watched.ts',
    'src/cli/commands/results/dash.ts',
    'src/cli/commands/analytics/learn.ts',
  ]
    .map((path) => [path, 'run as a process, as users run it, by test/cli/'])
    .concat(IN_BROWSERS.map((path) => [path, 'run in a browser, by test/browser/'])),
);

const FORBIDDEN_NAMES = /^(types|utils?|helpers?|common|manager|misc|shared)\.(ts|js)$/;
// Joined from halves, so that this file does not contain what it looks for.
const MARKERS = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`,
);
const PRIVATE_PATHS = new RegExp(['/wo' + 'rk/', '/ro' + 'ot/', '\\.lib' + 'rary'].join('|'));

const files = listFiles(ROOT);
const code = files.filter((path) => /\.(ts|js)$/.test(path));
const source = code.filter((path) => path.startsWith('src/'));
const prose = files.filter((path) => path.endsWith('.md'));

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name) || entry.name.endsWith('.tgz')) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [relative(ROOT, path)];
  });
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function linesOf(path: string): string[] {
  return read(path).replace(/\n$/, '').split('\n');
}

/** `path:line` of every line for which the test holds. */
function places(paths: readonly string[], holds: (line: string) => boolean): string[] {
  return paths.flatMap((path) =>
    linesOf(path).flatMap((line, n) => (holds(line) ? [`${path}:${n + 1}`] : [])),
  );
}

describe('size', () => {
  it('looks at real files', () => {
    expect(source.length).toBeGreaterThan(20);
    expect(code.filter((path) => path.startsWith('test/')).length).toBeGreaterThan(3);
  });

  it('keeps files under their number of lines', () => {
    const long = code.filter((path) => {
      const linesMax = path.startsWith('test/') ? LINES_MAX.test : LINES_MAX.source;
      return linesOf(path).length > linesMax && !(path in MAY_BE_LONG);
    });
    expect(long).toEqual([]);
  });

  it(`keeps lines within ${COLUMNS_MAX} columns`, () => {
    const checked = code.filter((path) => !(path in MAY_BE_LONG));
    expect(places(checked, (line) => [...line].length > COLUMNS_MAX)).toEqual([]);
  });

  it(`keeps folders within ${FOLDER_FILES_MAX} files`, () => {
    const counts = new Map<string, number>();
    for (const path of code) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    const full = [...counts].filter(([, count]) => count > FOLDER_FILES_MAX);
    expect(full).toEqual([]);
  });

  it('keeps every file below 256 KiB', () => {
    const heavy = files.filter((path) => statSync(join(ROOT, path)).size >= FILE_BYTES_MAX);
    expect(heavy).toEqual([]);
  });

  it('has no stale exception', () => {
    const listed = [...Object.keys(MAY_BE_LONG), ...Object.keys(TESTED_FROM_OUTSIDE)];
    expect(listed.filter((path) => !files.includes(path))).toEqual([]);
  });
});

describe('shape', () => {
  it('has no sink files', () => {
    expect(code.filter((path) => FORBIDDEN_NAMES.test(basename(path)))).toEqual([]);
  });

  it('has no default export and no wildcard export', () => {
    const bare = code.filter((path) => !path.endsWith('.config.ts'));
    expect(places(bare, (line) => /^export (default|\*)/.test(line))).toEqual([]);
  });

  it('opens every file with what it is, in at most eight lines', () => {
    const bad = code.filter((path) => !hasHeader(linesOf(path)));
    expect(bad).toEqual([]);
  });

  it('documents every export of src', () => {
    expect(source.flatMap(undocumentedExports)).toEqual([]);
  });

  it('leaves no marker and no path of one machine', () => {
    const text = files.filter((path) => /\.(ts|js|md|json|grit)$/.test(path));
    expect(places(text, (line) => MARKERS.test(line))).toEqual([]);
    expect(places(text, (line) => PRIVATE_PATHS.test(line))).toEqual([]);
  });

  it('gives every page of prose one first-level heading', () => {
    const wrong = prose.filter((path) => headingCount(read(path)) !== 1);
    expect(wrong).toEqual([]);
    expect(prose.length).toBeGreaterThan(5);
  });
});

describe('mirror', () => {
  it('has a test on its own floor that leads to every source file that does something', () => {
    const tests = code.filter((path) => /^(test|bench)\//.test(path));
    const reached = reachedOnTheirFloor(tests.flatMap(importedSources));
    const missing = source.filter((path) => {
      const known = reached.has(path) || path in TESTED_FROM_OUTSIDE;
      return !known && hasBehaviour(read(path));
    });
    expect(missing).toEqual([]);
  });

  it('has no test without its source', () => {
    const floors = readdirSync(join(ROOT, 'src'));
    const orphans = code.filter((path) => {
      if (!path.startsWith('test/') || !path.endsWith('.test.ts')) return false;
      return floors.includes(floorOf(path)) && importedSources(path).length === 0;
    });
    expect(orphans).toEqual([]);
  });
});

function hasHeader(lines: readonly string[]): boolean {
  const body = lines[0]?.startsWith('#!') ? lines.slice(1) : lines;
  if (!body[0]?.startsWith('/*')) return false;
  const end = body.findIndex((line) => line.includes('*/'));
  return end >= 0 && end < HEADER_LINES_MAX;
}

function undocumentedExports(path: string): string[] {
  const lines = linesOf(path);
  const declares =
    /^export (?:declare |abstract |async )*(?:function|const|class|interface|type) (\w+)/;
  return lines.flatMap((line, n) => {
    const name = declares.exec(line)?.[1];
    if (name === undefined || lines[n - 1]?.trimEnd().endsWith('*/')) return [];
    const isOverload = lines.slice(0, n).some((one) => declares.exec(one)?.[1] === name);
    return isOverload ? [] : [`${path}:${n + 1} ${name}`];
  });
}

function headingCount(text: string): number {
  const withoutCode = text.replace(/^```[\s\S]*?^```/gm, '');
  return withoutCode.split('\n').filter((line) => /^# /.test(line)).length;
}

/** Paths below `src/` that a file imports directly. */
function importedSources(path: string): string[] {
  const specifiers = [...read(path).matchAll(/(?:from|import\() ?'([^']+)'/g)].map(
    (m) => m[1] ?? '',
  );
  return specifiers
    .filter((one) => one.startsWith('.') && extname(one) === '.ts')
    .map((one) => join(dirname(path), one))
    .filter((one) => one.startsWith('src/'));
}

/** The sources that tests import, and what those import from their own floor. */
function reachedOnTheirFloor(imported: readonly string[]): Set<string> {
  const reached = new Set(imported);
  for (const path of reached) {
    if (!files.includes(path)) continue;
    for (const next of importedSources(path)) {
      if (floorOf(next) === floorOf(path)) reached.add(next);
    }
  }
  return reached;
}

function floorOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** Whether a file holds more than types and tables of constants. */
function hasBehaviour(text: string): boolean {
  return /^export (?:abstract |async )*(?:function|class|const [a-z])/m.test(text);
}
