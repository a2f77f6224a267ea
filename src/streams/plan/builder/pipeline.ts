/** The builder of plans: a chain of calls, each of which gives a new builder, that ends in plain
 * data. Columns are typed from the source to the key of the sink. */
import type { AggregateSpec } from '../../aggregates/aggregate-spec.ts';
import type { Columns } from '../check/expressions.ts';
import { checkStep, columnsOfSource } from '../check/steps.ts';
import type { ColumnType, Expression } from '../expression.ts';
import { validPlan } from '../parse-plan.ts';
import {
  type ColumnSpec,
  type OrderKey,
  PIPELINE_SCHEMA,
  type PipelinePlan,
  type PlanStep,
  type SourceSpec,
  type TableSpec,
  type WatermarkSpec,
} from '../plan.ts';
import type { Aggregate } from './aggregate.ts';
import type {
  AnyColumn,
  BooleanColumn,
  ColumnValue,
  Fields,
  Recorded,
  ValueIn,
  ValueOf,
} from './column.ts';
import { fieldsOf } from './column.ts';
import type { Windowing, WindowOptions } from './window.ts';

/** Columns as a source declares them: a type, or a type and a path. */
export type ColumnSpecs = Readonly<Record<string, ColumnType | ColumnSpec>>;

/** The row that declared columns make. */
export type RowOf<C> = {
  readonly [K in keyof C]: ValueOf<
    C[K] extends ColumnType ? C[K] : C[K] extends { type: infer T extends ColumnType } ? T : never
  >;
};

/** What a source is made of. */
export interface SourceOptions<C extends ColumnSpecs> {
  readonly columns: C;
  /** Column with the event time, µs. */
  readonly time: keyof C & string;
  readonly watermark: WatermarkSpec;
  readonly idleTimeoutUs?: number;
}

/** A source with a name, to start several plans from. */
export interface SourceRef<C extends ColumnSpecs> {
  readonly name: string;
  readonly options: SourceOptions<C>;
}

/** A versioned table to look up in. */
export interface TableRef<C extends Readonly<Record<string, ColumnType>>> {
  readonly name: string;
  readonly spec: TableSpec & { readonly columns: C };
}

/** Declares a versioned table. */
export function table<const C extends Readonly<Record<string, ColumnType>>>(
  name: string,
  spec: { readonly key: ColumnType; readonly columns: C },
): TableRef<C> {
  return { name, spec };
}

/** Keys of an order: `top(10, { by: [desc('minutes')] })`. */
export function desc<K extends string>(column: K): OrderKey & { readonly column: K } {
  return { column, direction: 'desc' };
}

/** See {@link desc}. */
export function asc<K extends string>(column: K): OrderKey & { readonly column: K } {
  return { column, direction: 'asc' };
}

/** What a plan can start from. */
export interface PlanStart {
  source<const C extends ColumnSpecs>(name: string, options: SourceOptions<C>): Pipeline<RowOf<C>>;
  /** A source that is described elsewhere, like `ENRICHED_EVENT`. */
  from<const C extends ColumnSpecs>(source: SourceRef<C>): Pipeline<RowOf<C>>;
}

/** Starts a plan. */
export function pipeline(name: string): PlanStart {
  const start = <const C extends ColumnSpecs>(sourceName: string, options: SourceOptions<C>) => {
    const source = sourceOf(sourceName, options);
    const columns = columnsOfSource(source);
    return new Pipeline<RowOf<C>>({ name, source, tables: {}, steps: [], columns });
  };
  return { source: start, from: (source) => start(source.name, source.options) };
}

/** A source by itself, as the second one of a join. */
function sourceOf<C extends ColumnSpecs>(name: string, options: SourceOptions<C>): SourceSpec {
  const columns = Object.entries(options.columns).map(([column, spec]) => {
    return [column, typeof spec === 'string' ? { type: spec } : spec];
  });
  return { name, ...options, columns: Object.fromEntries(columns) };
}

interface Draft {
  readonly name: string;
  readonly source: SourceSpec;
  readonly tables: Readonly<Record<string, TableSpec>>;
  readonly steps: readonly PlanStep[];
  /** The columns after the last step. */
  readonly columns: Columns;
}

type Named = Readonly<Record<string, AnyColumn>>;
type RowIn<C> = { readonly [K in keyof C]: ValueIn<C[K]> };
/** The row that taking columns `T` (new name → column of `From`) makes. */
type Taken<T, From> = {
  readonly [K in keyof T]: T[K] extends keyof From ? From[T[K]] : never;
};

/** A chain of steps whose rows have columns `Row`. Immutable. */
export class Pipeline<Row> {
  protected readonly draft: Draft;

  constructor(draft: Draft) {
    this.draft = draft;
  }

  /** Keeps rows where the condition is true. */
  filter(where: (fields: Fields<Row>) => BooleanColumn): Pipeline<Row> {
    return this.#then<Row>({ kind: 'filter', where: where(this.#fields()).expression });
  }

  /** Rows of these columns only. Event time stays. */
  map<const C extends Named>(columns: (fields: Fields<Row>) => C): Pipeline<RowIn<C>> {
    return this.#then({ kind: 'map', columns: expressions(columns(this.#fields())) });
  }

  /** The first row of a key passes, others within the time to live of event time do not. */
  dedupe(options: {
    readonly by: (fields: Fields<Row>) => readonly AnyColumn[];
    readonly ttlUs: number;
  }): Pipeline<Row> {
    const by = options.by(this.#fields()).map(({ expression }) => expression);
    return this.#then<Row>({ kind: 'dedupe', by, ttlUs: options.ttlUs });
  }

  /** Rows where the condition is true leave for a side output. */
  divert(output: string, where: (fields: Fields<Row>) => BooleanColumn): Pipeline<Row> {
    return this.#then<Row>({ kind: 'divert', where: where(this.#fields()).expression, output });
  }

  /** Adds columns of the table's row that was valid at the row's event time.
   * @param options - `take`: new column → column of the table. */
  lookup<
    C extends Readonly<Record<string, ColumnType>>,
    const T extends Readonly<Record<string, keyof C & string>>,
  >(
    from: TableRef<C>,
    options: {
      readonly on: (fields: Fields<Row>) => AnyColumn;
      readonly take: T;
      readonly missing?: 'null' | 'drop';
    },
  ): Pipeline<Row & Taken<T, RowOf<C>>> {
    const { on, take, missing = 'null' } = options;
    const tables = { ...this.draft.tables, [from.name]: from.spec };
    const step: PlanStep = {
      kind: 'lookup-join',
      table: from.name,
      on: on(this.#fields()).expression,
      take,
      missing,
    };
    return this.#then(step, tables);
  }

  /** Pairs with rows of another source, of the same key, whose time is within
   * `[time + lower, time + upper]`. @param options - `take`: new column → column of that source. */
  joinWithin<
    const C extends ColumnSpecs,
    const T extends Readonly<Record<string, keyof C & string>>,
    V extends ColumnValue,
  >(
    rightName: string,
    options: {
      readonly right: SourceOptions<C>;
      readonly leftKey: (fields: Fields<Row>) => Recorded<V>;
      readonly rightKey: (fields: Fields<RowOf<C>>) => Recorded<NoInfer<V>>;
      readonly lowerUs: number;
      readonly upperUs: number;
      readonly take: T;
    },
  ): Pipeline<Row & Taken<T, RowOf<C>>> {
    const { lowerUs, upperUs, take } = options;
    const right = sourceOf(rightName, options.right);
    return this.#then({
      kind: 'interval-join',
      right,
      leftKey: options.leftKey(this.#fields()).expression,
      rightKey: options.rightKey(fieldsOf(Object.keys(right.columns))).expression,
      lowerUs,
      upperUs,
      take,
    });
  }

  /** Puts rows into windows; `groupBy` and `aggregate` follow. */
  window(windowing: Windowing<Fields<Row>>, options: WindowOptions = {}): Windowed<Row, unknown> {
    const fields = this.#fields();
    return new Windowed(this.draft, fields, {
      window: { assign: windowing.assignOf(fields), ...options },
      keys: {},
    });
  }

  /** Ends the plan. @throws EngineError `PLAN_INVALID` with every problem. */
  sink(
    name: string,
    options: {
      readonly mode: 'append' | 'upsert';
      readonly key: readonly (keyof Row & string)[];
    },
  ): PipelinePlan {
    const { source, tables, steps } = this.draft;
    return validPlan({
      schema: PIPELINE_SCHEMA,
      name: this.draft.name,
      source,
      ...(Object.keys(tables).length > 0 ? { tables } : {}),
      steps,
      sink: { name, ...options },
    });
  }

  #fields(): Fields<Row> {
    return fieldsOf<Row>(Object.keys(this.draft.columns));
  }

  #then<Next>(step: PlanStep, tables = this.draft.tables): Pipeline<Next> {
    return new Pipeline<Next>(extended({ ...this.draft, tables }, step));
  }
}

/** Rows in windows, to be aggregated. */
export class Windowed<Row, Keys> {
  readonly #draft: Draft;
  readonly #fields: Fields<Row>;
  readonly #begun: Pick<WindowStep, 'window' | 'keys'>;

  constructor(draft: Draft, fields: Fields<Row>, begun: Pick<WindowStep, 'window' | 'keys'>) {
    this.#draft = draft;
    this.#fields = fields;
    this.#begun = begun;
  }

  /** Windows are per key. */
  groupBy<const C extends Named>(keys: (fields: Fields<Row>) => C): Windowed<Row, RowIn<C>> {
    const recorded = expressions(keys(this.#fields));
    return new Windowed(this.#draft, this.#fields, { ...this.#begun, keys: recorded });
  }

  /** What each window tells of its rows: `{ plays: count((f) => f.event_type.eq('play')) }`. */
  aggregate<A extends Readonly<Record<string, Aggregate<Fields<Row>, ColumnValue>>>>(
    aggregates: A,
  ): Aggregated<Keys & ResultsOf<A> & PaneRow> {
    const specs = Object.entries(aggregates).map(([name, one]): [string, AggregateSpec] => {
      return [name, one.specOf(this.#fields)];
    });
    const step: WindowStep = {
      kind: 'window',
      ...this.#begun,
      aggregates: Object.fromEntries(specs),
    };
    return new Aggregated(extended(this.#draft, step), { before: this.#draft, step });
  }
}

type WindowStep = Extract<PlanStep, { kind: 'window' }>;
type ResultsOf<A> = {
  readonly [K in keyof A]: A[K] extends { readonly result?: infer T extends ColumnValue }
    ? T
    : never;
};

/** What a window adds; the last three only where panes can repeat. */
export interface PaneRow {
  readonly window_start: number;
  readonly window_end: number;
  readonly pane_timing: string;
  readonly pane_index: number;
  readonly is_retraction: boolean;
}

/** Results of windows: a chain that goes on, and options of the window step. */
export class Aggregated<Row> extends Pipeline<Row> {
  readonly #last: { readonly before: Draft; readonly step: WindowStep };

  constructor(draft: Draft, last: { readonly before: Draft; readonly step: WindowStep }) {
    super(draft);
    this.#last = last;
  }

  /** Keeps the first rows of each window, by a total order. */
  top(
    limit: number,
    options: {
      readonly by: readonly {
        readonly column: keyof Row & string;
        readonly direction: 'asc' | 'desc';
      }[];
    },
  ): Aggregated<Row & { readonly rank: number }> {
    return this.#with({ top: { limit, by: options.by } });
  }

  /** Where rows go that are too late for all their windows. */
  late(output: string): Aggregated<Row> {
    return this.#with({ lateOutput: output });
  }

  #with<Next>(change: Pick<WindowStep, 'top'> | Pick<WindowStep, 'lateOutput'>): Aggregated<Next> {
    const { before } = this.#last;
    const step = { ...this.#last.step, ...change };
    return new Aggregated<Next>(extended(before, step), { before, step });
  }
}

function extended(draft: Draft, step: PlanStep): Draft {
  const context = { tables: draft.tables, path: 'steps', report: () => {} };
  const columns = checkStep(step, draft.columns, context);
  return { ...draft, steps: [...draft.steps, step], columns };
}

function expressions(columns: Named): Readonly<Record<string, Expression>> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, column.expression]),
  );
}
