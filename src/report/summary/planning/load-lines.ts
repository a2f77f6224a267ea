/** What `load` says, as text: per architecture the most traffic that it bears, what binds, and the
 * curve on the way there. */
import type {
  ArchitectureLoad,
  LoadDocument,
  LoadPoint,
} from '../../../experiment/capacity/documents/load-document.ts';
import { printable } from '../../html/escape.ts';
import { formatEstimate, formatNumber, formatShare, NO_NUMBER, plural } from '../../numbers.ts';
import type { Block } from '../block.ts';
import { bindingText } from '../capacity-words.ts';
import { textTable, wrapped } from '../text-table.ts';

/** Blocks of a load test's summary. */
export function loadBlocks(document: LoadDocument, width: number): readonly Block[] {
  return document.loads.flatMap((load) => [
    {
      heading: printable(load.name),
      hasHead: false,
      lines: wordsOf(load, document).flatMap((line) => wrapped(line, width)),
    },
    { heading: printable(`${load.name}: ramp`), hasHead: true, lines: curveTable(load, width) },
  ]);
}

/** The answer, in sentences. */
export function loadVerdict(document: LoadDocument): readonly string[] {
  const { loads, runs, replications, toleranceShare } = document;
  const found = loads.filter(({ verdict }) => verdict === 'found');
  const [most] = [...found].sort(
    (a, b) => (b.pagesPerSec?.value ?? 0) - (a.pagesPerSec?.value ?? 0),
  );
  const counted =
    `${plural(replications, 'replication')}, each bracketed to ${formatShare(toleranceShare)}; ` +
    `${plural(runs.made, 'run')} made, ${formatNumber(runs.found)} found in the journal.`;
  if (most === undefined || most.pagesPerSec === null) return [`${document.reason}.`, counted];
  const others = loads.filter(({ verdict }) => verdict !== 'found');
  return [
    `${most.name} bears the most: ${formatEstimate(most.pagesPerSec)} pages a second at the ` +
      'objectives.',
    ...others.map(({ name, reason }) => `${name}: ${reason}.`),
    counted,
  ];
}

function wordsOf(load: ArchitectureLoad, { range }: LoadDocument): readonly string[] {
  const { factor, pagesPerSec, knee, binding, verdict } = load;
  const answer =
    factor === null || pagesPerSec === null
      ? `${verdict.toUpperCase()} between × ${range.from} and × ${range.to}: ${load.reason}`
      : `bears ${formatEstimate(pagesPerSec)} pages a second, × ${formatEstimate(factor)} of the ` +
        'traffic, 95 % intervals';
  return [
    answer,
    ...(load.usdPerMillionPagesAtSlo === null
      ? []
      : [`a million pages at the objectives: $${formatNumber(load.usdPerMillionPagesAtSlo)}`]),
    ...(binding === null ? [] : [`binding: ${bindingText(binding)}`]),
    ...(knee === null
      ? ['knee of the throughput: none in this range']
      : [
          `knee of the throughput: × ${formatNumber(knee.factor)}, ` +
            `${formatNumber(knee.pagesPerSec)} pages a second (Kneedle)`,
        ]),
  ];
}

function curveTable({ curve, maxima }: ArchitectureLoad, width: number): readonly string[] {
  const of = maxima.length;
  return textTable(
    {
      columns: [
        'traffic',
        'asked/s',
        'shown/s',
        'p50 ms',
        'p95 ms',
        'p99 ms',
        'failed',
        'holds',
        'busiest',
      ],
      rows: curve.map((point) => [
        `× ${formatNumber(point.factor)}`,
        formatNumber(point.offeredPerSec),
        formatNumber(point.pagesPerSec.value),
        formatNumber(point.p50Ms),
        formatNumber(point.p95Ms),
        formatNumber(point.p99Ms),
        formatShare(point.errorShare),
        `${point.heldReplications}${of === 0 ? '' : `/${of}`}`,
        busiest(point),
      ]),
    },
    width,
  );
}

function busiest({ busiestStation, busiestUtilization }: LoadPoint): string {
  if (busiestStation === null) return NO_NUMBER;
  return `${busiestStation} ${formatShare(busiestUtilization)}`;
}
