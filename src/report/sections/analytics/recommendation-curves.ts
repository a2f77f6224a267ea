/** Closed loops over time, and over the slots of a row. */
import type { LoopSeries } from '../../../experiment/recommendations/results/loop-result.ts';
import type { Panel } from '../../charts/panel.ts';
import { type XySeries, xyChart } from '../../charts/xy-chart.ts';
import { formatNumber, formatShare } from '../../numbers.ts';
import type { NamedArm } from './recommendation-arms.ts';

type Curve = 'regretPerViewer' | 'satisfaction';

/** Regret, satisfaction, and what is taken slot by slot. */
export function recommendationCurves(arms: readonly NamedArm[]): readonly Panel[] {
  return [
    overTime(arms, {
      curve: 'regretPerViewer',
      heading: 'Regret',
      subheading: 'What the best rows would have been worth more so far, per viewer of the arm',
      yName: 'titles watched in full',
    }),
    overTime(arms, {
      curve: 'satisfaction',
      heading: 'Satisfaction over time',
      subheading: 'Mean of the viewers that have come so far; a newcomer has 0.5',
      yName: 'satisfaction, 0–1',
    }),
    bySlot(arms),
  ];
}

function overTime(
  arms: readonly NamedArm[],
  of: {
    readonly curve: Curve;
    readonly heading: string;
    readonly subheading: string;
    readonly yName: string;
  },
): Panel {
  const { curve, heading, subheading, yName } = of;
  const hours = hoursOf(arms);
  const lines = arms.map((arm) => curveOf(arm, curve));
  return xyChart({
    id: `recommendation-${curve}`,
    heading,
    subheading,
    xName: 'hours since the start',
    yName,
    origin: { x: 'zero', y: curve === 'regretPerViewer' ? 'zero' : 'values' },
    series: arms.map(({ name }, look) => ({
      name,
      look,
      isJoined: true,
      symbolEvery: 4,
      points: (lines[look] ?? []).flatMap((y, i) => (y === null ? [] : [{ x: hours[i] ?? 0, y }])),
    })),
    table: {
      caption: `${heading} over time`,
      columns: ['Hours', ...arms.map(({ name }) => name)],
      rows: hours.map((hour, i) => [
        formatNumber(hour),
        ...lines.map((line) => formatNumber(line[i])),
      ]),
    },
  });
}

function hoursOf(arms: readonly NamedArm[]): LoopSeries['hours'] {
  return arms[0]?.of.recommendations?.series.hours ?? [];
}

function curveOf({ of, place }: NamedArm, curve: Curve): readonly (number | null)[] {
  return of.recommendations?.series.arms[place]?.[curve] ?? [];
}

/** Symbols: what was counted. Lines: what the choice model gives each slot, titles and all. */
function bySlot(arms: readonly NamedArm[]): Panel {
  const slots = [...(arms[0]?.arm.bySlot ?? [])].map(({ slot }) => slot);
  const percent = (times: number, shown: number) => (shown === 0 ? 0 : (100 * times) / shown);
  const series = arms.flatMap(({ name, arm }, look): XySeries[] => [
    {
      name: `${name}, expected`,
      look,
      isJoined: true,
      symbolEvery: slots.length + 1,
      points: arm.bySlot.map(({ slot, shown, expected }) => ({
        x: slot + 1,
        y: percent(expected, shown),
      })),
    },
    {
      name: `${name}, counted`,
      look,
      isJoined: false,
      points: arm.bySlot.map(({ slot, shown, taken }) => ({
        x: slot + 1,
        y: percent(taken, shown),
      })),
    },
  ]);
  return xyChart({
    id: 'recommendation-slots',
    heading: 'Taken slot by slot',
    subheading:
      'Symbols were counted; lines are the choice model’s, position bias and titles in one',
    xName: 'slot',
    yName: '% of rows',
    origin: { x: 'zero', y: 'zero' },
    series,
    table: {
      caption: 'Share of rows of which a slot was taken: counted, expected, and stored clicks',
      columns: [
        'Slot',
        ...arms.flatMap(({ name }) => [`${name}, counted`, `${name}, expected`, `${name}, stored`]),
      ],
      rows: slots.map((slot) => [
        String(slot + 1),
        ...arms.flatMap(({ arm }) => {
          const { shown, taken, expected, stored, clicked } = arm.bySlot[slot] ?? NO_SLOT;
          return [
            formatShare(shown === 0 ? null : taken / shown),
            formatShare(shown === 0 ? null : expected / shown),
            formatShare(stored === 0 ? null : clicked / stored),
          ];
        }),
      ]),
    },
  });
}

const NO_SLOT = { shown: 0, taken: 0, expected: 0, stored: 0, clicked: 0 };
