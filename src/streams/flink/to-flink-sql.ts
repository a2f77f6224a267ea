/** A plan as a script for Flink SQL 1.20: generated text that nothing here executes. It fails
 * closed, and says what is not exactly the plan's meaning. Spec: W59–W62. */
import { requireTarget } from '../plan/capabilities.ts';
import type { PlanFunction } from '../plan/functions.ts';
import { parsePlan } from '../plan/parse-plan.ts';
import { PIPELINE_SCHEMA, type PipelinePlan, type PlanStep } from '../plan/plan.ts';
import { durationSetting, FLINK_DIALECT } from './flink-dialect.ts';
import type { FlinkScript, FlinkStage, FlinkVariant } from './flink-script.ts';
import { selectLines } from './flink-script.ts';
import { flinkWarnings } from './flink-warnings.ts';
import { printFlinkWindow } from './print-flink-window.ts';
import {
  printDivert,
  printFilter,
  printFlinkDedupe,
  printFlinkIntervalJoin,
  printMap,
  printTemporalJoin,
} from './print-steps.ts';
import { printFlinkSink, printFlinkSource } from './print-tables.ts';
import { requireVariant } from './variant-rules.ts';

/** What to print. */
export interface FlinkSqlOptions {
  readonly variant: FlinkVariant;
  /** Topic of each source, table, sink and output; default: its name. */
  readonly topics?: Readonly<Record<string, string>>;
  /** Functions that the plan names; without a text they are called by name, to be registered. */
  readonly functions?: readonly PlanFunction[];
}

/** A script. */
export interface FlinkSql {
  /** All statements with a header that holds the warnings. */
  readonly sql: string;
  /** What is not exactly the plan's meaning, with the reason. */
  readonly warnings: readonly string[];
}

/** Prints a plan as Flink SQL.
 * @throws EngineError `PLAN_UNSUPPORTED` for what Flink SQL or the variant cannot do, with every
 * reason; `PLAN_INVALID` for a plan that is none. */
export function toFlinkSql(document: PipelinePlan, options: FlinkSqlOptions): FlinkSql {
  const plan = parsePlan(document);
  const emulated = requireTarget(plan, 'flink-sql');
  requireVariant(plan, options.variant);
  const script = createScript(plan, options);
  let stage = printFlinkSource(script, plan.source, '0_source');
  let hasTime = true;
  plan.steps.forEach((step, i) => {
    const label = `${i + 1}_${step.kind.replaceAll('-', '_')}`;
    stage = printStep(script, stage, { step, plan, label, hasTime });
    hasTime &&= step.kind !== 'window';
  });
  const isUpsert = plan.sink.mode === 'upsert';
  const sink = isUpsert ? plan.sink : { name: plan.sink.name };
  printFlinkSink(script, sink, stage);
  const rows = selectLines(
    [...stage.columns.keys()].map(FLINK_DIALECT.name),
    `FROM ${stage.relation}`,
  );
  script.inserts.unshift(`INSERT INTO ${FLINK_DIALECT.name(plan.sink.name)}\n${rows};`);
  const warnings = [...emulated, ...flinkWarnings(plan, script)];
  return { sql: scriptText(script, { plan, warnings }), warnings };
}

function createScript(plan: PipelinePlan, options: FlinkSqlOptions): FlinkScript {
  const { variant, topics = {}, functions = [] } = options;
  const settings = new Map([
    ['table.local-time-zone', 'UTC'],
    ['execution.checkpointing.interval', '30 s'],
  ]);
  const { idleTimeoutUs } = plan.source;
  if (idleTimeoutUs !== undefined) {
    settings.set('table.exec.source.idle-timeout', durationSetting(idleTimeoutUs));
  }
  const used = namesOf(plan);
  const hasDedupe = plan.steps.some(({ kind }) => kind === 'dedupe');
  return {
    variant,
    title: plan.name.replaceAll('-', '_'),
    topicOf: (name) => (Object.hasOwn(topics, name) ? (topics[name] ?? name) : name),
    functions,
    rowTime: unused('row_time', used),
    procTime: hasDedupe ? unused('proc_time', used) : undefined,
    extraBoundUs: extraBoundUs(plan, variant),
    settings,
    tables: [],
    views: [],
    inserts: [],
  };
}

/** Names of all columns and of the first parts of paths. */
function namesOf(plan: PipelinePlan): ReadonlySet<string> {
  const sources = plan.steps.flatMap((step) => (step.kind === 'interval-join' ? [step.right] : []));
  const names = [plan.source, ...sources].flatMap(({ columns }) =>
    Object.entries(columns).flatMap(([name, { path = name }]) => [name, path.split('.')[0] ?? '']),
  );
  const made = plan.steps.flatMap((step) => {
    if (step.kind === 'map') return Object.keys(step.columns);
    if (step.kind === 'window') return Object.keys(step.keys);
    return 'take' in step ? Object.keys(step.take) : [];
  });
  const tables = Object.values(plan.tables ?? {}).flatMap(({ columns }) => Object.keys(columns));
  return new Set([...names, ...made, ...tables]);
}

function unused(name: string, used: ReadonlySet<string>): string {
  return used.has(name) ? unused(`${name}_`, used) : name;
}

/** Final results with lateness L equal on-time results of a watermark that is L further behind. */
function extraBoundUs({ steps }: PipelinePlan, variant: FlinkVariant): number {
  const step = steps.find(({ kind }) => kind === 'window');
  if (step?.kind !== 'window') return 0;
  const { allowedLatenessUs = 0, watermarkConvention } = step.window;
  const latenessUs = variant === 'final' ? allowedLatenessUs : 0;
  return latenessUs + (watermarkConvention === 'beam' ? ONE_TICK_US : 0);
}

const ONE_TICK_US = 1_000;

interface StepPart {
  readonly step: PlanStep;
  readonly plan: PipelinePlan;
  readonly label: string;
  /** Whether rows still carry time attributes. */
  readonly hasTime: boolean;
}

function printStep(script: FlinkScript, stage: FlinkStage, part: StepPart): FlinkStage {
  const { step, plan, label, hasTime } = part;
  switch (step.kind) {
    case 'filter':
      return printFilter(script, stage, { step, label });
    case 'divert':
      return printDivert(script, stage, { step, label });
    case 'map':
      return printMap(script, stage, { step, label, hasTime });
    case 'dedupe':
      return printFlinkDedupe(script, stage, { step, label });
    case 'lookup-join':
      return printTemporalJoin(script, stage, { step, plan, label });
    case 'interval-join':
      return printFlinkIntervalJoin(script, stage, { step, label });
    case 'window':
      return printFlinkWindow(script, stage, { step, label });
    default:
      return step satisfies never;
  }
}

function scriptText(
  { variant, settings, tables, views, inserts }: FlinkScript,
  { plan, warnings }: { readonly plan: PipelinePlan; readonly warnings: readonly string[] },
): string {
  const header = [
    `Generated by backlot from the plan "${plan.name}" (${PIPELINE_SCHEMA}), variant ${variant},`,
    'for Flink SQL 1.20: generated, not executed.',
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].map((line) => `-- ${line.replaceAll(/\s+/g, ' ')}`);
  const sets = [...settings].map(
    ([key, value]) => `SET ${FLINK_DIALECT.text(key)} = ${FLINK_DIALECT.text(value)};`,
  );
  const work =
    inserts.length === 1 ? inserts : [`EXECUTE STATEMENT SET\nBEGIN\n${inserts.join('\n')}\nEND;`];
  const parts = [header.join('\n'), sets.join('\n'), ...tables, ...views, ...work];
  return `${parts.join('\n\n')}\n`;
}
