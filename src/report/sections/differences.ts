/** Paired differences: one panel a metric, one row a pair of architectures. */
import { dotChart } from '../charts/dot-chart.ts';
import type { Panel } from '../charts/panel.ts';
import { formatEstimate, formatNumber, unitName } from '../numbers.ts';
import {
  differencesFromBest,
  isNoDifference,
  type JudgedDifference,
  type Judgement,
} from '../significance.ts';

const SHOWN_NAMES = { lower: 'lower', higher: 'higher', none: 'may be chance' } as const;

/** What a difference shows, in two words. */
export function shownName(judged: JudgedDifference): string {
  return isNoDifference(judged) ? 'equal' : SHOWN_NAMES[judged.shown];
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

function differencePanel(metric: string, all: readonly JudgedDifference[], id: string): Panel {
  const unit = unitName(all[0]?.unit ?? '');
  const { pairs, best } = differencesFromBest(all);
  return dotChart({
    id,
    heading: `Difference in ${metric}`,
    subheading:
      best === undefined
        ? 'Below zero: the first of the two is lower; whiskers are 95 % intervals'
        : `Each minus ${best}, the lowest, with 95 % intervals; the table has all pairs`,
    unit,
    rows: pairs.map((one) => (best === undefined ? pairName(one) : one.b)),
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
      rows: all.map((one) => [
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
