/** What a comparison says of itself on the terminal: when it stopped and why, the best, the
 * baseline, what draws were changed, and what is broken. */
import type { CompareDocument } from '../../../experiment/result.ts';
import { formatNumber, plural } from '../../numbers.ts';
import type { Block } from '../block.ts';
import { wrapped } from '../text-table.ts';

/** The blocks, those that have something to say. */
export function comparisonBlocks(document: CompareDocument, width: number): readonly Block[] {
  const blocks = [
    { heading: 'Replications', lines: stoppingLines(document) },
    { heading: 'Cost of a million pages where the objectives are met', lines: costLines(document) },
    { heading: 'The best', lines: selectionLines(document) },
    { heading: 'Against the baseline', lines: baselineLines(document) },
    { heading: 'Draws and estimates changed on request', lines: reductionLines(document) },
    { heading: 'Broken', lines: document.broken },
  ];
  return blocks
    .filter(({ lines }) => lines.length > 0)
    .map(({ heading, lines }) => ({
      heading,
      lines: lines.flatMap((line) => wrapped(line, width)),
      hasHead: false,
    }));
}

function stoppingLines({ stopping }: CompareDocument): readonly string[] {
  const { rule, precision, decision, stopped, moreReplications, replications, lines } = stopping;
  const ended = {
    budget: 'ended early: the budget was used up',
    interrupted: 'ended early: interrupted',
  };
  const early =
    stopped === null ? [] : [`${plural(replications.length, 'replication')}, ${ended[stopped]}`];
  if (rule === 'fixed') return early;
  const wanted = percent(precision ?? 0);
  const more = moreReplications === null ? '' : `; about ${moreReplications} more would do`;
  const verdict = {
    reached: `Every metric is within ± ${wanted}`,
    cap: `Not within ± ${wanted} at the most replications allowed${more}`,
    cannot: `Some metric will never be within ± ${wanted}`,
    stopped: `Not within ± ${wanted} yet${more}`,
    fixed: '',
  }[decision];
  return [
    ...early,
    `${verdict} (95 % for all together)`,
    ...lines.map(({ subject, metric, relativeHalfWidth, replications: n, reason }) => {
      const width =
        relativeHalfWidth === null ? (reason ?? '–') : `± ${percent(relativeHalfWidth)}`;
      return `  ${subject} ${metric}: ${width} over ${plural(n, 'replication')}`;
    }),
  ];
}

function costLines({ architectures }: CompareDocument): readonly string[] {
  return architectures.flatMap(({ name, usdPerMillionPagesAtSlo: usd }) =>
    usd === null ? [] : [`${name}: $${formatNumber(usd)}`],
  );
}

function selectionLines({ selection }: CompareDocument): readonly string[] {
  if (selection === null) return [];
  const { metric, text, indifferenceShare, survivors, selected } = selection;
  const open = selected === null ? ` Still in: ${survivors.join(', ')}.` : '';
  return [`By ${metric}, indifferent to ${percent(indifferenceShare)}: ${text}.${open}`];
}

function baselineLines({ baseline }: CompareDocument): readonly string[] {
  if (baseline === null) return [];
  const { lines, digest, tolerance, unmatched } = baseline;
  const moved = lines.filter(
    ({ verdict }) => verdict === 'regression' || verdict === 'improvement',
  );
  const rest = lines.length - moved.length;
  return [
    `Digest ${digest}: ${plural(rest, 'metric')} not shown to move ${percent(tolerance)}`,
    ...moved.map(({ subject, metric, unit, difference: { value, low, high }, verdict }) => {
      const bounds = `[${formatNumber(low)}, ${formatNumber(high)}]`;
      return `  ${verdict}: ${subject} ${metric} ${formatNumber(value)} ${bounds} ${unit}`;
    }),
    ...(unmatched.length === 0 ? [] : [`Not in this comparison: ${unmatched.join(', ')}`]),
  ];
}

function reductionLines({ varianceReduction }: CompareDocument): readonly string[] {
  const { isAntithetic, controls, achieved } = varianceReduction;
  if (!isAntithetic && controls.length === 0) return [];
  const named = controls.map(({ name, mean }) => `${name} (known mean ${formatNumber(mean)})`);
  return [
    ...(isAntithetic ? ['Antithetic pairs: each pair of replications is one observation'] : []),
    ...(named.length === 0 ? [] : [`Control variates: ${named.join(', ')}`]),
    ...achieved
      .filter(({ metric }) => metric === 'page load mean')
      .map(({ subject, varianceRatio }) => {
        const ratio = varianceRatio === null ? '–' : `${formatNumber(varianceRatio)}×`;
        return `  ${subject} page load mean: variance reduced ${ratio}`;
      }),
  ];
}

function percent(share: number): string {
  return `${formatNumber(share * 100)} %`;
}
