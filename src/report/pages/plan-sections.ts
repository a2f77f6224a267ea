/** What a plan says beside its fleets: rejected ones, uncertain demand, square-root staffing. */
import type { PlanDocument } from '../../experiment/capacity/documents/plan-document.ts';
import type { Section } from '../html/page-shell.ts';
import { renderGroups, renderTable } from '../html/table.ts';
import { formatNumber, formatShare } from '../numbers.ts';
import { subjectNoun } from '../subjects.ts';
import { bindingInWords, fleetInWords } from './plan-words.ts';

/** Why cheaper fleets do not do; undefined where none was rejected. */
export function excusesSection({ plans }: PlanDocument): Section | undefined {
  const groups = plans
    .filter(({ excuses }) => excuses.length > 0)
    .map(({ name, excuses }) => ({
      name,
      html: renderTable({
        caption: `${name}: rejected fleets`,
        columns: ['Fleet', 'USD per hour', 'Rejected', 'Missed in', 'What it missed'],
        textColumns: [2, 3, 4],
        rows: excuses.map((one) => [
          fleetInWords(one.fleet),
          formatNumber(one.usdPerHour),
          { text: one.rejectedBy, note: one.isNeighbour ? 'one step below the plan' : '' },
          `${one.missedReplications} of ${one.replications} replications`,
          bindingInWords(one.missed),
        ]),
      }),
    }));
  if (groups.length === 0) return undefined;
  return {
    id: 'excuses',
    heading: 'Why nothing cheaper does',
    body: renderGroups(groups, subjectNoun(plans)),
  };
}

/** Fleets for uncertain demand; undefined where demand is certain. */
export function regretSection({ plans }: PlanDocument): Section | undefined {
  const groups = plans.flatMap(({ name, regret }) =>
    regret === null
      ? []
      : [
          {
            name,
            html: renderTable({
              caption: `${name}: expected regret. ${regret.formula}`,
              columns: ['Fleet', 'Made for', 'USD per hour', 'Spend', 'Memory', 'Regret', ''],
              textColumns: [6],
              rows: regret.rows.map((row, i) => [
                fleetInWords(row.fleet),
                `${formatNumber(row.factor)} × the traffic`,
                formatNumber(row.usdPerHour),
                formatNumber(row.spendRegret),
                formatNumber(row.memoryRegret),
                formatNumber(row.regret),
                i === regret.least ? '✓ least regret' : '',
              ]),
            }),
          },
        ],
  );
  if (groups.length === 0) return undefined;
  return {
    id: 'regret',
    heading: 'If demand is another',
    body: `<p>Each fleet is the cheapest for one demand; its regret weighs what it costs too much
where less would do, and what it misses where more is asked.</p>
${renderGroups(groups, subjectNoun(plans))}`,
  };
}

/** The plan beside a formula that everybody can check; undefined without stations. */
export function staffingSection({ plans }: PlanDocument): Section | undefined {
  const groups = plans
    .filter(({ staffing }) => staffing.length > 0)
    .map(({ name, staffing }) => {
      const tiers = staffing[0]?.byTier ?? [];
      return {
        name,
        html: renderTable({
          caption: `${name}: servers by ⌈a + Q·√a⌉, a being the offered load at the peak`,
          columns: [
            'Station',
            'Offered load',
            'Planned servers',
            'In the scenario',
            ...tiers.map(({ tier, q }) => `Tier ${tier}, Q = ${formatNumber(q)}`),
            'Idle at the peak',
            'Idle by rule',
          ],
          rows: staffing.map((one) => [
            one.station,
            formatNumber(one.offeredErlangs),
            formatNumber(one.plannedServers),
            formatNumber(one.scenarioServers),
            ...one.byTier.map(({ servers, waitProbability }) => ({
              text: formatNumber(servers),
              note: `P(wait) ${formatShare(waitProbability)}`,
            })),
            formatShare(one.idleShareAtPeak),
            formatShare(one.headroomShare),
          ]),
        }),
      };
    });
  if (groups.length === 0) return undefined;
  return {
    id: 'staffing',
    heading: 'Beside square-root staffing',
    body: `<p>The formulas of Netflix’s service-capacity-modeling see means only: no ramp, no call
graph, no lost zone. Where they and the plan are far apart, one of these is at work.</p>
${renderGroups(groups, subjectNoun(plans))}`,
  };
}
