/** Writes the generated parts of the papers: the floors in ARCHITECTURE.md from `lint/floors.ts`,
 * the metrics in docs/METRICS.md and docs/EXPORTS.md, the faults in docs/FAULTS.md and the tables
 * in docs/WAREHOUSE.md from their catalogues, the schemas in docs/schemas/ from the types of
 * documents, and the results in README.md from a real run of the main job (`npm run docs`; the
 * build must be fresh). `npm run docs -- --floors` leaves the run out. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { warehouseTables } from '../build/papers/warehouse-tables.ts';
import { resultSchemas } from '../build/schemas/result-schemas.ts';
import { FLOORS, type Floor } from '../lint/floors.ts';
import { FAULT_FAMILIES, type FaultKind } from '../src/experiment/faults/catalogue/fault-kind.ts';
import { FAULT_KINDS } from '../src/experiment/faults/catalogue/fault-kinds.ts';
import type { ArchitectureResult, RunDocument } from '../src/experiment/result.ts';
import { METRIC_DEFINITIONS } from '../src/export/metrics/definitions.ts';
import { loadInWords, subjectNoun } from '../src/report/subjects.ts';
import { METRICS, type MetricName, PORTABLE_METRICS } from '../src/storage/metrics/catalogue.ts';
import { TRUTH_METRICS } from '../src/storage/metrics/truth-metrics.ts';
import { streamedMetrics } from '../src/storage/metrics/viewing-stream.ts';

const ROOT = new URL('..', import.meta.url);
const MAIN_JOB = ['run', 'scenarios/evening-peak.ts', '--json'];

/** What a run cost on the real clock, and on what machine. */
interface RunCost {
  readonly wallSeconds: number;
  readonly cpu: string;
}

/** The table of floors, as Markdown. */
export function floorsTable(): string {
  const rows = FLOORS.map((floor) => [
    String(floor.level),
    code(`src/${floor.folder}/`),
    floor.mayImport.map(code).join(' ') || '—',
    packagesOf(floor) || '—',
    floor.virtual ? 'virtual' : 'real',
  ]);
  return markdownTable(['floor', 'folder', 'may import', 'packages', 'time'], rows);
}

/** The catalogue of metrics, as Markdown: what each is, and where it is computed. */
export function metricsTable(): string {
  const streamed = new Map(
    Object.entries(streamedMetrics()).flatMap(([scope, names]) =>
      names.map((name) => [name, `stream, by ${scope}`] as const),
    ),
  );
  const names = (Object.keys(METRICS) as MetricName[]).sort();
  const rows = names.map((name) => {
    const { words, unit } = METRICS[name];
    const isPortable = Object.hasOwn(PORTABLE_METRICS, name);
    const batch = isPortable ? 'SQLite, DuckDB' : 'SQLite';
    const other = streamed.get(name) ?? 'the warehouse’s own tables: batch only';
    return [code(name), words, unit, batch, other];
  });
  const truths = Object.entries(TRUTH_METRICS).map(([name, { words, unit, why }]) => [
    code(name),
    words,
    unit,
    '—',
    `truth only: ${why}`,
  ]);
  const header = ['metric', 'what it is', 'unit', 'batch', 'and by'];
  return markdownTable(header, [...rows, ...truths]);
}

/** The metrics of exports, as Markdown. */
export function exportMetricsTable(): string {
  const rows = Object.entries(METRIC_DEFINITIONS).map(([name, { unit, kind, words }]) => [
    code(name),
    code(unit),
    kind,
    words,
  ]);
  return markdownTable(['metric', 'unit', 'kind', 'what it is'], rows);
}

/** The warehouse's tables, as Markdown. */
export function warehouseTable(): string {
  return markdownTable(['table', 'what it holds', 'columns'], warehouseTables());
}

/** The catalogue of faults, as Markdown: a table a family. */
export function faultsTables(): string {
  const kinds = Object.entries(FAULT_KINDS);
  const header = ['kind', 'aimed at', 'probability of', 'intensity', 'what happens'];
  return FAULT_FAMILIES.map((family) => {
    const rows = kinds
      .filter(([, kind]) => kind.family === family)
      .map(([name, kind]) => [
        code(name),
        kind.targets,
        `each ${kind.scope}`,
        intensityWords(kind),
        kind.effect,
      ]);
    return `### ${family} (${rows.length})\n\n${markdownTable(header, rows)}`;
  }).join('\n\n');
}

function intensityWords({ intensity }: FaultKind): string {
  if (intensity === undefined) return '—';
  const { unit, default: usual, swarm } = intensity;
  const words = (value: number) =>
    unit === 'µs' ? durationWords(value) : `${value}${unit === 'factor' ? '×' : ''}`;
  return `${words(usual)}; swarms: ${swarm.map(words).join(' – ')}`;
}

const DURATIONS: readonly (readonly [us: number, unit: string])[] = [
  [365.25 * 86_400_000_000, 'years'],
  [3_600_000_000, 'h'],
  [60_000_000, 'min'],
  [1_000_000, 's'],
  [1_000, 'ms'],
];

/** The largest unit that it is a whole number of. */
function durationWords(us: number): string {
  const [size, unit] = DURATIONS.find(([size]) => us > 0 && us % size === 0) ?? [1, 'µs'];
  return `${count(us / size)} ${unit}`;
}

/** The results of a run, as Markdown. */
export function resultsTable(document: RunDocument, cost: RunCost): string {
  const { architectures } = document;
  const rows = architectures.map((one) => [
    one.name,
    count(one.requests),
    `${(100 * one.errorShare).toFixed(2)} %`,
    ...(['p50', 'p95', 'p99'] as const).map((p) => loadTime(one, p)),
    one.wanCallsPerPage.toFixed(2),
    one.internalCallsPerPage.toFixed(2),
  ]);
  const header = [subjectNoun(architectures), 'pages', 'errors', 'p50 ms', 'p95 ms', 'p99 ms'];
  const table = markdownTable([...header, 'WAN calls/page', 'internal calls/page'], rows);
  return `${table}\n\n${costSentence(document, cost)}`;
}

/** Replaces what stands between a block's markers.
 * @throws Error where the text has no such block. */
export function withBlock(text: string, name: string, content: string): string {
  const start = `<!-- generated:${name} -->`;
  const end = `<!-- /generated:${name} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`no block "${name}" between its two markers`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function costSentence(document: RunDocument, cost: RunCost): string {
  const { architectures } = document;
  const trackedEvents = document.ledger.events.in;
  const scheduled = architectures.reduce((sum, one) => sum + one.scheduledEvents, 0);
  return (
    `${load(document)} over ${document.virtualHours} virtual hours under ` +
    `${architectures.length} ${subjectNoun(architectures)}s: ` +
    `${count(scheduled)} scheduled events and ` +
    `${count(trackedEvents)} tracked events in ${cost.wallSeconds.toFixed(1)} s of wall time ` +
    `(Node ${document.node.replace(/^v/, '')}, ${cost.cpu}). ` +
    `Seed ${document.seed}, digest \`${document.digest}\`. ` +
    'Page-load times count from the viewer’s intent, with 95 % intervals in brackets.'
  );
}

/** `1,200 viewers`, or what a load test put on. */
function load({ architectures }: RunDocument): string {
  const test = loadInWords(architectures);
  const viewers = architectures[0]?.viewers ?? 0;
  return test !== undefined && viewers === 0 ? test : `${count(viewers)} viewers`;
}

function loadTime(one: ArchitectureResult, percentile: 'p50' | 'p95' | 'p99'): string {
  const { value, low, high } = one.pageLoadTimeIntervalsMs[percentile];
  const interval = low === null || high === null ? '' : ` (${count(low)}–${count(high)})`;
  return `${count(value)}${interval}`;
}

function packagesOf(floor: Floor): string {
  const inOneFile = Object.entries(floor.packagesByFile ?? {}).map(
    ([file, packages]) => `${packages.map(code).join(' ')} in ${code(`${file}.ts`)}`,
  );
  return [...floor.packages.map(code), ...inOneFile].join(' ');
}

function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

function runMainJob(): { readonly document: RunDocument; readonly wallSeconds: number } {
  const startedMs = performance.now();
  const args = ['bin/backlot.js', ...MAIN_JOB];
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const run = spawnSync(process.execPath, args, options);
  const wallSeconds = (performance.now() - startedMs) / 1_000;
  if (run.status !== 0) throw new Error(`the main job ended with ${run.status}: ${run.stderr}`);
  return { document: JSON.parse(run.stdout) as RunDocument, wallSeconds };
}

async function cpuName(): Promise<string> {
  const { cpus } = await import('node:os');
  const all = cpus();
  return `${all.length} × ${(all[0]?.model ?? 'unknown CPU').trim()}`;
}

function rewrite(file: string, name: string, content: string): void {
  const url = new URL(file, ROOT);
  writeFileSync(url, withBlock(readFileSync(url, 'utf8'), name, content));
}

if (import.meta.main) {
  rewrite('ARCHITECTURE.md', 'floors', floorsTable());
  rewrite('docs/METRICS.md', 'metrics', metricsTable());
  rewrite('docs/FAULTS.md', 'faults', faultsTables());
  rewrite('docs/EXPORTS.md', 'export-metrics', exportMetricsTable());
  rewrite('docs/WAREHOUSE.md', 'warehouse', warehouseTable());
  for (const [name, schema] of resultSchemas()) {
    const target = new URL(`docs/schemas/${name}.schema.json`, ROOT);
    writeFileSync(target, `${JSON.stringify(schema, null, 2)}\n`);
  }
  if (!process.argv.includes('--floors')) {
    const { document, wallSeconds } = runMainJob();
    rewrite('README.md', 'results', resultsTable(document, { wallSeconds, cpu: await cpuName() }));
  }
}
