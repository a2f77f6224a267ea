/** A plan as people read it: the chain from source to sink, what each step keeps and for how long,
 * and what each target makes of it. Spec: W43. */
import { capabilities, type PlanTarget } from '../capabilities.ts';
import type { Columns } from '../check/expressions.ts';
import { columnsByStep } from '../check/plan-rules.ts';
import type { PipelinePlan, PlanStep, SourceSpec } from '../plan.ts';
import { capabilityText } from './capability-text.ts';
import { aggregateText, durationText, expressionText } from './texts.ts';
import { assignmentText, panesText, windowStateText } from './window-text.ts';

/** What is explained besides the chain. */
export interface ExplainOptions {
  /** Columns of the capability table; default: all targets. */
  readonly targets?: readonly PlanTarget[];
}

/** The text, ending in a line break. Equal plans have equal texts. */
export function explain(plan: PipelinePlan, options: ExplainOptions = {}): string {
  const lines = [`pipeline ${plan.name}`, '', ...sourceLines(plan.source)];
  plan.steps.forEach((step, n) => {
    const [head = '', ...details] = stepLines(step);
    lines.push(`${n + 1}. ${head}`, ...details.map((line) => `   ${line}`));
  });
  const { name, mode, key } = plan.sink;
  const by = key.length === 0 ? '' : ` by ${key.join(', ')}`;
  lines.push(`sink ${name}: ${mode}${by}`);
  lines.push(`   rows: ${columnsText(columnsByStep(plan).at(-1) ?? {})}`);
  return `${lines.join('\n')}\n\n${capabilityText(capabilities(plan), options.targets)}`;
}

function sourceLines(source: SourceSpec): string[] {
  const columns = Object.entries(source.columns).map(([name, { type, path }]) => {
    return `${name} ${type}${path === undefined || path === name ? '' : ` from ${path}`}`;
  });
  const { idleTimeoutUs } = source;
  const idle =
    idleTimeoutUs === undefined
      ? 'a silent partition holds it back'
      : `a partition silent for ${durationText(idleTimeoutUs)} of process time lets go`;
  return [
    `source ${source.name}: ${columns.join(', ')}`,
    `   event time: ${source.time}`,
    `   watermark: ${watermarkText(source)}; the least of all partitions; ${idle}`,
  ];
}

function watermarkText({ watermark }: SourceSpec): string {
  switch (watermark.kind) {
    case 'bounded':
      return `greatest time − ${durationText(watermark.boundUs)} − 1 µs`;
    case 'ascending':
      return 'greatest time − 1 µs';
    case 'punctuated':
      return `what ${watermark.column} says, where it is not NULL`;
  }
}

type StepOf<K extends PlanStep['kind']> = Extract<PlanStep, { kind: K }>;

function stepLines(step: PlanStep): string[] {
  switch (step.kind) {
    case 'filter':
      return [`keep rows where ${expressionText(step.where)}`];
    case 'divert':
      return [`lead rows where ${expressionText(step.where)} to ${step.output}`];
    case 'map':
      return [
        'rows of',
        ...Object.entries(step.columns).map(
          ([name, value]) => `${name} = ${expressionText(value)}`,
        ),
      ];
    case 'dedupe': {
      const ttl = durationText(step.ttlUs);
      return [
        `drop rows that repeat ${step.by.map(expressionText).join(', ')} within ${ttl}`,
        `state: one time a key, until the watermark reaches it + ${ttl}`,
      ];
    }
    case 'lookup-join':
      return lookupLines(step);
    case 'interval-join':
      return joinLines(step);
    case 'window':
      return windowLines(step);
  }
}

function lookupLines(step: StepOf<'lookup-join'>): string[] {
  const missing = step.missing === 'drop' ? 'rows without one are dropped' : 'NULL where none is';
  return [
    `look ${expressionText(step.on)} up in ${step.table}, as of the row's time; ${missing}`,
    `adds ${takeText(step.take)}`,
    'state: all versions of the table',
  ];
}

function joinLines(step: StepOf<'interval-join'>): string[] {
  const { right, lowerUs, upperUs } = step;
  const lower = durationText(lowerUs);
  const upper = durationText(upperUs);
  const keys = `${expressionText(step.leftKey)} = ${expressionText(step.rightKey)}`;
  return [
    `join with ${right.name} where ${keys} and its time is within [${lower}, ${upper}] of this one`,
    ...sourceLines(right),
    `adds ${takeText(step.take)}`,
    `state: rows of both, until the lesser watermark is ${upper} past a left row, ` +
      `${durationText(-lowerUs)} past a right one; late rows are dropped and counted`,
  ];
}

function takeText(take: Readonly<Record<string, string>>): string {
  return Object.entries(take)
    .map(([name, column]) => (name === column ? name : `${name} (its ${column})`))
    .join(', ');
}

function windowLines(step: StepOf<'window'>): string[] {
  const { window, keys, aggregates, top, lateOutput } = step;
  const by = Object.entries(keys).map(([name, key]) => {
    const text = expressionText(key);
    return text === name ? name : `${name} = ${text}`;
  });
  const lines = [
    `windows, ${assignmentText(window.assign)}${by.length === 0 ? '' : `, by ${by.join(', ')}`}`,
    ...Object.entries(aggregates).map(([name, spec]) => `${name} = ${aggregateText(spec)}`),
    `panes: ${panesText(window)}`,
  ];
  if (top !== undefined) {
    const order = top.by.map(({ column, direction }) => `${column} ${direction}`);
    const ties = Object.keys(keys).map((key) => `${key} asc`);
    lines.push(`keep the first ${top.limit} of each window by ${[...order, ...ties].join(', ')}`);
  }
  const late = lateOutput === undefined ? 'dropped and counted' : `to ${lateOutput}, and counted`;
  lines.push(`rows too late for all their windows: ${late}`);
  lines.push(`state: ${windowStateText(window, top?.limit)}`);
  return lines;
}

function columnsText(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ');
}
