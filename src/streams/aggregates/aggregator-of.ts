/** From specifications to running aggregates, alone or several side by side. */

import type { PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { Scalar } from '../plan/expression.ts';
import type { AggregateSpec, Aggregator } from './aggregate-spec.ts';
import { createCount, createCountDistinct, createExtreme } from './basic-aggregators.ts';
import { createAvg, createSum } from './exact-sum.ts';
import { createHyperLogLog } from './hyper-log-log.ts';
import { createQuantileSketch } from './quantile-sketch.ts';

/** An aggregate over rows: what it reads of each, and which take part. */
export interface RowAggregate<Row> {
  readonly spec: AggregateSpec;
  /** The value; undefined where the specification has none, and rows are counted. */
  readonly read: ((row: Row) => Scalar) | undefined;
  /** Whether a row takes part; undefined for all. */
  readonly isCounted: ((row: Row) => boolean) | undefined;
}

type Part<Row> = Aggregator<Row, unknown, Scalar>;

/** An aggregate of the values themselves, without rows. */
export function aggregatorOf(spec: AggregateSpec): Aggregator<Scalar, unknown, Scalar> {
  return aggregateOf(spec) as Aggregator<Scalar, unknown, Scalar>;
}

function aggregateOf(spec: AggregateSpec): unknown {
  switch (spec.kind) {
    case 'count':
      return createCount();
    case 'sum':
      return createSum();
    case 'avg':
      return createAvg();
    case 'min':
    case 'max':
      return createExtreme(spec.kind);
    case 'count_distinct':
      return createCountDistinct();
    case 'approx_count_distinct':
      return createHyperLogLog(spec.precision);
    case 'quantile':
      return createQuantileSketch(spec);
    default: {
      const kind = (spec as AggregateSpec).kind;
      const message = `aggregate "${kind}": no such kind`;
      throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'kind', found: kind });
    }
  }
}

/** An aggregate over rows: NULL and rows that do not take part leave it alone. */
export function rowAggregator<Row>(aggregate: RowAggregate<Row>): Part<Row> {
  const inner = aggregatorOf(aggregate.spec);
  const { read, isCounted } = aggregate;
  return {
    ...inner,
    add(acc, row) {
      if (isCounted !== undefined && !isCounted(row)) return acc;
      if (read === undefined) return inner.add(acc, true);
      const value = read(row);
      return value === null ? acc : inner.add(acc, value);
    },
  };
}

/** Several aggregates over the same rows, as one whose result is named values. */
export function combinedAggregator<Row>(
  parts: Readonly<Record<string, RowAggregate<Row>>>,
): Aggregator<Row, unknown[], Readonly<Record<string, Scalar>>> {
  const names = Object.keys(parts);
  const inner = Object.values(parts).map((part) => rowAggregator(part));
  return {
    create: () => inner.map((part) => part.create()),
    add(acc, row) {
      for (let n = 0; n < inner.length; n += 1) {
        acc[n] = (inner[n] as Part<Row>).add(acc[n], row);
      }
      return acc;
    },
    merge(into, from) {
      inner.forEach((part, n) => {
        into[n] = part.merge(into[n], from[n]);
      });
      return into;
    },
    result(acc) {
      const result: Record<string, Scalar> = {};
      names.forEach((name, n) => {
        result[name] = (inner[n] as Part<Row>).result(acc[n]);
      });
      return result;
    },
    save: (acc) => inner.map((part, n) => part.save(acc[n])),
    load: (saved) => inner.map((part, n) => part.load((saved as readonly PlainValue[])[n] ?? null)),
  };
}
