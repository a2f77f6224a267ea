/** A panel over virtual time for each architecture or variant, on common scales and with one
 * legend. */
import type { ArchitectureResult, RunDocument, Series } from '../../experiment/result.ts';
import { lineChart, sharedScale } from '../charts/line-chart.ts';
import { renderPanels } from '../charts/panel.ts';
import { renderLegend, seriesStyle } from '../charts/series-style.ts';
import { bandsOf, createTimeAxis } from '../charts/time-axis.ts';

/** What the panels show. */
export interface PanelChoice {
  /** Makes the ids of the drawings unique in the page. */
  readonly id: string;
  readonly unit: string;
  readonly mayBeLog: boolean;
  select(one: ArchitectureResult): readonly Series[];
  /** Series on a scale of their own under the others. */
  readonly below?: { readonly unit: string; select(one: ArchitectureResult): readonly Series[] };
  /** Names of the series between which the diagram is filled. */
  readonly band?: readonly [low: string, high: string];
  /** Leaves panels out. */
  isShown?(one: ArchitectureResult): boolean;
}

/** Legend and panels, as HTML. */
export function subjectPanels(document: RunDocument, choice: PanelChoice): string {
  const { id, unit, select, below } = choice;
  const shown = document.architectures.filter((one) => choice.isShown?.(one) ?? true);
  const all = shown.flatMap(select);
  const allBelow = below === undefined ? [] : shown.flatMap((one) => below.select(one));
  const axis = createTimeAxis(document);
  const scale = sharedScale(all, choice.mayBeLog);
  const scaleBelow = sharedScale(allBelow, false);
  // A series keeps its look in every panel, also where a panel lacks its neighbours.
  const names = [...new Set([...all, ...allBelow].map(({ name }) => name))];
  const legend = names.map((name, n) => ({ name, style: seriesStyle(n) }));
  const looked = (series: readonly Series[]) =>
    series.map((one) => ({ ...one, look: names.indexOf(one.name) }));
  const panels = shown.map((one, n) =>
    lineChart({
      id: `${id}-${n}`,
      heading: one.name,
      subheading: headingOf(select(one), unit),
      unit,
      axis,
      minutes: one.series.minutes,
      series: looked(select(one)),
      faults: bandsOf(document.faults, one.name),
      scale,
      ...(choice.band === undefined ? {} : { band: choice.band }),
      ...(below === undefined
        ? {}
        : {
            below: { unit: below.unit, series: looked(below.select(one)), scale: scaleBelow },
          }),
    }),
  );
  return `${renderLegend(legend, true)}${renderPanels(panels)}`;
}

function headingOf(series: readonly Series[], unit: string): string {
  return `${series.map(({ name }) => name).join(', ')} · ${unit}`;
}
