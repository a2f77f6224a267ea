/** Windows as SQL: keys and aggregates' inputs of each row, its windows, then one row a key and
 * window, the final one. Times are integers throughout. Spec: W55–W57. */
import type { ColumnType, Expression } from '../plan/expression.ts';
import type { PlanStep } from '../plan/plan.ts';
import type { WindowAssignment } from '../windows/window-spec.ts';
import { addCte, type BatchChain, type Stage, scopeOf, select } from './batch-chain.ts';
import { printAggregate } from './print-aggregate.ts';
import { printColumn, printNumber } from './print-expression.ts';
import type { SqlDialect } from './sql-dialect.ts';

type WindowStep = Extract<PlanStep, { kind: 'window' }>;

interface Part {
  readonly step: WindowStep;
  readonly label: string;
}

/** One row for each key and window, ranked and cut where the step says so. */
export function printWindow(chain: BatchChain, stage: Stage, { step, label }: Part): Stage {
  const { dialect } = chain;
  const { assign } = step.window;
  const scope = scopeOf(chain, stage, { place: label });
  const keys = Object.entries(step.keys).map(([name, key]) => ({
    name,
    ...printColumn(key, scope),
  }));
  const aggregates = Object.entries(step.aggregates).map(([name, spec], index) => ({
    name,
    ...printAggregate(spec, scope, index),
  }));
  const gap =
    assign.kind === 'session' ? gapOf(assign.gapUs, (one) => printNumber(one, scope)) : [];
  const keyed = addCte(
    chain,
    `${label}_keyed`,
    select(
      [
        ...keys.map(({ name, sql }) => `${sql} AS ${dialect.name(name)}`),
        ...aggregates.flatMap(({ inputs }) => inputs),
        ...gap.map((sql) => `${sql} AS ${dialect.name('$gap')}`),
        dialect.name('$time'),
      ],
      `FROM ${stage.relation}`,
    ),
  );
  const keyNames = keys.map(({ name }) => dialect.name(name));
  const windows = assignWindows(chain, { assign, keyed, keyNames, label });
  const bounds = [`${windows.start} AS window_start`, `${windows.end} AS window_end`];
  const grouped = addCte(
    chain,
    `${label}_panes`,
    select(
      [
        ...keyNames,
        ...aggregates.map(({ name, result }) => `${result} AS ${dialect.name(name)}`),
        ...bounds,
      ],
      `FROM ${windows.from}\n${grouping([...keyNames, ...windows.groupBy])}`,
    ),
  );
  const types: [string, ColumnType][] = [
    ...keys.map(({ name, type }): [string, ColumnType] => [
      name,
      type === 'null' ? 'string' : type,
    ]),
    ...aggregates.map(({ name, type }): [string, ColumnType] => [name, type]),
    ['window_start', 'timestamp'],
    ['window_end', 'timestamp'],
  ];
  const panes = { relation: grouped, columns: new Map(types) };
  return timed(
    chain,
    step.top === undefined ? panes : printTop(chain, panes, { step, label }),
    label,
  );
}

/** SQL that orders by a column, NULL being the least value. */
export function orderBy(sql: string, direction: 'asc' | 'desc'): string {
  return direction === 'asc' ? `${sql} ASC NULLS FIRST` : `${sql} DESC NULLS LAST`;
}

interface Windows {
  readonly from: string;
  /** SQL over a group. */
  readonly start: string;
  readonly end: string;
  readonly groupBy: readonly string[];
}

interface AssignParts {
  readonly assign: WindowAssignment;
  readonly keyed: string;
  readonly keyNames: readonly string[];
  readonly label: string;
}

function assignWindows(chain: BatchChain, parts: AssignParts): Windows {
  const { assign, keyed, label } = parts;
  const { dialect } = chain;
  const [start, end] = [dialect.name('$start'), dialect.name('$end')];
  const groups = { start, end, groupBy: [start, end] };
  const nowhere = dialect.cast('NULL', 'timestamp');
  switch (assign.kind) {
    case 'global':
      return { from: keyed, start: nowhere, end: nowhere, groupBy: [] };
    case 'tumbling': {
      const first = gridStart(dialect.name('$time'), assign.sizeUs, assign.offsetUs);
      const bounds = `${first} AS ${start}, ${first} + ${assign.sizeUs} AS ${end}`;
      const query = `SELECT *, ${bounds}\nFROM ${keyed}`;
      return { from: addCte(chain, `${label}_assigned`, query), ...groups };
    }
    case 'hopping': {
      const last = gridStart(dialect.name('$time'), assign.slideUs, assign.offsetUs);
      const hops = numbers(chain, Math.ceil(assign.sizeUs / assign.slideUs), label);
      const at = `${last} - ${hops.n} * ${assign.slideUs}`;
      const query = [
        `SELECT *, ${at} AS ${start}, ${at} + ${assign.sizeUs} AS ${end}`,
        `FROM ${keyed}, ${hops.relation}`,
        `WHERE ${at} + ${assign.sizeUs} > ${dialect.name('$time')}`,
      ];
      return { from: addCte(chain, `${label}_assigned`, query.join('\n')), ...groups };
    }
    case 'cumulate': {
      const first = gridStart(dialect.name('$time'), assign.maxSizeUs, assign.offsetUs);
      const steps = numbers(chain, Math.ceil(assign.maxSizeUs / assign.stepUs), label);
      const at = `${first} + (${steps.n} + 1) * ${assign.stepUs}`;
      const query = [
        `SELECT *, ${first} AS ${start}, ${at} AS ${end}`,
        `FROM ${keyed}, ${steps.relation}`,
        `WHERE ${at} > ${dialect.name('$time')}`,
      ];
      return { from: addCte(chain, `${label}_assigned`, query.join('\n')), ...groups };
    }
    case 'session':
      return assignSessions(chain, { ...parts, assign });
    default:
      return assign satisfies never;
  }
}

/** Sessions: rows by time; one that begins after the furthest end so far opens the next. Rows of
 * one time are peers of the running number, so that their order does not matter. */
function assignSessions(
  chain: BatchChain,
  parts: AssignParts & { readonly assign: Extract<WindowAssignment, { kind: 'session' }> },
): Windows {
  const { assign, keyed, keyNames, label } = parts;
  const { dialect } = chain;
  const time = dialect.name('$time');
  const partition = keyNames.length === 0 ? '' : `PARTITION BY ${keyNames.join(', ')} `;
  const over = `${partition}ORDER BY ${time}`;
  const isFixed = typeof assign.gapUs === 'number';
  const end = `${time} + ${typeof assign.gapUs === 'number' ? assign.gapUs : gapOfRow(dialect)}`;
  const before = 'ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING';
  const furthest = isFixed ? `lag(${end}) OVER (${over})` : `MAX(${end}) OVER (${over} ${before})`;
  const goesOn = `${time} ${assign.touch === 'split' ? '<' : '<='} ${furthest}`;
  const opens = dialect.name('$opens');
  const marked = addCte(
    chain,
    `${label}_marked`,
    `SELECT *, CASE WHEN ${goesOn} THEN 0 ELSE 1 END AS ${opens}\nFROM ${keyed}`,
  );
  const session = dialect.name('$session');
  const numbered = addCte(
    chain,
    `${label}_assigned`,
    `SELECT *, SUM(${opens}) OVER (${over}) AS ${session}\nFROM ${marked}`,
  );
  const last = assign.touch === 'kafka' ? `MAX(${time})` : `MAX(${end})`;
  return {
    from: numbered,
    start: `MIN(${time})`,
    end: isFixed ? last : `CASE WHEN ${last} < ${Number.MAX_SAFE_INTEGER} THEN ${last} END`,
    groupBy: [session],
  };
}

/** A row's own gap in whole µs: at least 1, as a row's session holds the row. */
function gapOfRow(dialect: SqlDialect): string {
  const gap = dialect.name('$gap');
  const most = Number.MAX_SAFE_INTEGER;
  const whole = dialect.cast(dialect.floor(gap), 'timestamp');
  return `CASE WHEN ${gap} >= ${most} THEN ${most} WHEN ${gap} >= 1 THEN ${whole} ELSE 1 END`;
}

/** 0 … count − 1, as a relation. */
function numbers(chain: BatchChain, count: number, label: string) {
  const { dialect } = chain;
  const n = dialect.name('$n');
  const self = dialect.name(`$${label}_numbers`);
  const next = `SELECT ${n} + 1 FROM ${self} WHERE ${n} + 1 < ${count}`;
  const relation = addCte(chain, `${label}_numbers`, `SELECT 0 AS ${n} UNION ALL ${next}`);
  return { relation, n };
}

/** Start of the grid's cell that a time is in, also before the epoch. */
function gridStart(time: string, sizeUs: number, offsetUs = 0): string {
  const since = offsetUs === 0 ? time : `(${time} - (${offsetUs}))`;
  return `(${time} - ((${since} % ${sizeUs}) + ${sizeUs}) % ${sizeUs})`;
}

function gapOf(gapUs: number | Expression, print: (gap: Expression) => string): string[] {
  return typeof gapUs === 'number' ? [] : [print(gapUs)];
}

function grouping(by: readonly string[]): string {
  return by.length === 0 ? 'HAVING COUNT(*) > 0' : `GROUP BY ${by.join(', ')}`;
}

function printTop(chain: BatchChain, panes: Stage, { step, label }: Part): Stage {
  const { dialect } = chain;
  const { limit = 0, by = [] } = step.top ?? {};
  const keys = Object.keys(step.keys).filter((key) => by.every(({ column }) => column !== key));
  const order = [
    ...by.map(({ column, direction }) => orderBy(dialect.name(column), direction)),
    ...keys.map((key) => orderBy(dialect.name(key), 'asc')),
  ];
  const within = 'PARTITION BY window_start, window_end ORDER BY';
  const ranked = addCte(
    chain,
    `${label}_ranked`,
    `SELECT *, row_number() OVER (${within} ${order.join(', ')}) AS rank\nFROM ${panes.relation}`,
  );
  const top = addCte(chain, `${label}_top`, `SELECT * FROM ${ranked} WHERE rank <= ${limit}`);
  return { relation: top, columns: new Map([...panes.columns, ['rank', 'integer']]) };
}

function timed(chain: BatchChain, { relation, columns }: Stage, label: string): Stage {
  const time = chain.dialect.name('$time');
  const query = `SELECT *, window_end - 1 AS ${time}\nFROM ${relation}`;
  return { relation: addCte(chain, label, query), columns };
}
