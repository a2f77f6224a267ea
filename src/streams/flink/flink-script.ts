/** The parts of a Flink script while it is written: settings, tables, views, inserts. Hidden
 * columns of every view carry the time attributes. */
import type { PlanFunction } from '../plan/functions.ts';
import type { Columns, SqlScope } from '../sql/print-expression.ts';
import { FLINK_DIALECT } from './flink-dialect.ts';

/** Which of two meanings of "result" a script has. `final`: one row for each key and window, by
 * window table functions, lateness being folded into the watermark. `update`: a first row and a
 * new one for each late row, by group windows, into an upsert sink. */
export type FlinkVariant = 'final' | 'update';

/** What the printers of statements share. */
export interface FlinkScript {
  readonly variant: FlinkVariant;
  /** Prefix of the views' names. */
  readonly title: string;
  /** Topic of a source, table, sink or output. */
  readonly topicOf: (name: string) => string;
  readonly functions: readonly PlanFunction[];
  /** Name of the event time attribute, and of the process time attribute where one is needed. */
  readonly rowTime: string;
  readonly procTime: string | undefined;
  /** How far all watermarks of sources stay behind besides their bounds, in µs. */
  readonly extraBoundUs: number;
  readonly settings: Map<string, string>;
  readonly tables: string[];
  readonly views: string[];
  readonly inserts: string[];
}

/** A view or table, and its columns besides the hidden ones. */
export interface FlinkStage {
  /** Quoted. */
  readonly relation: string;
  readonly columns: Columns;
  /** Columns that are TIMESTAMP(3) here and µs in the plan. */
  readonly bounds: ReadonlySet<string>;
}

/** Adds a view. @returns its quoted name. */
export function addView(script: FlinkScript, label: string, query: string): string {
  const name = FLINK_DIALECT.name(`${script.title}_${label}`);
  script.views.push(`CREATE TEMPORARY VIEW ${name} AS\n${query};`);
  return name;
}

/** Quoted names of the time attributes. */
export function timeAttributes({ rowTime, procTime }: FlinkScript): string[] {
  const names = procTime === undefined ? [rowTime] : [rowTime, procTime];
  return names.map(FLINK_DIALECT.name);
}

/** What expressions over a stage may refer to. */
export function flinkScope(
  { functions }: FlinkScript,
  { columns }: FlinkStage,
  { place, prefix }: { readonly place: string; readonly prefix?: string },
): SqlScope {
  const scope = { dialect: FLINK_DIALECT, functions, columns, place };
  return prefix === undefined ? scope : { ...scope, prefix };
}

/** `SELECT` with a column a line. */
export function selectLines(columns: readonly string[], rest: string): string {
  return `SELECT\n  ${columns.join(',\n  ')}\n${rest}`;
}
