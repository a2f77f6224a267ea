/** Paired differences: one panel a metric, one row a pair of architectures. */
import { dotChart } from '../charts/dot-chart.ts';
import type { Panel } from '../charts/panel.ts';
import { formatEstimate, formatNumber, unitName } from '../numbers.ts';
import type { JudgedDifference, Judgement } from '../significance.ts';

const SHOWN_NAMES = { lower: 'lower', higher: 'higher', none: 'may be chance' } as const;

/** What a difference shows, in two words. */
export function shownName({ shown }: JudgedDifference): string {
  return SHOWN_NAMES[shown];
}

/** One panel for each metric in the judgement, in its order.
 * @param idPrefix - Makes the ids of the drawings unique in the page. */
export function differencePanels({ differences }: Judgement, idPrefix: string): readonly Panel[] {
  const metrics = [...new Set(differences.map(({ metric }) => metric))];
  return metrics.map((metric, n) =>
    differencePanel(
      metric,
      differences.filter((one) => one.metric === metric),
      `${idPrefix}-difference-${n}`,
    ),
  );
}

function differencePanel(metric: string, pairs: readonly JudgedDifference[], id: string): Panel {
  const unit = unitName(pairs[0]?.unit ?? '');
  return dotChart({
    id,
    heading: `Difference in ${metric}`,
    subheading: 'Below zero: the first of the two is lower; whiskers are 95 % intervals',
    unit,
    rows: pairs.map(pairName),
    series: [
      {
        name: metric,
        values: pairs.map(({ difference }) => difference),
        hollow: pairs.map(({ shown }) => shown === 'none'),
      },
    ],
    origin: 'marked-zero',
    table: {
      caption: `Paired differences in ${metric}, ${unit}, with 95 % intervals`,
      columns: ['Pair', `Difference, ${unit}`, 'Shown', 'Variance reduction by pairing'],
      textColumns: [2],
      rows: pairs.map((one) => [
        pairName(one),
        formatEstimate(one.difference, true),
        shownName(one),
        one.varianceReduction === null ? '–' : `${formatNumber(one.varianceReduction)} ×`,
      ]),
    },
  });
}

/** `b − a`, as the difference is taken. */
export function pairName({ a, b }: JudgedDifference): string {
  return `${b} − ${a}`;
}
