/** What a question in SQL is answered with, whatever answers it. */

/** A value as the engine gives it: integers beyond 2^53 are `bigint`, what has no JavaScript value
 * of its own (dates, lists) is the engine's text. */
export type SqlValue = null | string | number | bigint | boolean | Uint8Array;

/** Rows of a question. */
export interface SqlAnswer {
  /** Names in their order; two may be equal. */
  readonly columns: readonly string[];
  /** In the question's order. */
  readonly rows: readonly (readonly SqlValue[])[];
  /** What cut the rows off; undefined where these are all. */
  readonly cutBy?: 'rows' | 'bytes';
}

/** How much an answer may hold. */
export interface AnswerLimits {
  readonly rowsMax: number;
  /** Texts and blobs, roughly. */
  readonly bytesMax: number;
}

/** A table or view that can be asked. */
export interface SqlTable {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** Why a question was not answered: `refused` ones read or write what they must not. */
export interface SqlTrouble {
  readonly kind: 'refused' | 'failed';
  readonly reason: string;
  /** Where, from 1; undefined where the engine does not tell. */
  readonly line?: number;
  readonly column?: number;
}

/** Takes rows until a limit is reached. */
export class AnswerRows {
  readonly #rows: SqlValue[][] = [];
  #cutBy: 'rows' | 'bytes' | undefined;
  readonly #limits: AnswerLimits;
  #bytes = 0;

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  /** @returns whether there is room for more. */
  add(row: SqlValue[]): boolean {
    if (this.#rows.length >= this.#limits.rowsMax) this.#cutBy = 'rows';
    else if (this.#bytes + sizeOf(row) > this.#limits.bytesMax) this.#cutBy = 'bytes';
    else {
      this.#bytes += sizeOf(row);
      this.#rows.push(row);
    }
    return this.#cutBy === undefined;
  }

  answer(columns: readonly string[]): SqlAnswer {
    const cutBy = this.#cutBy;
    return { columns, rows: this.#rows, ...(cutBy === undefined ? {} : { cutBy }) };
  }
}

function sizeOf(row: readonly SqlValue[]): number {
  return row.reduce<number>((sum, value) => {
    if (typeof value === 'string') return sum + 2 * value.length;
    return sum + (value instanceof Uint8Array ? value.length : 8);
  }, 0);
}
