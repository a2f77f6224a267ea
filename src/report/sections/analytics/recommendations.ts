/** The closed loop: arms side by side, over time and slot by slot, the A/B test, and where
 * impressions went. Spec: M119. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import { renderPanels } from '../../charts/panel.ts';
import { renderLegend, seriesStyle } from '../../charts/series-style.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import { formatCount, formatShare, inWords } from '../../numbers.ts';
import { armPanels, armTable, namedArms } from './recommendation-arms.ts';
import { recommendationCurves } from './recommendation-curves.ts';
import { recommendationTests } from './recommendation-test.ts';

/** The section; none where nothing is recommended. */
export function recommendationSection({ architectures }: RunDocument): Section | undefined {
  const arms = namedArms(architectures);
  if (arms.length === 0) return undefined;
  const legend = arms.map(({ name }, n) => ({ name, style: seriesStyle(n) }));
  return {
    id: 'recommendations',
    heading: 'Recommendations',
    body: `<p>The row “For you” of the home page by arm. The value of a row is the share of a title
that its viewer is expected to watch of it. It is known in closed form, because tastes and the
choice model are: regret is measured against the best row for the same viewer at the same time, not
estimated. The recommender takes no time of its own here.</p>
${renderTable(armTable(arms))}
${renderLegend(legend, true)}
${renderPanels([...armPanels(arms), ...recommendationCurves(arms)])}
${recommendationTests(architectures)}
${impressionTable(architectures)}`,
  };
}

/** What a run says of its rows, in a sentence; none where nothing is recommended. */
export function recommendationSentence(document: RunDocument): string | undefined {
  const arms = namedArms(document.architectures);
  if (arms.length === 0) return undefined;
  const shares = arms.map(({ name, arm }) => `${formatShare(arm.shareOfOracle)} under ${name}`);
  const decided = document.architectures.flatMap(({ recommendations }) =>
    (recommendations?.comparison?.decisions ?? []).map(({ arm, verdict }) => `${arm} ${verdict}`),
  );
  const test = decided.length === 0 ? '' : `; the A/B test says: ${inWords(decided)}`;
  return `Of what the best rows are worth, viewers were given ${inWords(shares)}${test}.`;
}

/** From the screen to the warehouse. */
function impressionTable(architectures: readonly ArchitectureResult[]): string {
  const loops = architectures.flatMap(({ name, recommendations }) =>
    recommendations === undefined ? [] : [{ name, ...recommendations }],
  );
  const reasons = [...new Set(loops.flatMap(({ impressions }) => Object.keys(impressions.lost)))];
  const row = (name: string, of: (loop: (typeof loops)[number]) => number | null) => [
    name,
    ...loops.map((loop) => formatCount(of(loop))),
  ];
  return `<h3 class="apart">Impressions</h3>
${renderTable({
  caption: 'Titles shown in slots, from the screen to the warehouse',
  columns: ['', ...loops.map(({ name }) => name)],
  rows: [
    row('Shown', ({ impressions }) => impressions.shown),
    row('Stored', ({ impressions }) => impressions.stored),
    row('Waiting at the end', ({ impressions }) => impressions.waiting),
    ...reasons.map((reason) =>
      row(`Lost: ${reason}`, ({ impressions }) => impressions.lost[reason] ?? 0),
    ),
    row('Unaccounted for', ({ impressions }) => impressions.residual),
    row('Stored with another propensity', ({ impressions }) => impressions.wrongPropensities),
    row('Rows that policies learned from', ({ learning }) => learning?.rows ?? null),
  ],
})}`;
}
