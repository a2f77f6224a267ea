/** Cost against page loads: which architectures or variants nothing else beats in both.
 * Spec: R72. */
import type { RunCost } from '../../../experiment/costs/run-cost.ts';
import type { ArchitectureResult } from '../../../experiment/result.ts';
import type { Panel } from '../../charts/panel.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { capitalized, formatNumber } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';

/** A subject with its price and its slow pages. */
export interface CostPoint {
  readonly name: string;
  readonly usdPerHour: number;
  readonly p99Ms: number;
}

/** The points that no other is at least as good as in both, and better in one; by cost. */
export function paretoFront(points: readonly CostPoint[]): readonly CostPoint[] {
  const beats = (a: CostPoint, b: CostPoint): boolean =>
    a.usdPerHour <= b.usdPerHour &&
    a.p99Ms <= b.p99Ms &&
    (a.usdPerHour < b.usdPerHour || a.p99Ms < b.p99Ms);
  return points
    .filter((one) => !points.some((other) => beats(other, one)))
    .sort((a, b) => a.usdPerHour - b.usdPerHour || a.p99Ms - b.p99Ms);
}

/** The panel; none where fewer than two can be compared. */
export function costFrontPanels(
  architectures: readonly ArchitectureResult[],
  priced: readonly (ArchitectureResult & { readonly cost: RunCost })[],
): readonly Panel[] {
  const points = priced
    .map(({ name, cost, pageLoadTimeMs }) => ({
      name,
      usdPerHour: cost.usdPerHour,
      p99Ms: pageLoadTimeMs.p99,
    }))
    .filter(({ p99Ms }) => Number.isFinite(p99Ms) && p99Ms !== null);
  if (points.length < 2) return [];
  const front = paretoFront(points);
  const isOnFront = (one: CostPoint) => front.includes(one);
  return [
    xyChart({
      id: 'cost-front',
      heading: 'Cost against page load p99',
      subheading: 'Joined: nothing is cheaper and faster; hollow: something is',
      xName: 'USD per hour',
      yName: 'page load p99, ms',
      origin: { x: 'values', y: 'zero' },
      series: [
        {
          name: 'Pareto front',
          look: 6,
          isJoined: true,
          points: front.map(({ name, usdPerHour, p99Ms }) => ({ name, x: usdPerHour, y: p99Ms })),
        },
        ...points.map((one) => ({
          name: one.name,
          look: architectures.findIndex(({ name }) => name === one.name),
          isJoined: false,
          points: [{ x: one.usdPerHour, y: one.p99Ms, isHollow: !isOnFront(one) }],
        })),
      ],
      table: {
        caption: 'Cost and page load p99',
        columns: [
          capitalized(subjectNoun(architectures)),
          'USD per hour',
          'Page load p99, ms',
          'On the front',
        ],
        textColumns: [3],
        rows: points.map((one) => [
          one.name,
          formatNumber(one.usdPerHour),
          formatNumber(one.p99Ms),
          isOnFront(one) ? '✓ yes' : 'no',
        ]),
      },
    }),
  ];
}
