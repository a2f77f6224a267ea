/** `backlot policies`: who fills rows best, on a panel of the scenario's viewers, and what
 * experiments and estimators would have said. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { PoliciesDocument } from '../../../experiment/policies/policies-document.ts';
import type { PolicySettings } from '../../../experiment/scenario/recommendations/policy-schema.ts';
import { EngineError } from '../../../kernel/errors.ts';
import { parseCount, parseSeed } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

interface PoliciesCommandOptions {
  readonly viewers: number;
  readonly days: number;
  readonly history: number | undefined;
  readonly policies: string | undefined;
  readonly offPolicyRuns: number;
  readonly seed: number | undefined;
  readonly catalogue: string | undefined;
  readonly out: string | undefined;
  readonly json: boolean | undefined;
  readonly report: string | undefined;
}

const HISTORY_FILE = 'warehouse-history.sqlite';

/** Adds the command. */
export function addPoliciesCommand(program: Command, terminal: Terminal): void {
  program
    .command('policies')
    .description('compare policies of recommendation on a panel of the scenario’s viewers')
    .argument('<scenario>', 'a scenario with `recommendations`')
    .option('--viewers <number>', 'viewers of the panel', parseCount, 2_000)
    .option('--days <number>', 'days under each policy', parseCount, 14)
    .option('--history <number>', 'days before; default: the scenario’s, or 28', parseCount)
    .option('--policies <kinds>', 'kinds apart by commas, or `all`; default: the scenario’s arms')
    .option('--off-policy-runs <number>', 'of each estimator', parseCount, 50)
    .option('--seed <number>', 'instead of the scenario’s', parseSeed)
    .option('--catalogue <file>', 'titles from a CSV or JSON file')
    .option('--out <directory>', 'keep the document, the report and the history’s warehouse there')
    .option('--report <file>', 'write the HTML report there')
    .option('--json', 'print the document on standard output')
    .action((path: string, options: PoliciesCommandOptions) => policies(path, options, terminal));
}

async function policies(
  path: string,
  options: PoliciesCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const [{ loadScenario }, { studyPolicies }, { openWarehouse }] = await Promise.all([
    import('../../../experiment/io/load-scenario.ts'),
    import('../../../experiment/policies/study-policies.ts'),
    import('../../../storage/warehouse.ts'),
  ]);
  const loaded = await loadScenario(path);
  const seed = options.seed ?? loaded.seed;
  const kinds = await kindsOf(options.policies);
  const { viewers, days, history, offPolicyRuns, catalogue, out } = options;
  const warehousePath = out === undefined ? ':memory:' : emptyFile(out);
  const warehouse = openWarehouse({ path: warehousePath, source: 'history' });
  try {
    const started = performance.now();
    const document = await studyPolicies({
      ...{ viewers, days, kinds, offPolicyRuns, catalogue, warehouse },
      scenario: { ...loaded, seed },
      historyDays: history,
      warehousePath: HISTORY_FILE,
      replayCommand: replayOf(path, { ...options, seed }),
      onStep: (step) => {
        const seconds = (performance.now() - started) / 1_000;
        terminal.progress(`${step} … (${seconds.toFixed(1)} s)`);
      },
    });
    terminal.endProgress();
    await show(document, options, terminal);
  } finally {
    warehouse.close();
  }
}

async function show(
  document: PoliciesDocument,
  { out, report, json }: PoliciesCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (out !== undefined) write(join(out, 'policies.json'), text);
  const reports = [report, out === undefined ? undefined : join(out, 'report.html')];
  const wanted = reports.filter((target) => target !== undefined);
  if (wanted.length > 0) {
    const { renderPoliciesReport } = await import('../../../report/render-report.ts');
    const html = renderPoliciesReport(document);
    for (const target of wanted) write(target, html);
  }
  if (json === true) {
    terminal.print(text);
    return;
  }
  const { policiesText } = await import('../../../report/summary/policies-text.ts');
  terminal.print(policiesText(document, { color: terminal.hasColor, width: terminal.width }));
  for (const target of wanted) terminal.print(`Report: ${target}\n`);
}

async function kindsOf(
  text: string | undefined,
): Promise<readonly PolicySettings['kind'][] | undefined> {
  if (text === undefined) return undefined;
  const { POLICY_KINDS } = await import(
    '../../../experiment/scenario/recommendations/policy-schema.ts'
  );
  if (text === 'all') return POLICY_KINDS;
  const wanted = [...new Set(text.split(',').map((kind) => kind.trim()))];
  return wanted.map((kind) => {
    const found = POLICY_KINDS.find((one) => one === kind);
    if (found !== undefined) return found;
    throw new EngineError(
      'CLI_USAGE',
      `--policies: no policy is called "${kind}"; there are ${POLICY_KINDS.join(', ')}, or all`,
      { argument: kind },
    );
  });
}

/** Where the history goes: a directory of ours, or a new one. */
function emptyFile(out: string): string {
  const path = join(out, HISTORY_FILE);
  try {
    mkdirSync(out, { recursive: true });
    for (const suffix of ['', '-wal', '-shm', '-journal']) {
      if (existsSync(`${path}${suffix}`)) rmSync(`${path}${suffix}`);
    }
  } catch (cause) {
    throw unwritable(out, cause);
  }
  return path;
}

function write(target: string, text: string): void {
  try {
    writeFileSync(target, text);
  } catch (cause) {
    throw unwritable(target, cause);
  }
}

function unwritable(path: string, cause: unknown): EngineError<'OUTPUT_UNWRITABLE'> {
  const message = `${path}: it cannot be written; choose another place`;
  return new EngineError('OUTPUT_UNWRITABLE', message, { path }, { cause });
}

function replayOf(path: string, options: PoliciesCommandOptions & { readonly seed: number }) {
  const { viewers, days, history, policies: kinds, offPolicyRuns, seed, catalogue } = options;
  return [
    `npx backlot policies ${path} --viewers ${viewers} --days ${days}`,
    ...(history === undefined ? [] : [`--history ${history}`]),
    ...(kinds === undefined ? [] : [`--policies ${kinds}`]),
    `--off-policy-runs ${offPolicyRuns} --seed ${seed}`,
    ...(catalogue === undefined ? [] : [`--catalogue ${catalogue}`]),
  ].join(' ');
}
