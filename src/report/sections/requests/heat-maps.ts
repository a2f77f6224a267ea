/** Utilisation by service and time at a glance. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import { renderPanels } from '../../charts/panel.ts';
import { type StripRow, stripChart } from '../../charts/requests/strip-chart.ts';
import { bandsOf } from '../../charts/time-axis.ts';
import type { Section } from '../../html/page-shell.ts';
import { isMany } from '../../subjects.ts';

/** From these shares of busy workers on a bar is marked. */
const BUSY = 0.7;
const FULL = 0.9;

/** The section; undefined where there are no servers, and for many variants, whose lines over time
 * say the same. */
export function heatMapsSection(document: RunDocument): Section | undefined {
  if (isMany(document.architectures)) return undefined;
  const shown = document.architectures.filter(({ series }) => series.utilization.length > 0);
  if (shown.length === 0) return undefined;
  const panels = shown.map((one, n) =>
    stripChart({
      id: `heat-${n}`,
      heading: one.name,
      subheading: 'share of workers busy; a full row is 100 %',
      unit: 'share of workers busy',
      format: 'share',
      axis: document,
      minutes: one.series.minutes,
      rows: rowsOf(one),
      faults: bandsOf(document.faults, one.name),
    }),
  );
  return {
    id: 'heat-map',
    heading: 'Heat map of utilisation',
    body: `<p>A row a service, as high as its workers are busy; bars change their shade at 70 % and
at 90 %. Rows that fill up one after the other show where a backlog moves to; one that stays full
after a fault has not recovered.</p>
${renderPanels(panels)}`,
  };
}

function rowsOf({ series }: ArchitectureResult): readonly StripRow[] {
  return series.utilization.map(({ name, values }) => {
    const between = (from: number, to: number) =>
      values.map((value) => (value !== null && value >= from && value < to ? value : null));
    const layers = [
      { name: 'calm', look: 'calm' as const, values: between(0, BUSY) },
      { name: 'busy', look: 'busy' as const, values: between(BUSY, FULL) },
      { name: 'full', look: 'full' as const, values: between(FULL, Number.POSITIVE_INFINITY) },
    ];
    return { name, full: 1, layers: layers.filter((one) => one.values.some((v) => v !== null)) };
  });
}
