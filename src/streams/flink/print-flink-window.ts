/** A window of a plan in Flink SQL: by a table-valued function (variant `final`), or by a
 * deprecated group window (`update`), which alone can fire again for late rows. */
import type { ColumnType } from '../plan/expression.ts';
import type { PlanStep } from '../plan/plan.ts';
import { printInlineAggregate } from '../sql/print-aggregate.ts';
import { printColumn } from '../sql/print-expression.ts';
import type { WindowAssignment } from '../windows/window-spec.ts';
import { durationSetting, FLINK_DIALECT, intervalLiteral } from './flink-dialect.ts';
import {
  addView,
  type FlinkScript,
  type FlinkStage,
  flinkScope,
  selectLines,
  timeAttributes,
} from './flink-script.ts';
import { printFlinkSink } from './print-tables.ts';

const { name: q } = FLINK_DIALECT;

type WindowStep = Extract<PlanStep, { kind: 'window' }>;

interface Part {
  readonly step: WindowStep;
  readonly label: string;
}

/** The window's results, ranked and cut where the step says so; late rows by their own INSERT. */
export function printFlinkWindow(
  script: FlinkScript,
  stage: FlinkStage,
  { step, label }: Part,
): FlinkStage {
  printLateOutput(script, stage, step);
  if (script.variant === 'update') setEmit(script, step);
  const keyed = printKeys(script, stage, { step, label });
  const { assign } = step.window;
  const keys = Object.keys(step.keys).map(q);
  const scope = flinkScope(script, keyed, { place: label });
  const aggregates = Object.entries(step.aggregates).map(
    ([name, spec]) => [name, printInlineAggregate(spec, scope)] as const,
  );
  const parts =
    script.variant === 'final' && assign.kind !== 'global'
      ? tableFunction(script, keyed, { assign, keys })
      : groupWindow(script, keyed, assign);
  const groupBy = [...parts.groupBy, ...keys];
  const query = selectLines(
    [...parts.bounds, ...keys, ...aggregates.map(([name, { sql }]) => `${sql} AS ${q(name)}`)],
    groupBy.length === 0 ? parts.from : `${parts.from}\nGROUP BY ${groupBy.join(', ')}`,
  );
  const hasBounds = assign.kind !== 'global';
  const bounds = hasBounds ? ['window_start', 'window_end'] : [];
  const columns: [string, ColumnType][] = [
    ...bounds.map((name): [string, ColumnType] => [name, 'timestamp']),
    ...Object.keys(step.keys).map((key): [string, ColumnType] => [
      key,
      keyed.columns.get(key) ?? 'string',
    ]),
    ...aggregates.map(([name, { type }]): [string, ColumnType] => [
      name,
      type === 'null' ? 'string' : type,
    ]),
  ];
  const panes: FlinkStage = {
    relation: addView(script, label, query),
    columns: new Map(columns),
    bounds: new Set(bounds),
  };
  return step.top === undefined ? panes : printTopN(script, panes, { step, label });
}

/** Keys as columns of their own, where they are not already. */
function printKeys(script: FlinkScript, stage: FlinkStage, { step, label }: Part): FlinkStage {
  const scope = flinkScope(script, stage, { place: label });
  const keys = Object.entries(step.keys).map(
    ([name, expression]) => [name, printColumn(expression, scope)] as const,
  );
  const computed = keys.filter(([name, { sql }]) => sql !== q(name));
  if (computed.length === 0) return stage;
  const names = new Set(computed.map(([name]) => name));
  const kept = [...stage.columns].filter(([name]) => !names.has(name));
  const query = selectLines(
    [
      ...kept.map(([name]) => q(name)),
      ...computed.map(([name, { sql }]) => `${sql} AS ${q(name)}`),
      ...timeAttributes(script),
    ],
    `FROM ${stage.relation}`,
  );
  const types = computed.map(([name, { type }]): [string, ColumnType] => [
    name,
    type === 'null' ? 'string' : type,
  ]);
  const relation = addView(script, `${label}_keyed`, query);
  return { ...stage, relation, columns: new Map([...kept, ...types]) };
}

interface WindowText {
  readonly bounds: readonly string[];
  readonly from: string;
  readonly groupBy: readonly string[];
}

function tableFunction(
  script: FlinkScript,
  { relation }: FlinkStage,
  { assign, keys }: { readonly assign: WindowAssignment; readonly keys: readonly string[] },
): WindowText {
  const time = `DESCRIPTOR(${q(script.rowTime)})`;
  const offsetUs = ('offsetUs' in assign ? assign.offsetUs : undefined) ?? 0;
  const offset = offsetUs === 0 ? [] : [offsetInterval(offsetUs, cycleUs(assign))];
  const bounds = ['window_start', 'window_end'];
  const by =
    assign.kind === 'session' && keys.length > 0 ? ` PARTITION BY (${keys.join(', ')})` : '';
  const args = [`TABLE ${relation}${by}`, time, ...lengthsOf(assign), ...offset];
  const from = `FROM TABLE(${FUNCTIONS[assign.kind]}(${args.join(', ')}))`;
  return { bounds, from, groupBy: bounds };
}

function groupWindow(
  script: FlinkScript,
  { relation }: FlinkStage,
  assign: WindowAssignment,
): WindowText {
  const from = `FROM ${relation}`;
  if (assign.kind === 'global') return { bounds: [], from, groupBy: [] };
  const name = FUNCTIONS[assign.kind];
  const args = `(${[q(script.rowTime), ...lengthsOf(assign)].join(', ')})`;
  const bounds = [`${name}_START${args} AS window_start`, `${name}_END${args} AS window_end`];
  return { bounds, from, groupBy: [`${name}${args}`] };
}

const FUNCTIONS: Readonly<Record<WindowAssignment['kind'], string>> = {
  tumbling: 'TUMBLE',
  hopping: 'HOP',
  session: 'SESSION',
  cumulate: 'CUMULATE',
  global: '',
};

function lengthsOf(assign: WindowAssignment): string[] {
  switch (assign.kind) {
    case 'tumbling':
      return [intervalLiteral(assign.sizeUs)];
    case 'hopping':
      return [intervalLiteral(assign.slideUs), intervalLiteral(assign.sizeUs)];
    case 'cumulate':
      return [intervalLiteral(assign.stepUs), intervalLiteral(assign.maxSizeUs)];
    case 'session':
      return typeof assign.gapUs === 'number' ? [intervalLiteral(assign.gapUs)] : [];
    default:
      return [];
  }
}

function cycleUs(assign: WindowAssignment): number {
  if (assign.kind === 'tumbling') return assign.sizeUs;
  if (assign.kind === 'hopping') return assign.slideUs;
  return assign.kind === 'cumulate' ? assign.maxSizeUs : 1;
}

/** The same grid by an offset that is not negative. */
function offsetInterval(offsetUs: number, gridUs: number): string {
  return intervalLiteral(((offsetUs % gridUs) + gridUs) % gridUs);
}

function setEmit({ settings }: FlinkScript, { window }: WindowStep): void {
  const { allowedLatenessUs = 0, trigger = {} } = window;
  if (allowedLatenessUs > 0) {
    settings.set('table.exec.emit.allow-lateness', durationSetting(allowedLatenessUs));
    settings.set('table.exec.emit.late-fire.enabled', 'true');
    settings.set('table.exec.emit.late-fire.delay', '0 ms');
  }
  if (trigger.early?.kind !== 'process-time') return;
  settings.set('table.exec.emit.early-fire.enabled', 'true');
  settings.set('table.exec.emit.early-fire.delay', durationSetting(trigger.early.delayUs));
}

/** Rows too late, told by row: `time + lateness ≤ watermark`. */
function printLateOutput(script: FlinkScript, stage: FlinkStage, step: WindowStep): void {
  if (step.lateOutput === undefined) return;
  printFlinkSink(script, { name: step.lateOutput }, stage);
  const time = q(script.rowTime);
  const watermark = `CURRENT_WATERMARK(${time})`;
  const { allowedLatenessUs = 0 } = step.window;
  const latenessUs = script.variant === 'update' ? allowedLatenessUs : 0;
  const limit = latenessUs === 0 ? watermark : `${watermark} - ${intervalLiteral(latenessUs)}`;
  const where = `WHERE ${watermark} IS NOT NULL AND ${time} <= ${limit}`;
  const rows = selectLines([...stage.columns.keys()].map(q), `FROM ${stage.relation}\n${where}`);
  script.inserts.push(`INSERT INTO ${q(step.lateOutput)}\n${rows};`);
}

function printTopN(script: FlinkScript, panes: FlinkStage, { step, label }: Part): FlinkStage {
  const { limit = 0, by = [] } = step.top ?? {};
  const keys = Object.keys(step.keys).filter((key) => by.every(({ column }) => column !== key));
  const order = [
    ...by.map(({ column, direction }) => `${q(column)} ${direction.toUpperCase()}`),
    ...keys.map((key) => `${q(key)} ASC`),
  ];
  const partition = panes.bounds.size === 0 ? '' : 'PARTITION BY window_start, window_end ';
  const ranked = `ROW_NUMBER() OVER (${partition}ORDER BY ${order.join(', ')}) AS ${q('rank')}`;
  const query = [
    `SELECT * FROM (`,
    `  SELECT *, ${ranked}`,
    `  FROM ${panes.relation}`,
    `)\nWHERE ${q('rank')} <= ${limit}`,
  ];
  return {
    relation: addView(script, `${label}_top`, query.join('\n')),
    columns: new Map([...panes.columns, ['rank', 'integer']]),
    bounds: panes.bounds,
  };
}
