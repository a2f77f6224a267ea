/** What `backlot query` tells. */

/** A value in JSON. Numbers that JSON has not (beyond 2^53, NaN, infinities) are their decimal
 * texts, blobs `x'0aff'`; the column is named in `notes`. */
export type QueryValue = null | string | number | boolean;

/** `backlot query`. */
export interface QueryDocument {
  readonly schema: 'backlot.query/1';
  readonly backlot: string;
  /** Base name of the file or folder. */
  readonly source: string;
  readonly kind: 'warehouse' | 'lake';
  /** Of the lake's manifest; null for a warehouse. */
  readonly lakeVersion: number | null;
  readonly answers: readonly QueryAnswer[];
}

/** The answer to one question. */
export interface QueryAnswer {
  /** Name, words and unit of a metric; null for a question in SQL. */
  readonly metric: { readonly name: string; readonly words: string; readonly unit: string } | null;
  /** Only events for which this holds; null for all. */
  readonly where: string | null;
  readonly sql: string;
  readonly columns: readonly string[];
  /** Aligned with the columns, in the question's order. */
  readonly rows: readonly (readonly QueryValue[])[];
  /** Whether there were more rows than `limit`. */
  readonly isCut: boolean;
  /** Whether it found anything at all: a metric of nothing but nulls and zeros did not. */
  readonly hasData: boolean;
  /** What to know before the rows are used. */
  readonly notes: readonly string[];
}

/** `backlot query --list`. */
export interface QueryListDocument {
  readonly schema: 'backlot.query-list/1';
  readonly backlot: string;
  readonly source: string;
  readonly kind: 'warehouse' | 'lake';
  readonly metrics: readonly {
    readonly name: string;
    readonly words: string;
    readonly unit: string;
  }[];
  readonly tables: readonly {
    readonly name: string;
    readonly kind: 'table' | 'view';
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  }[];
}
