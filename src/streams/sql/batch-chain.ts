/** The chain of common table expressions that a plan becomes: each step reads the relation before
 * it. Hidden columns start with `$`: `$time` (event time, µs) and, where a step needs it, `$order`
 * (order of arrival). */
import { EngineError } from '../../kernel/errors.ts';
import type { PlanFunction } from '../plan/functions.ts';
import type { Columns, SqlScope } from './print-expression.ts';
import type { SqlDialect } from './sql-dialect.ts';

/** A relation of a batch that holds a source's rows. */
export interface BatchSource {
  readonly relation: string;
  /** Column with the whole record as JSON text, from which columns are taken by their paths;
   * default: the relation has the source's columns under their own names. */
  readonly record?: string;
  /** Column with the order of arrival, a number; default: the order of the relation's rows. */
  readonly order?: string;
}

/** A relation of a batch that holds the versions of a table, at most one for a key and time. */
export interface BatchTable {
  readonly relation: string;
  /** Default `key`. */
  readonly key?: string;
  /** Column with µs; default `valid_from`. */
  readonly validFrom?: string;
  /** Boolean column that is true where a version ends the key's row; default: there is none. */
  readonly ended?: string;
}

/** A step's rows. */
export interface Stage {
  /** Quoted name. */
  readonly relation: string;
  readonly columns: Columns;
}

/** What the printers of steps share. */
export interface BatchChain {
  readonly dialect: SqlDialect;
  readonly functions: readonly PlanFunction[];
  readonly needsOrder: boolean;
  readonly sources: Readonly<Record<string, BatchSource>>;
  readonly tables: Readonly<Record<string, BatchTable>>;
  readonly ctes: string[];
  readonly warnings: string[];
}

/** Adds a common table expression. Lines are not indented: some are within texts. @returns its
 * quoted name. */
export function addCte(chain: BatchChain, label: string, query: string): string {
  const name = chain.dialect.name(`$${label}`);
  chain.ctes.push(`${name} AS (\n${query}\n)`);
  return name;
}

/** What expressions over a stage may refer to. */
export function scopeOf(
  chain: BatchChain,
  stage: Stage,
  { place, prefix }: { readonly place: string; readonly prefix?: string },
): SqlScope {
  const { dialect, functions } = chain;
  const scope = { dialect, functions, columns: stage.columns, place };
  return prefix === undefined ? scope : { ...scope, prefix };
}

/** Quoted names of the hidden columns. */
export function hiddenColumns({ dialect, needsOrder }: BatchChain): string[] {
  return [dialect.name('$time'), ...(needsOrder ? [dialect.name('$order')] : [])];
}

/** A relation's name, quoted. @throws EngineError `STREAMS_BAD_ARGUMENT` for a hidden name. */
export function relationName(chain: BatchChain, name: string): string {
  if (!name.startsWith('$')) return chain.dialect.name(name);
  const message = `relation "${name}": names that start with $ are those of steps; name a view`;
  throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'relation', found: name });
}

/** `SELECT` of a list of columns, one a line where there are many. */
export function select(columns: readonly string[], rest: string): string {
  const list = columns.join(', ');
  return list.length <= 80 ? `SELECT ${list}\n${rest}` : `SELECT ${columns.join(',\n  ')}\n${rest}`;
}
