/** The page of a plan: what to buy, what binds it, why nothing cheaper does, how far it reaches. */
import type {
  ArchitecturePlan,
  PlanDocument,
} from '../../experiment/capacity/documents/plan-document.ts';
import { renderPanels } from '../charts/panel.ts';
import { renderLegend, seriesStyle } from '../charts/series-style.ts';
import { xyChart } from '../charts/xy-chart.ts';
import type { Page, Section } from '../html/page-shell.ts';
import { renderTable } from '../html/table.ts';
import {
  asSentence,
  capitalized,
  formatEstimate,
  formatNumber,
  formatShare,
  NO_NUMBER,
} from '../numbers.ts';
import { objectivesSection } from '../sections/planning/objectives.ts';
import { againSection } from '../sections/reproduce.ts';
import { subjectNoun } from '../subjects.ts';
import { footerOf, provenanceFacts } from './page-facts.ts';
import { excusesSection, regretSection, staffingSection } from './plan-sections.ts';
import { bindingInWords, fleetInWords } from './plan-words.ts';

/** The page. */
export function planPage(document: PlanDocument): Page {
  const verdicts = document.plans.flatMap((plan) => plan.verdicts);
  const objectives = objectivesSection(verdicts);
  return {
    title: `${document.scenario}: the cheapest fleet`,
    lead: document.question,
    facts: [
      ['Confidence', formatShare(document.confidence)],
      ['Survives', document.survive === 'zone' ? 'the loss of any one zone' : 'nothing extra'],
      ['Runs', formatNumber(document.runs.made + document.runs.found)],
      ...provenanceFacts(document),
    ],
    verdict: [document.reason, ...document.plans.map(planSentence), document.method].map(
      asSentence,
    ),
    sections: [
      fleetsSection(document),
      ...(objectives === undefined ? [] : [objectives]),
      ...[excusesSection(document), regretSection(document), staffingSection(document)].flatMap(
        (section) => (section === undefined ? [] : [section]),
      ),
      frontSection(document),
      againSection(document),
    ],
    footer: footerOf(document),
  };
}

function planSentence(plan: ArchitecturePlan): string {
  const { name, verdict, usdPerHour, fleet, headroom, binding } = plan;
  if (fleet === null || verdict !== 'met') return `${capitalized(name)}: ${plan.reason}`;
  const more =
    headroom === null
      ? ''
      : ` It bears ${headroom.isAtLeast ? 'at least ' : ''}${formatEstimate(headroom.factor)} ` +
        'times the planned traffic.';
  const binds = binding === null ? '' : ` What binds: ${bindingInWords(binding)}.`;
  return (
    `${capitalized(name)}: ${fleetInWords(fleet)}, ${formatNumber(usdPerHour)} USD an hour.` +
    `${more}${binds}`
  );
}

function fleetsSection({ plans }: PlanDocument): Section {
  const paths = [...new Set(plans.flatMap(({ numbers }) => numbers.map(({ path }) => path)))];
  const chosen = (plan: ArchitecturePlan, path: string): string => {
    const number = plan.numbers.find((one) => one.path === path);
    if (number === undefined) return 'not in it';
    return number.chosen === null ? NO_NUMBER : formatNumber(number.chosen);
  };
  const noun = capitalized(subjectNoun(plans));
  return {
    id: 'fleets',
    heading: 'Fleets',
    body: renderTable({
      caption: 'The cheapest fleets that meet the objectives',
      columns: [
        noun,
        'Verdict',
        'USD per hour',
        ...paths,
        'By square root, USD',
        'Fleets simulated',
        'Smaller ones ruled out',
        'Why',
      ],
      textColumns: [1, paths.length + 6],
      rows: plans.map((plan) => [
        plan.name,
        plan.verdict,
        formatNumber(plan.usdPerHour ?? plan.bestFoundUsdPerHour),
        ...paths.map((path) => chosen(plan, path)),
        formatNumber(plan.squareRootUsdPerHour),
        formatNumber(plan.counts.fleets),
        plan.isMinimumVerified ? '✓ all' : '✗ not all',
        plan.reason,
      ]),
    }),
  };
}

function frontSection({ plans, simulated }: PlanDocument): Section {
  const names = [...new Set(simulated.map(({ architecture }) => architecture))];
  const of = (name: string) => simulated.filter(({ architecture }) => architecture === name);
  const panel = xyChart({
    id: 'cost-p99',
    heading: 'Cost against p99',
    subheading: 'Every fleet simulated; hollow: misses an objective',
    xName: 'USD per hour',
    yName: 'p99, ms',
    origin: { x: 'values', y: 'zero' },
    series: names.map((name, look) => ({
      name,
      look,
      isJoined: false,
      points: of(name).flatMap(({ usdPerHour, p99Ms, meetsObjectives }) =>
        p99Ms === null ? [] : [{ x: usdPerHour, y: p99Ms, isHollow: !meetsObjectives }],
      ),
    })),
    table: {
      caption: 'Fleets simulated, cheapest first',
      columns: [
        capitalized(subjectNoun(plans)),
        'Fleet',
        'USD per hour',
        'p99, ms',
        'Pages shown',
        'Replications',
        'Objectives',
        'Front',
      ],
      textColumns: [1, 6, 7],
      rows: simulated.map((one) => [
        one.architecture,
        fleetInWords(one.fleet),
        formatNumber(one.usdPerHour),
        formatNumber(one.p99Ms),
        formatShare(one.availability),
        formatNumber(one.replications),
        one.meetsObjectives ? '✓ met' : '✗ missed',
        one.isOnFront ? 'on the front' : '',
      ]),
    },
  });
  const entries = names.map((name, look) => ({ name, style: seriesStyle(look) }));
  return {
    id: 'front',
    heading: 'Cost, p99 and availability',
    body: `<p>A fleet is on the front where no other one simulated is as cheap, as fast and as
available, and better in one of the three.</p>
${renderLegend(entries, false)}
${renderPanels([panel])}`,
  };
}
