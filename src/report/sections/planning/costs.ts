/** What a run would have cost by the scenario's price book. */
import type { RunCost } from '../../../experiment/costs/run-cost.ts';
import type { ArchitectureResult, CompareDocument } from '../../../experiment/result.ts';
import { renderPanels } from '../../charts/panel.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import { capitalized, formatNumber } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';
import { costFrontPanels } from './cost-front.ts';

type Priced = ArchitectureResult & { readonly cost: RunCost };

/** Of a comparison; undefined where nobody has prices and meets the objectives. */
export function sloCostsSection({ architectures }: CompareDocument): Section | undefined {
  if (architectures.every((one) => one.usdPerMillionPagesAtSlo === null)) return undefined;
  return {
    id: 'costs',
    heading: 'Cost at the objectives',
    body: renderTable({
      caption: 'USD per million pages, where every objective is shown to be met',
      columns: [capitalized(subjectNoun(architectures)), 'USD per million pages'],
      rows: architectures.map(({ name, usdPerMillionPagesAtSlo: usd }) => [
        name,
        formatNumber(usd),
      ]),
    }),
  };
}

/** Of a run; undefined without a price book. */
export function costsSection(architectures: readonly ArchitectureResult[]): Section | undefined {
  const priced = architectures.filter((one): one is Priced => one.cost !== null);
  const [first] = priced;
  if (first === undefined) return undefined;
  const purposes = Object.keys(first.cost.usdBy) as (keyof RunCost['usdBy'])[];
  const noun = capitalized(subjectNoun(architectures));
  const front = costFrontPanels(architectures, priced);
  return {
    id: 'costs',
    heading: 'Cost',
    body: `<p>By the price book of the scenario, for the traffic and machines as simulated: where
one simulated viewer stands for many, the bill does not.</p>
${renderTable({
  caption: 'Cost, USD',
  columns: [
    noun,
    'Per hour',
    'Of this run',
    ...purposes.map((purpose) => capitalized(purpose)),
    'Per 1,000 plays',
    'Per million pages',
  ],
  rows: priced.map(({ name, cost }) => [
    name,
    formatNumber(cost.usdPerHour),
    formatNumber(cost.usd),
    ...purposes.map((purpose) => formatNumber(cost.usdBy[purpose])),
    formatNumber(cost.usdPerThousandPlays),
    formatNumber(cost.usdPerMillionPages),
  ]),
})}
${front.length === 0 ? '' : renderPanels(front)}`,
  };
}
