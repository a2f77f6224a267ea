/** From records to rows: each column is read at its path and checked against its type. What is no
 * row is told with the reason, which names the column and holds nothing of the value. Reads only
 * what the plan names, so that other fields of a record, whatever they are called, do nothing.
 * Spec: W40. */
import type { SourceSpec } from '../plan/plan.ts';
import type { PlanRow } from './compile-expression.ts';

/** Reads records of one source. */
export interface SourceReader {
  /** @returns the row, or null where {@link SourceReader.problem} says why not. */
  read(record: unknown): PlanRow | null;
  readonly problem: string;
  /** Column with the event time. */
  readonly time: string;
}

/** Makes a reader. Missing fields and null are NULL; the event time must be there. */
export function createSourceReader(source: SourceSpec): SourceReader {
  const columns = Object.entries(source.columns).map(([name, { type, path }]) => ({
    name,
    type,
    parts: (path ?? name).split('.'),
  }));
  const values = columns.map(({ name, type, parts }, n) => {
    const steps = parts.map((part) => `v = v[${JSON.stringify(part)}]; if (v == null) break;`);
    const fault = JSON.stringify(`${name}: no ${type}`);
    return `let c${n} = null; do { v = record; ${steps.join(' ')}
      if (${CHECKS[type]}) { c${n} = ${isNumber(type) ? 'v + 0' : 'v'}; } else { return ${fault}; }
    } while (false);`;
  });
  const time = columns.findIndex(({ name }) => name === source.time);
  const fields = columns.map(({ name }, n) => `[${JSON.stringify(name)}]: c${n}`);
  const text = `'use strict'; return function read(record) { let v; ${values.join('\n')}
    if (c${time} === null) return ${JSON.stringify(`${source.time}: no event time`)};
    return { ${fields.join(', ')} }; };`;
  const read = new Function(text)() as (record: object) => PlanRow | string;
  return new Reader(read, source.time);
}

const CHECKS = {
  string: `typeof v === 'string'`,
  integer: 'Number.isSafeInteger(v)',
  timestamp: 'Number.isSafeInteger(v)',
  double: 'Number.isFinite(v)',
  boolean: `typeof v === 'boolean'`,
} as const;

function isNumber(type: keyof typeof CHECKS): boolean {
  return type !== 'string' && type !== 'boolean';
}

class Reader implements SourceReader {
  readonly #read: (record: object) => PlanRow | string;
  readonly time: string;
  problem = '';

  constructor(read: (record: object) => PlanRow | string, time: string) {
    this.#read = read;
    this.time = time;
  }

  read(record: unknown): PlanRow | null {
    if (typeof record !== 'object' || record === null) {
      this.problem = 'no object';
      return null;
    }
    const row = this.#read(record);
    if (typeof row !== 'string') return row;
    this.problem = row;
    return null;
  }
}
