/** Every station beside what theory knows of it: laws that always hold, and closed forms. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import type { StationCheck } from '../../../experiment/stations/station-check.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderGroups, renderTable } from '../../html/table.ts';
import { formatNumber, formatShare, NO_NUMBER } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';

/** The section; undefined where no station was checked. */
export function stationsSection({ architectures }: RunDocument): Section | undefined {
  const checked = architectures.filter(({ stations }) => stations.length > 0);
  if (checked.length === 0) return undefined;
  const groups = checked.map((one) => ({ name: one.name, html: stationsTable(one) }));
  return {
    id: 'stations',
    heading: 'Theory beside simulation',
    body: `<p>Little’s law (people in the system = arrivals × time in it), the utilisation law and
the conservation of jobs hold for every station, whatever its model; one that does not is a bug.
Beside them stands what theory predicts: held to the simulation where the model is of exactly that
kind, an approximation elsewhere.</p>
${renderGroups(groups, subjectNoun(architectures))}`,
  };
}

function stationsTable({ name, stations }: ArchitectureResult): string {
  return renderTable({
    caption: `${name}: stations`,
    columns: [
      'Station',
      'Model',
      'Arrivals/s',
      'Utilisation',
      'Mean in system',
      'Little’s law',
      'Utilisation law',
      'Flow',
      'Wait simulated, ms',
      'Wait by theory, ms',
      'By',
    ],
    textColumns: [1, 5, 6, 7, 10],
    rows: stations.map((one) => [
      one.station,
      { text: one.model, note: `c = ${formatNumber(one.serverCount)}` },
      formatNumber(one.arrivalRatePerSec),
      formatShare(one.utilization),
      formatNumber(one.meanInSystem),
      one.littlesLaw.holds ? '✓ holds' : '✗ BROKEN',
      one.utilizationLaw.holds ? '✓ holds' : '✗ BROKEN',
      one.flow.holds ? '✓ holds' : '✗ BROKEN',
      formatNumber(one.meanWaitMs),
      formatNumber(one.theory?.meanWaitMs),
      theoryWords(one),
    ]),
  });
}

function theoryWords({ theory, note }: StationCheck) {
  if (theory === null) return { text: NO_NUMBER, note: note ?? '' };
  if (!theory.isExact) return { text: `${theory.model}, approximation`, note: note ?? '' };
  if (theory.isCovered === null) return theory.model;
  return `${theory.model}, ${theory.isCovered ? '✓ within its interval' : '✗ outside of it'}`;
}
