/** Arms of closed loops side by side: of all variants, each with a look that it keeps. */
import type { ArmResult } from '../../../experiment/recommendations/results/loop-result.ts';
import type { ArchitectureResult } from '../../../experiment/result.ts';
import { dotChart } from '../../charts/dot-chart.ts';
import type { Panel } from '../../charts/panel.ts';
import type { Cell, TableSpec } from '../../html/table.ts';
import {
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
  type IntervalEstimate,
  NO_NUMBER,
} from '../../numbers.ts';

/** An arm by the name that it has in a report, and its place in its loop. */
export interface NamedArm {
  readonly name: string;
  readonly arm: ArmResult;
  readonly place: number;
  readonly of: ArchitectureResult;
}

/** All arms: by their own name where one run is shown, else by variant, and arm where it has
 * several. */
export function namedArms(architectures: readonly ArchitectureResult[]): readonly NamedArm[] {
  const loops = architectures.filter(({ recommendations }) => recommendations !== undefined);
  return loops.flatMap((of) => {
    const arms = of.recommendations?.arms ?? [];
    return arms.map((arm, place) => {
      const isOnly = arms.length === 1;
      const name = loops.length === 1 ? arm.name : isOnly ? of.name : `${of.name}: ${arm.name}`;
      return { name, arm, place, of };
    });
  });
}

/** What can be told of an arm in a line. */
export function armTable(arms: readonly NamedArm[]): TableSpec {
  const row = (name: string, of: (arm: ArmResult) => Cell): readonly Cell[] => [
    name,
    ...arms.map(({ arm }) => of(arm)),
  ];
  return {
    caption: 'Arms',
    columns: ['', ...arms.map(({ name }) => name)],
    rows: [
      row('Policy', ({ policy }) => policy),
      row('Viewers', ({ viewers, share }) => ({
        text: formatCount(viewers),
        note: `of ${formatShare(share)} planned`,
      })),
      row('Visits', ({ visits }) => formatCount(visits)),
      row('Rows shown', ({ rows }) => formatCount(rows)),
      row('Rows taken from', ({ takeRate }) => estimated(takeRate, 100, '%')),
      row('Plays', ({ plays }) => formatCount(plays)),
      row('Plays to the end', ({ completionShare }) => formatShare(completionShare)),
      row('Hours per viewer', ({ hoursPerViewer }) => estimated(hoursPerViewer, 1, 'h')),
      row('Satisfaction at the end', ({ satisfaction }) => estimated(satisfaction, 1, '')),
      row('Came back', ({ returned }) => formatCount(returned)),
      row('Left for good', ({ churned }) => formatCount(churned)),
      row('True value of a row', ({ value }) => formatNumber(value)),
      row('Value of the best row', ({ bestValue }) => formatNumber(bestValue)),
      row('Share of the oracle', ({ shareOfOracle }) => formatShare(shareOfOracle)),
      row('Regret, all rows', ({ regret }) => formatNumber(regret)),
    ],
  };
}

/** Three measures with their intervals. */
export function armPanels(arms: readonly NamedArm[]): readonly Panel[] {
  const panel = (
    id: string,
    [heading, unit]: readonly [heading: string, unit: string],
    of: (arm: ArmResult) => IntervalEstimate | null,
  ): Panel =>
    dotChart({
      id: `recommendation-${id}`,
      heading,
      subheading: 'with its 95 % interval over viewers',
      unit,
      rows: arms.map(({ name }) => name),
      series: [{ name: heading, values: arms.map(({ arm }) => of(arm)) }],
      origin: 'values',
      styleByRow: true,
      table: {
        caption: `${heading}, ${unit}`,
        columns: ['Arm', heading],
        rows: arms.map(({ name, arm }) => [name, estimated(of(arm), 1, unit)]),
      },
    });
  return [
    panel('takes', ['Rows taken from', '%'], ({ takeRate }) => scaled(takeRate, 100)),
    panel('hours', ['Hours per viewer', 'h'], ({ hoursPerViewer }) => hoursPerViewer),
    panel('content', ['Satisfaction', '0–1'], ({ satisfaction }) => satisfaction),
  ];
}

function scaled(estimate: IntervalEstimate | null, by: number): IntervalEstimate | null {
  if (estimate === null) return null;
  const { value, low, high } = estimate;
  return {
    value: value * by,
    low: low === null ? null : low * by,
    high: high === null ? null : high * by,
  };
}

function estimated(estimate: IntervalEstimate | null, by: number, unit: string): string {
  const found = scaled(estimate, by);
  return found === null ? NO_NUMBER : `${formatEstimate(found)} ${unit}`.trimEnd();
}
