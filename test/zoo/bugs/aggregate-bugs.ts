/** Bugs in aggregates. */
import type { Bug } from '../hunt/bug.ts';

const SUM = 'src/streams/aggregates/exact-sum.ts';
const SKETCH = 'src/streams/aggregates/quantile-sketch.ts';
const HLL = 'src/streams/aggregates/hyper-log-log.ts';
const TOP = 'src/streams/aggregates/top-n.ts';

/** Each with the property that must catch it. */
export const AGGREGATE_BUGS: readonly Bug[] = [
  {
    name: 'exact-sum-is-a-float',
    file: SUM,
    find: `    if (lost !== 0) {
      parts[kept] = lost;`,
    replace: `    if (lost > 1e9) {
      parts[kept] = lost;`,
    story: 'Revenue depends on the order of events: a replay gives another total.',
    property: 'aggregates/sums-are-exact',
    withinRuns: 50,
  },
  {
    name: 'merged-sum-loses-its-parts',
    file: SUM,
    find: 'for (const part of from.parts ?? []) grow(into, part);',
    replace: '',
    story: 'When sessions merge, what was no whole number is gone.',
    property: 'aggregates/sums-are-exact',
    withinRuns: 50,
  },
  {
    name: 'half-to-even-forgets-what-lies-below',
    file: SUM,
    find: 'if ((low < 0 && below < 0) || (low > 0 && below > 0)) {',
    replace: 'if (low < 0 && below < 0 && low > 0) {',
    story: 'The last digit of a sum is wrong once in a while, and two databases disagree.',
    property: 'aggregates/sums-are-exact',
    withinRuns: 5_000,
  },
  {
    name: 'sketch-merge-adds-registers',
    file: HLL,
    find: 'for (const [index, rank] of pairsOf(from)) set(into, index, rank);',
    replace:
      'for (const [index, rank] of pairsOf(from)) set(into, index, rank + ' +
      '(into.sparse?.get(index) ?? into.dense?.[index] ?? 0));',
    story: 'Unique viewers of an hour are more than all the viewers there are.',
    property: 'aggregates/sketches-merge',
    withinRuns: 50,
  },
  {
    name: 'sketch-forgets-zeros-when-saved',
    file: SKETCH,
    find: 'save: (acc) => [acc.zeros, sorted(acc.above), sorted(acc.below)],',
    replace: 'save: (acc) => [0, sorted(acc.above), sorted(acc.below)],',
    story: 'After a restart the median of rebuffering is no longer 0.',
    property: 'aggregates/quantiles-are-near',
    withinRuns: 100,
  },
  {
    name: 'quantile-reads-a-bucket-too-high',
    file: SKETCH,
    find: `    for (const [bucket, count] of sorted(acc.above)) {
        if (left < count) return middleOf(bucket);`,
    replace: `    for (const [bucket, count] of sorted(acc.above)) {
        if (left < count) return middleOf(bucket + 1);`,
    story: 'Every p95 is a little too high, and an objective that is met alarms.',
    property: 'aggregates/quantiles-are-near',
    withinRuns: 50,
  },
  {
    name: 'quantile-below-zero-upside-down',
    file: SKETCH,
    find: 'for (const [bucket, count] of sorted(acc.below).reverse()) {',
    replace: 'for (const [bucket, count] of sorted(acc.below)) {',
    story: 'Of clocks that run behind, the worst is reported as the best.',
    property: 'aggregates/quantiles-are-near',
    withinRuns: 200,
  },
  {
    name: 'top-n-tie-unstable',
    file: TOP,
    find: 'if (best.length === limit && compare(row, best[limit - 1] as Row) >= 0) return;',
    replace: `if (best.length === limit && compare(row, best[limit - 1] as Row) > 1) return;
    if (best.length === limit) best.pop();`,
    story: 'The chart of the ten most watched shows whoever came last among equals.',
    property: 'aggregates/tops-as-sorted',
    withinRuns: 100,
  },
  {
    name: 'top-n-keeps-who-fell',
    file: TOP,
    find: 'window.isStale = isAnyBeside && this.#options.compare(row, before) > 0;',
    replace: 'window.isStale = isAnyBeside && this.#options.compare(row, before) > 9;',
    story: 'A title that lost its viewers keeps its place, and the next one never shows.',
    property: 'aggregates/tops-as-sorted',
    withinRuns: 200,
  },
];
