/** Steps of a plan before and after its window, each a view over the one before. */
import type { PipelinePlan, PlanStep } from '../plan/plan.ts';
import {
  type Columns,
  printColumn,
  printCondition,
  type TypedSql,
} from '../sql/print-expression.ts';
import { durationSetting, FLINK_DIALECT, shifted } from './flink-dialect.ts';
import {
  addView,
  type FlinkScript,
  type FlinkStage,
  flinkScope,
  selectLines,
  timeAttributes,
} from './flink-script.ts';
import { printFlinkSink, printFlinkSource, printFlinkTable } from './print-tables.ts';

const { name: q } = FLINK_DIALECT;

type StepOf<Kind extends PlanStep['kind']> = Extract<PlanStep, { kind: Kind }>;

/** Rows where a condition is true. */
export function printFilter(
  script: FlinkScript,
  stage: FlinkStage,
  { step, label }: { readonly step: StepOf<'filter'>; readonly label: string },
): FlinkStage {
  const where = printCondition(step.where, flinkScope(script, stage, { place: label }));
  const query = `SELECT * FROM ${stage.relation}\nWHERE ${where}`;
  return { ...stage, relation: addView(script, label, query) };
}

/** Rows where a condition is true leave by an INSERT of their own. */
export function printDivert(
  script: FlinkScript,
  stage: FlinkStage,
  { step, label }: { readonly step: StepOf<'divert'>; readonly label: string },
): FlinkStage {
  const where = printCondition(step.where, flinkScope(script, stage, { place: label }));
  printFlinkSink(script, { name: step.output }, stage);
  const list = [...stage.columns.keys()].map(q);
  const rows = selectLines(list, `FROM ${stage.relation}\nWHERE ${where}`);
  script.inserts.push(`INSERT INTO ${q(step.output)}\n${rows};`);
  const query = `SELECT * FROM ${stage.relation}\nWHERE (${where}) IS NOT TRUE`;
  return { ...stage, relation: addView(script, label, query) };
}

/** Columns that follow, and the time attributes as long as there are any. */
export function printMap(
  script: FlinkScript,
  stage: FlinkStage,
  options: { readonly step: StepOf<'map'>; readonly label: string; readonly hasTime: boolean },
): FlinkStage {
  const { step, label, hasTime } = options;
  const scope = flinkScope(script, stage, { place: label });
  const columns = Object.entries(step.columns).map(
    ([name, expression]) => [name, printColumn(expression, scope), expression] as const,
  );
  const list = columns.map(([name, { sql }]) => (sql === q(name) ? sql : `${sql} AS ${q(name)}`));
  const query = selectLines(
    hasTime ? [...list, ...timeAttributes(script)] : list,
    `FROM ${stage.relation}`,
  );
  const bounds = columns.flatMap(([name, , expression]) =>
    expression.kind === 'column' && stage.bounds.has(expression.name) ? [name] : [],
  );
  return {
    relation: addView(script, label, query),
    columns: typesOf(columns.map(([name, typed]) => [name, typed])),
    bounds: new Set(bounds),
  };
}

/** The first row of a key by process time, forgotten after the time to live. */
export function printFlinkDedupe(
  script: FlinkScript,
  stage: FlinkStage,
  { step, label }: { readonly step: StepOf<'dedupe'>; readonly label: string },
): FlinkStage {
  const scope = flinkScope(script, stage, { place: label });
  const list = [...[...stage.columns.keys()].map(q), ...timeAttributes(script)];
  const by = step.by.map((one) => printColumn(one, scope).sql);
  const keys = by.map((sql, i) => ({ sql, name: list.includes(sql) ? sql : q(`dedupe_key${i}`) }));
  const computed = keys.filter(({ sql, name }) => sql !== name);
  const rows =
    computed.length === 0
      ? stage.relation
      : addView(
          script,
          `${label}_keyed`,
          selectLines(
            ['*', ...computed.map(({ sql, name }) => `${sql} AS ${name}`)],
            `FROM ${stage.relation}`,
          ),
        );
  const names = keys.map(({ name }) => name).join(', ');
  const order = `PARTITION BY ${names} ORDER BY ${q(script.procTime ?? '')} ASC`;
  const numbered = `SELECT *, ROW_NUMBER() OVER (${order}) AS ${q('row_num')}\n  FROM ${rows}`;
  script.settings.set('table.exec.state.ttl', durationSetting(step.ttlUs));
  const query = selectLines(list, `FROM (\n  ${numbered}\n)\nWHERE ${q('row_num')} = 1`);
  return { ...stage, relation: addView(script, label, query) };
}

/** A table's version as of the row's time. */
export function printTemporalJoin(
  script: FlinkScript,
  stage: FlinkStage,
  options: {
    readonly step: StepOf<'lookup-join'>;
    readonly plan: PipelinePlan;
    readonly label: string;
  },
): FlinkStage {
  const { step, plan, label } = options;
  const table = plan.tables?.[step.table] ?? { key: 'string', columns: {} };
  printFlinkTable(script, step.table, table);
  const on = printColumn(step.on, flinkScope(script, stage, { place: label, prefix: 'l.' }));
  const key = on.type === table.key ? on.sql : FLINK_DIALECT.cast(on.sql, table.key);
  const join = step.missing === 'drop' ? 'JOIN' : 'LEFT JOIN';
  const query = selectLines(
    joinedColumns(script, stage, { take: step.take, timeFrom: 'l' }),
    [
      `FROM ${stage.relation} AS l`,
      `${join} ${q(step.table)} FOR SYSTEM_TIME AS OF l.${q(script.rowTime)} AS r`,
      `ON ${key} = r.${q('key')}`,
    ].join('\n'),
  );
  const types = Object.entries(step.take).map(
    ([name, column]) => [name, table.columns[column] ?? 'string'] as const,
  );
  return {
    ...stage,
    relation: addView(script, label, query),
    columns: withTypes(stage.columns, types),
  };
}

/** Pairs of rows within an interval of event time. */
export function printFlinkIntervalJoin(
  script: FlinkScript,
  stage: FlinkStage,
  { step, label }: { readonly step: StepOf<'interval-join'>; readonly label: string },
): FlinkStage {
  const right = printFlinkSource(script, step.right, `${label}_right`);
  const leftKey = printColumn(
    step.leftKey,
    flinkScope(script, stage, { place: label, prefix: 'l.' }),
  );
  const rightKey = printColumn(
    step.rightKey,
    flinkScope(script, right, { place: label, prefix: 'r.' }),
  );
  const timeFrom = step.lowerUs >= 0 ? 'r' : 'l';
  const time = q(script.rowTime);
  const from = shifted(`l.${time}`, step.lowerUs);
  const to = shifted(`l.${time}`, step.upperUs);
  const query = selectLines(
    joinedColumns(script, stage, { take: step.take, timeFrom }),
    [
      `FROM ${stage.relation} AS l`,
      `JOIN ${right.relation} AS r`,
      `ON ${leftKey.sql} = ${rightKey.sql}`,
      `AND r.${time} BETWEEN ${from} AND ${to}`,
    ].join('\n'),
  );
  const types = Object.entries(step.take).map(
    ([name, column]) => [name, right.columns.get(column) ?? 'string'] as const,
  );
  return {
    ...stage,
    relation: addView(script, label, query),
    columns: withTypes(stage.columns, types),
  };
}

function joinedColumns(
  script: FlinkScript,
  stage: FlinkStage,
  {
    take,
    timeFrom,
  }: { readonly take: Readonly<Record<string, string>>; readonly timeFrom: 'l' | 'r' },
): string[] {
  return [
    ...[...stage.columns.keys()]
      .filter((name) => !Object.hasOwn(take, name))
      .map((name) => `l.${q(name)}`),
    ...Object.entries(take).map(([name, column]) => `r.${q(column)} AS ${q(name)}`),
    ...timeAttributes(script).map((name) => `${timeFrom}.${name}`),
  ];
}

function withTypes(
  columns: Columns,
  added: readonly (readonly [string, TypedSql['type']])[],
): Columns {
  const next = new Map(columns);
  for (const [name] of added) next.delete(name);
  return new Map([...next, ...typesOf(added.map(([name, type]) => [name, { type, sql: name }]))]);
}

function typesOf(columns: readonly (readonly [string, TypedSql])[]): Columns {
  return new Map(columns.map(([name, { type }]) => [name, type === 'null' ? 'string' : type]));
}
