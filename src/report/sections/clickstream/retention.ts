/** How far plays come: the completion curve. Documents of before have none. Spec: R71. */
import type { ArchitectureResult } from '../../../experiment/result.ts';
import type { Panel } from '../../charts/panel.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { formatShare } from '../../numbers.ts';

/** The panel; none where no play has a position. */
export function retentionPanels(architectures: readonly ArchitectureResult[]): readonly Panel[] {
  const curves = architectures.map(({ viewing }) => viewing.retention ?? []);
  const steps = curves.find((curve) => curve.length > 0);
  if (steps === undefined) return [];
  return [
    xyChart({
      id: 'retention',
      heading: 'Completion curve',
      subheading: 'Share of plays that came so far before their first seek',
      xName: '% of the title',
      yName: '% of plays',
      xMax: 100,
      origin: { x: 'zero', y: 'zero' },
      series: architectures.map(({ name }, look) => ({
        name,
        look,
        isJoined: true,
        points: (curves[look] ?? []).map(({ percent, share }) => ({ x: percent, y: share * 100 })),
      })),
      table: {
        caption: 'Share of plays that came so far',
        columns: ['Of the title', ...architectures.map(({ name }) => name)],
        rows: steps.map(({ percent }, i) => [
          `${percent} %`,
          ...curves.map((curve) => formatShare(curve[i]?.share)),
        ]),
      },
    }),
  ];
}
