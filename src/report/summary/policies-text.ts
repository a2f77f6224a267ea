/** What `policies` found, as text: policies beside each other and against the baseline, what an A/B
 * test says, and which estimators hold the truth. */
import type { PoliciesDocument } from '../../experiment/policies/policies-document.ts';
import { formatEstimate, formatNumber, formatShare, NO_NUMBER, plural } from '../numbers.ts';
import { policySentences } from '../sections/policies/policy-words.ts';
import type { SummaryOptions } from './summary-options.ts';
import { textTable, wrapped } from './text-table.ts';

const WIDTH_MAX = 100;
const WIDTH_MIN = 40;

/** The summary, ending with a line break. */
export function policiesText(document: PoliciesDocument, { color, width }: SummaryOptions): string {
  const columns = Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, width));
  const bold = (text: string) => (color ? `\u001b[1m${text}\u001b[0m` : text);
  const { panel, scenario, baseline } = document;
  const lines = [
    bold(`${scenario}: policies on a panel of ${plural(panel.viewers, 'viewer')}`),
    ...wrapped(
      `${plural(panel.historyDays, 'day')} of history with ` +
        `${plural(panel.historyPlays, 'play')}, then ${plural(panel.days, 'day')} ` +
        'under each policy: the same viewers, the same draws',
      columns,
    ),
    '',
    bold('Policies, means over viewers'),
    ...policyTable(document, columns),
    '',
    bold(`More than ${baseline}, viewer by viewer, with 95 % intervals`),
    ...differenceTable(document, columns),
    '',
    bold('What estimators say from the log of another policy'),
    ...estimatorTable(document, columns),
    '',
    bold('What this shows'),
    ...policySentences(document).flatMap((sentence) => wrapped(sentence, columns)),
    `Digest ${document.digest.slice(0, 16)}`,
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function policyTable({ policies }: PoliciesDocument, width: number): readonly string[] {
  const columns = ['policy', 'h/viewer', 'plays', 'satisfied', 'stay', 'of oracle', 'regret t^'];
  const rows = policies.map((one) => [
    one.name,
    formatNumber(one.hoursPerViewer),
    formatNumber(one.playsPerViewer),
    formatShare(one.satisfaction),
    formatShare(one.retainedShare),
    formatShare(one.regret.shareOfOracle),
    formatNumber(one.regret.growth),
  ]);
  return textTable({ columns, rows }, width);
}

function differenceTable({ policies }: PoliciesDocument, width: number): readonly string[] {
  const compared = policies.flatMap(({ name, overBaseline }) =>
    overBaseline === null ? [] : [{ name, twins: overBaseline }],
  );
  const rows = compared.map(({ name, twins }) => {
    const of = (wanted: string) => twins.find(({ metric }) => metric === wanted)?.paired;
    const signed = (wanted: string) => {
      const found = of(wanted);
      if (found === undefined) return NO_NUMBER;
      return formatEstimate({ value: found.mean, low: found.low, high: found.high }, true);
    };
    return [
      name,
      signed('hours'),
      signed('plays'),
      formatNumber(of('hours')?.varianceReduction ?? null),
    ];
  });
  return textTable({ columns: ['policy', 'hours', 'plays', 'pairing gains'], rows }, width);
}

function estimatorTable({ offPolicy }: PoliciesDocument, width: number): readonly string[] {
  const rows = (offPolicy.cases[0]?.study.lines ?? []).map((line) => [
    line.estimator,
    formatNumber(line.bias),
    formatNumber(line.rmse),
    formatShare(line.coverage?.value ?? null),
  ]);
  return textTable({ columns: ['estimator', 'bias', 'RMSE', 'coverage'], rows }, width);
}
