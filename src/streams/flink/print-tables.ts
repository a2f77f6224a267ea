/** Tables at the ends of a Flink script: sources with their time attributes and watermark,
 * versioned tables, and sinks. Connectors are Kafka's with JSON; addresses are placeholders. */
import type { SourceSpec, TableSpec } from '../plan/plan.ts';
import type { Columns } from '../sql/print-expression.ts';
import { quoted } from '../sql/sql-dialect.ts';
import { FLINK_DIALECT, FLINK_TYPES, shifted } from './flink-dialect.ts';
import {
  addView,
  type FlinkScript,
  type FlinkStage,
  selectLines,
  timeAttributes,
} from './flink-script.ts';

const { name: q } = FLINK_DIALECT;

/** One millisecond: Flink SQL's watermark lets go of rows of its own time, the plan's does not. */
const LAST_TICK_US = 1_000;

/** A source's table and, where its columns are nested, the view that takes them out. */
export function printFlinkSource(
  script: FlinkScript,
  source: SourceSpec,
  label: string,
): FlinkStage {
  const { rowTime, procTime } = script;
  const columns = Object.entries(source.columns);
  const pathOf = (name: string) => (source.columns[name]?.path ?? name).split('.');
  const isNested = columns.some(([name]) => pathOf(name).join('.') !== name);
  const tree = treeOf(
    columns.map(([name, { type }]) => ({ path: pathOf(name), type: FLINK_TYPES[type] })),
  );
  const time = pathOf(source.time).map(q).join('.');
  const attributes = [
    `${q(rowTime)} AS ${toTimestamp(time)}`,
    ...(procTime === undefined ? [] : [`${q(procTime)} AS PROCTIME()`]),
    `WATERMARK FOR ${q(rowTime)} AS ${shifted(q(rowTime), -watermarkDelayUs(script, source))}`,
  ];
  const fields = [...tree.entries()].map(([name, type]) => `${q(name)} ${typeText(type)}`);
  createTable(script, source.name, {
    lines: [...fields, ...attributes],
    options: {
      connector: 'kafka',
      topic: script.topicOf(source.name),
      'properties.bootstrap.servers': BROKERS,
      'properties.group.id': script.title,
      'scan.startup.mode': 'earliest-offset',
      format: 'json',
    },
  });
  const types: Columns = new Map(columns.map(([name, { type }]) => [name, type]));
  const bounds = new Set<string>();
  if (!isNested) return { relation: q(source.name), columns: types, bounds };
  const taken = columns.map(([name]) => `${pathOf(name).map(q).join('.')} AS ${q(name)}`);
  const query = selectLines([...taken, ...timeAttributes(script)], `FROM ${q(source.name)}`);
  return { relation: addView(script, label, query), columns: types, bounds };
}

/** A versioned table, for joins as of event time. */
export function printFlinkTable(script: FlinkScript, name: string, table: TableSpec): void {
  const fields = Object.entries(table.columns).map(
    ([column, type]) => `${q(column)} ${FLINK_TYPES[type]}`,
  );
  createTable(script, name, {
    lines: [
      `${q('key')} ${FLINK_TYPES[table.key]} NOT NULL`,
      `${q('valid_from')} BIGINT`,
      ...fields,
      `${q(script.rowTime)} AS ${toTimestamp(q('valid_from'))}`,
      `PRIMARY KEY (${q('key')}) NOT ENFORCED`,
      `WATERMARK FOR ${q(script.rowTime)} AS ${shifted(q(script.rowTime), -LAST_TICK_US)}`,
    ],
    options: {
      connector: 'upsert-kafka',
      topic: script.topicOf(name),
      'properties.bootstrap.servers': BROKERS,
      'key.format': 'json',
      'value.format': 'json',
    },
  });
}

/** A sink's table. With a key it takes updates. */
export function printFlinkSink(
  script: FlinkScript,
  sink: { readonly name: string; readonly key?: readonly string[] },
  { columns, bounds }: FlinkStage,
): void {
  const key = sink.key ?? [];
  const fields = [...columns].map(([name, type]) => {
    const flinkType = bounds.has(name) ? 'TIMESTAMP(3)' : FLINK_TYPES[type];
    return `${q(name)} ${flinkType}${key.includes(name) ? ' NOT NULL' : ''}`;
  });
  const isUpsert = key.length > 0;
  createTable(script, sink.name, {
    lines: isUpsert ? [...fields, `PRIMARY KEY (${key.map(q).join(', ')}) NOT ENFORCED`] : fields,
    options: {
      connector: isUpsert ? 'upsert-kafka' : 'kafka',
      topic: script.topicOf(sink.name),
      'properties.bootstrap.servers': BROKERS,
      ...(isUpsert ? { 'key.format': 'json', 'value.format': 'json' } : { format: 'json' }),
    },
  });
}

/** To be replaced by who deploys the script. */
const BROKERS = '$'.concat('{BROKERS}');

function watermarkDelayUs(script: FlinkScript, { watermark }: SourceSpec): number {
  const boundUs = watermark.kind === 'bounded' ? watermark.boundUs : 0;
  return boundUs + script.extraBoundUs + LAST_TICK_US;
}

/** µs to a time attribute, cut (towards the past) to milliseconds. */
function toTimestamp(us: string): string {
  return `TO_TIMESTAMP_LTZ(CAST(FLOOR(${us} / 1000e0) AS BIGINT), 3)`;
}

interface TableText {
  readonly lines: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

function createTable(script: FlinkScript, name: string, { lines, options }: TableText): void {
  const settings = Object.entries(options).map(
    ([key, value]) => `${quoted(key, "'")} = ${quoted(value, "'")}`,
  );
  const body = `(\n  ${lines.join(',\n  ')}\n) WITH (\n  ${settings.join(',\n  ')}\n)`;
  script.tables.push(`CREATE TABLE ${q(name)} ${body};`);
}

/** A field's type: text, or a row of fields. */
type FieldType = string | Map<string, FieldType>;

function treeOf(
  leaves: readonly { readonly path: readonly string[]; readonly type: string }[],
): Map<string, FieldType> {
  const root = new Map<string, FieldType>();
  for (const { path, type } of leaves) {
    let row = root;
    for (const part of path.slice(0, -1)) {
      const below = row.get(part);
      const next = below instanceof Map ? below : new Map<string, FieldType>();
      row.set(part, next);
      row = next;
    }
    row.set(path.at(-1) ?? '', type);
  }
  return root;
}

function typeText(type: FieldType): string {
  if (typeof type === 'string') return type;
  return `ROW<${[...type].map(([name, field]) => `${q(name)} ${typeText(field)}`).join(', ')}>`;
}
