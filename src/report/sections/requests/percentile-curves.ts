/** The distribution of page-load times, as far into the tail as there are pages. */
import type { RunDocument } from '../../../experiment/result.ts';
import { sharedScale } from '../../charts/line-chart.ts';
import { renderPanels } from '../../charts/panel.ts';
import { curveChart, percentileName } from '../../charts/requests/curve-chart.ts';
import { renderLegend, seriesStyle } from '../../charts/series-style.ts';
import type { Section } from '../../html/page-shell.ts';
import { formatNumber } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';

/** The section; undefined where no page was measured. */
export function percentileCurvesSection({ architectures }: RunDocument): Section | undefined {
  const curves = architectures.flatMap(({ name, path }, look) => {
    const points = path?.percentileCurve ?? [];
    return points.length === 0 ? [] : [{ name, look, points }];
  });
  if (curves.length === 0) return undefined;
  const values = curves.map(({ name, points }) => ({ name, values: points.map(({ ms }) => ms) }));
  const percentiles = [
    ...new Set(curves.flatMap(({ points }) => points.map(({ percentile }) => percentile))),
  ].sort((a, b) => a - b);
  const panel = curveChart({
    id: 'percentile-curves',
    heading: 'Page-load time by percentile',
    subheading: curves.length === 1 ? 'ms' : `ms, a curve for each ${subjectNoun(architectures)}`,
    curves,
    scale: sharedScale(values, true),
    table: {
      caption: 'Page-load time by percentile, ms',
      columns: ['', ...curves.map(({ name }) => name)],
      rows: percentiles.map((percentile) => [
        percentileName(percentile),
        ...curves.map(({ points }) =>
          formatNumber(points.find((point) => point.percentile === percentile)?.ms),
        ),
      ]),
    },
  });
  const legend = curves.map(({ name, look }) => ({ name, style: seriesStyle(look) }));
  return {
    id: 'percentile-curves',
    heading: 'Percentile curves',
    body: `<p>How long all but one in ten, one in a hundred, one in a thousand pages took. A viewer
who opens a hundred pages meets the p99 once: a curve that bends upwards behind the 99 has a second
cause of slowness, such as time-outs or a fault. A curve ends where no page lies beyond it.</p>
${curves.length > 1 ? renderLegend(legend, true) : ''}${renderPanels([panel])}`,
  };
}
