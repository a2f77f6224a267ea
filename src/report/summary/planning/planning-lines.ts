/** Objectives, broken laws and cost as lines of text. */
import type { ObjectiveVerdict } from '../../../experiment/objectives/objective.ts';
import type { ArchitectureResult } from '../../../experiment/result.ts';
import { formatNumber, formatShare } from '../../numbers.ts';
import { formatObjectiveEstimate, reasonSentences, VERDICT_SIGNS } from '../../objective-values.ts';
import type { Block } from '../block.ts';
import { textTable, wrapped } from '../text-table.ts';

/** A line an objective and subject; nothing without any. */
export function objectiveBlocks(
  verdicts: readonly ObjectiveVerdict[],
  width: number,
): readonly Block[] {
  if (verdicts.length === 0) return [];
  const undecided = verdicts.filter(({ verdict }) => verdict !== 'pass');
  const table = {
    columns: ['', 'of', 'verdict', 'found', 'margin'],
    rows: verdicts.map((one) => [
      one.objective,
      one.subject,
      VERDICT_SIGNS[one.verdict],
      formatObjectiveEstimate(one),
      formatShare(one.margin),
    ]),
  };
  const why = undecided.flatMap((one) => wrapped(`${one.subject}: ${whyOf(one)}`, width));
  return [{ heading: 'Objectives', hasHead: true, lines: [...textTable(table, width), ...why] }];
}

function whyOf(one: ObjectiveVerdict): string {
  return `${one.objective}: ${reasonSentences(one)} Worst again: ${one.replayCommand}`;
}

/** Laws that do not hold; nothing where all do. */
export function brokenLawBlocks(
  architectures: readonly ArchitectureResult[],
  width: number,
): readonly Block[] {
  const broken = architectures.flatMap(({ name, stations }) =>
    stations.flatMap(({ station, littlesLaw, utilizationLaw, flow }) => [
      ...(littlesLaw.holds ? [] : [`${name}, ${station}: Little's law does not hold`]),
      ...(utilizationLaw.holds ? [] : [`${name}, ${station}: the utilisation law does not hold`]),
      ...(flow.holds ? [] : [`${name}, ${station}: jobs are lost or made up`]),
    ]),
  );
  if (broken.length === 0) return [];
  const lines = broken.flatMap((line) => wrapped(line, width));
  return [{ heading: 'BROKEN LAWS: a bug, please report it', hasHead: false, lines }];
}

/** What it would have cost; nothing without prices. */
export function costBlocks(
  architectures: readonly ArchitectureResult[],
  width: number,
): readonly Block[] {
  const rows = architectures.flatMap(({ name, cost }) =>
    cost === null
      ? []
      : [
          [
            name,
            formatNumber(cost.usdPerHour),
            formatNumber(cost.usdPerThousandPlays),
            formatNumber(cost.usdPerMillionPages),
          ],
        ],
  );
  if (rows.length === 0) return [];
  const columns = ['', 'per hour', 'per 1,000 plays', 'per million pages'];
  return [{ heading: 'Cost, USD', hasHead: true, lines: textTable({ columns, rows }, width) }];
}

/** The slowest page of each, by the name that `replay --explain` takes; nothing where none was
 * measured. */
export function slowestBlocks(
  architectures: readonly ArchitectureResult[],
  width: number,
): readonly Block[] {
  const rows = architectures.flatMap(({ name, slowest: [first] }) =>
    first === undefined
      ? []
      : [[name, first.request, first.page, formatNumber(first.pageLoadTimeMs), first.outcome]],
  );
  if (rows.length === 0) return [];
  const columns = ['', 'request', 'page', 'ms', 'outcome'];
  const heading = 'Slowest page (why: backlot replay <results> --arch <name> --explain <request>)';
  return [{ heading, hasHead: true, lines: textTable({ columns, rows }, width) }];
}
