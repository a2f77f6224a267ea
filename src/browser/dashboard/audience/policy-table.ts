/** Whoever fills rows of titles: how often what they chose was taken. */
import type { LivePolicy } from '../../../domain/live/live-audience.ts';
import { formatCount, formatShare } from '../../../report/numbers.ts';
import { LiveTable } from '../../dom/live-table.ts';
import { type Moment, panel, type View } from '../view/view.ts';

const COLUMNS = ['policy', 'rows', 'titles', 'clicked', 'played', 'clicked a row'];

/** Makes it; hidden where nobody fills rows. */
export function createPolicyTable(): View {
  const table = new LiveTable(
    'Rows and titles shown so far; titles clicked and played before the next row',
    COLUMNS,
  );
  const root = panel('Recommendations', table.root);
  return {
    root,
    show({ frame: { audience } }: Moment): void {
      const policies = audience?.policies ?? [];
      root.hidden = policies.length === 0;
      const most = Math.max(0, ...policies.map(takeRate));
      table.show(policies.map((policy) => ({ key: policy.policyId, cells: cells(policy, most) })));
    },
  };
}

function cells(policy: LivePolicy, most: number) {
  const rate = takeRate(policy);
  return [
    policy.policyId,
    formatCount(policy.rows),
    formatCount(policy.impressions),
    formatCount(policy.clicks),
    formatCount(policy.plays),
    { text: policy.rows === 0 ? '–' : formatShare(rate), meter: most === 0 ? 0 : rate / most },
  ];
}

function takeRate({ rows, clicks }: LivePolicy): number {
  return rows === 0 ? 0 : clicks / rows;
}
