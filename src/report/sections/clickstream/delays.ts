/** How long tracked events took, as distributions: to the collector, to the committed row, and how
 * late the late ones were. Documents of before have none. Spec: R70. */
import type { ArchitectureResult } from '../../../experiment/result.ts';
import type {
  DelayCurve,
  PipelineDelays,
} from '../../../experiment/results/pipeline/pipeline-delays.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { renderLegend, seriesStyle } from '../../charts/series-style.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { formatCount, formatNumber, formatShare } from '../../numbers.ts';

type Delay = keyof PipelineDelays;

const DELAYS: readonly { readonly delay: Delay; readonly heading: string; readonly of: string }[] =
  [
    { delay: 'arrival', heading: 'On the way', of: 'from the capture to the collector' },
    { delay: 'freshness', heading: 'Freshness', of: 'from the capture to the committed row' },
    { delay: 'lateness', heading: 'Lateness', of: 'late events behind the watermark' },
  ];

/** Legend and panels; empty where no document has a curve. */
export function delaysHtml(architectures: readonly ArchitectureResult[]): string {
  const shown = DELAYS.filter(({ delay }) =>
    architectures.some((one) => (curveOf(one, delay)?.events ?? 0) > 0),
  );
  if (shown.length === 0) return '';
  const legend = architectures.map(({ name }, n) => ({ name, style: seriesStyle(n) }));
  return `<h3 class="apart">How long events took</h3>
<p>Share of the events that took at most so long. Events are captured offline too, and sent when
the device is back; a watermark that does not wait for those calls them late.</p>
${renderLegend(legend, true)}
${renderPanels(shown.map((one) => delayPanel(architectures, one)))}`;
}

function curveOf({ pipeline }: ArchitectureResult, delay: Delay): DelayCurve | undefined {
  return pipeline.delays?.[delay];
}

function delayPanel(
  architectures: readonly ArchitectureResult[],
  { delay, heading, of }: (typeof DELAYS)[number],
): Panel {
  const curves = architectures.map((one) => curveOf(one, delay));
  const shares = curves.find((curve) => (curve?.quantiles.length ?? 0) > 0)?.quantiles ?? [];
  return xyChart({
    id: `delay-${delay}`,
    heading,
    subheading: `Time ${of}`,
    xName: 'seconds, log scale',
    yName: '% of events',
    xScale: 'log',
    origin: { x: 'values', y: 'zero' },
    series: architectures.map(({ name }, look) => ({
      name,
      look,
      isJoined: true,
      points: (curves[look]?.quantiles ?? []).map(({ share, seconds }) => ({
        x: seconds,
        y: share * 100,
      })),
    })),
    table: {
      caption: `${heading}, seconds ${of}`,
      columns: ['Share of events', ...architectures.map(({ name }) => name)],
      rows: [
        ['Events', ...curves.map((curve) => formatCount(curve?.events))],
        ...shares.map(({ share }, i) => [
          formatShare(share),
          ...curves.map((curve) => formatNumber(curve?.quantiles[i]?.seconds)),
        ]),
      ],
    },
  });
}
