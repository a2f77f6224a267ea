/** Deduplication as a fold in order of arrival: the first row of a key passes, others not further
 * than the time to live from it are dropped; one that is later still passes and takes its place.
 * The stream says the same of rows that are not late: what it forgets only late rows could meet.
 * Spec: W53. */
import type { PlanStep } from '../plan/plan.ts';
import {
  addCte,
  type BatchChain,
  hiddenColumns,
  type Stage,
  scopeOf,
  select,
} from './batch-chain.ts';
import { printColumn } from './print-expression.ts';

/** The rows that pass. Recurses once for each row of the longest key. */
export function printDedupe(
  chain: BatchChain,
  stage: Stage,
  { step, label }: { readonly step: Extract<PlanStep, { kind: 'dedupe' }>; readonly label: string },
): Stage {
  const { dialect } = chain;
  const [time, order] = [dialect.name('$time'), dialect.name('$order')];
  const [key, nth, opened] = [dialect.name('$key'), dialect.name('$nth'), dialect.name('$opened')];
  const scope = scopeOf(chain, stage, { place: label });
  const by = step.by.map((one) => printColumn(one, scope).sql);
  const partition = by.length === 0 ? '' : `PARTITION BY ${by.join(', ')} `;
  const keys = by.length === 0 ? '1' : `dense_rank() OVER (ORDER BY ${by.join(', ')})`;
  const columns = [...[...stage.columns.keys()].map(dialect.name), ...hiddenColumns(chain)];
  const numbered = addCte(
    chain,
    `${label}_numbered`,
    select(
      [
        ...columns,
        `${keys} AS ${key}`,
        `row_number() OVER (${partition}ORDER BY ${order}) AS ${nth}`,
      ],
      `FROM ${stage.relation}`,
    ),
  );
  const passes = dialect.name('$passes');
  const isFar = `abs(n.${time} - f.${opened}) > ${step.ttlUs}`;
  const isLater = `n.${time} > f.${opened} + ${step.ttlUs}`;
  const remembered = `CASE WHEN ${isLater} THEN n.${time} ELSE f.${opened} END`;
  const folded = addCte(
    chain,
    `${label}_folded`,
    [
      `SELECT ${key}, ${nth}, ${time} AS ${opened}, ${dialect.boolean(true)} AS ${passes}`,
      `FROM ${numbered} WHERE ${nth} = 1`,
      'UNION ALL',
      `SELECT n.${key}, n.${nth}, ${remembered}, ${isFar}`,
      `FROM ${dialect.name(`$${label}_folded`)} f`,
      `JOIN ${numbered} n ON n.${key} = f.${key} AND n.${nth} = f.${nth} + 1`,
    ].join('\n'),
  );
  const isSame = `f.${key} = n.${key} AND f.${nth} = n.${nth}`;
  const passed = `FROM ${numbered} n JOIN ${folded} f ON ${isSame}`;
  const query = select(
    columns.map((column) => `n.${column}`),
    `${passed}\nWHERE f.${passes}`,
  );
  return { relation: addCte(chain, label, query), columns: stage.columns };
}
