/** Sections of a study of policies: beside each other, against their twins, and their regret. */
import type { TwinDifference, TwinMetric } from '../../../analytics/panel/twins.ts';
import type {
  PoliciesDocument,
  StudiedPolicy,
} from '../../../experiment/policies/policies-document.ts';
import { dotChart } from '../../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { renderLegend, seriesStyle } from '../../charts/series-style.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import {
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
  NO_NUMBER,
} from '../../numbers.ts';

const METRICS: readonly (readonly [TwinMetric, string])[] = [
  ['hours', 'Hours'],
  ['plays', 'Plays'],
  ['rowReward', 'Rewards of rows'],
  ['satisfaction', 'Satisfaction'],
  ['retained', 'Stayed'],
];

/** All policies beside each other, and what each gives more than the baseline. */
export function sideBySideSection(document: PoliciesDocument): Section {
  const { policies, panel, baseline } = document;
  return {
    id: 'policies',
    heading: 'Policies side by side',
    body: `${renderTable({
      caption: `${panel.days} days of the same ${formatCount(panel.viewers)} viewers under each`,
      columns: [
        'Policy',
        'Hours a viewer',
        'Plays a viewer',
        'Satisfaction',
        'Stayed',
        'Value of a row',
        'Of the oracle',
      ],
      rows: policies.map((one) => [
        one.name,
        formatNumber(one.hoursPerViewer),
        formatNumber(one.playsPerViewer),
        formatShare(one.satisfaction),
        formatShare(one.retainedShare),
        formatNumber(one.regret.value),
        formatShare(one.regret.shareOfOracle),
      ]),
    })}
${renderPanels([twinPanel(policies, baseline)])}
<p class="note">Twins: a viewer lives the same days twice, on the same draws. The value of a row is
the expected share watched of what is taken from it, which is known here and not estimated.</p>`,
  };
}

function twinPanel(policies: readonly StudiedPolicy[], baseline: string): Panel {
  const compared = policies.flatMap(({ name, overBaseline }) =>
    overBaseline === null ? [] : [{ name, twins: overBaseline }],
  );
  const hours = compared.map(({ twins }) => estimateOf(twins, 'hours'));
  return dotChart({
    id: 'twins',
    heading: `More than ${baseline}`,
    subheading: 'Hours a viewer, viewer by viewer; 95 % intervals; hollow: not told apart',
    unit: 'hours a viewer',
    rows: compared.map(({ name }) => name),
    series: [{ name: 'hours', values: hours, hollow: hours.map(isOpen) }],
    origin: 'marked-zero',
    table: {
      caption: `Policy − ${baseline}, viewer by viewer; what pairing does to the variance of hours`,
      columns: ['Policy', ...METRICS.map(([, label]) => label), 'Variance ÷'],
      rows: compared.map(({ name, twins }) => [
        name,
        ...METRICS.map(([metric]) => {
          const estimate = estimateOf(twins, metric);
          return estimate === null ? NO_NUMBER : formatEstimate(estimate, true);
        }),
        formatNumber(
          twins.find(({ metric }) => metric === 'hours')?.paired.varianceReduction ?? null,
        ),
      ]),
    },
  });
}

function estimateOf(twins: readonly TwinDifference[], wanted: TwinMetric) {
  const paired = twins.find(({ metric }) => metric === wanted)?.paired;
  if (paired === undefined) return null;
  return { value: paired.mean, low: paired.low, high: paired.high };
}

function isOpen(one: ReturnType<typeof estimateOf>): boolean {
  return one === null || one.low === null || one.high === null || (one.low <= 0 && one.high >= 0);
}

/** Regret against the oracle over rows. */
export function regretSection({ policies, panel }: PoliciesDocument): Section {
  const drawn = policies.filter(({ regret }) => regret.points.length > 1);
  const entries = drawn.map(({ name }, look) => ({ name, style: seriesStyle(look) }));
  const table = {
    caption: `Rows of ${formatCount(panel.measuredViewers)} viewers, measured against the oracle’s`,
    columns: ['Policy', 'Rows', 'Regret', 'First tenth', 'Last tenth', 'Grows as t^'],
    rows: policies.map(({ name, regret }) => [
      name,
      formatCount(regret.rows),
      formatNumber(regret.points.at(-1)?.regret ?? null),
      formatNumber(regret.firstTenth),
      formatNumber(regret.lastTenth),
      formatNumber(regret.growth),
    ]),
  };
  const chart = xyChart({
    id: 'regret-curve',
    heading: 'Cumulative regret',
    subheading: 'Plays watched in full that the oracle’s rows would have given more',
    xName: 'rows',
    yName: 'regret',
    series: drawn.map(({ name, regret }, look) => ({
      name,
      look,
      isJoined: true,
      symbolEvery: 10,
      points: regret.points.map(({ rows, regret: y }) => ({ x: rows, y })),
    })),
    origin: { x: 'zero', y: 'zero' },
    table,
  });
  return {
    id: 'regret',
    heading: 'Regret',
    body: `${renderLegend(entries, true)}
${renderPanels([chart])}
<p class="note">A policy that learns nothing has regret that grows as time does (t^1); the oracle
has none.</p>`,
  };
}
