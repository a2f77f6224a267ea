/** An A/B experiment on a panel: a pre-period under one policy for all, then arms side by side,
 * judged by what was recorded of rows and plays. Spec: M158. */
import type { RowPolicy } from '../../domain/recommending/row-policy.ts';
import type { Chance } from '../../kernel/chance.ts';
import type { Panel } from '../panel/panel.ts';
import type { AbMetric } from './ab/ab-columns.ts';
import { type AbReport, judgeExperiment } from './ab/ab-report.ts';
import { type Arm, createAllocation } from './ab/allocation.ts';

/** An arm and its policy. */
export interface PanelArm extends Arm {
  readonly policy: RowPolicy;
}

/** What is recorded of each viewer, by place in the panel. */
export interface ViewerRecords {
  readonly hours: Float64Array;
  readonly rows: Float64Array;
  readonly taken: Float64Array;
  readonly visits: Float64Array;
}

/** Loss of visits that is accepted, as share of those before. */
const VISITS_MARGIN = 0.05;
const US_PER_HOUR = 3_600_000_000;

/** Runs the experiment; the panel goes on by both periods.
 * @param options - `arms`: the first is the control. `before`: of the pre-period, 0 days for
 * none. */
export function experimentOnPanel(options: {
  readonly name: string;
  readonly panel: Panel;
  readonly chance: Chance;
  readonly arms: readonly PanelArm[];
  readonly before: { readonly days: number; readonly policy: RowPolicy };
  readonly days: number;
}): AbReport {
  const { name, panel, chance, arms, before, days } = options;
  const { viewers } = panel;
  const armOf = createAllocation({ experiment: name, arms, chance });
  const first = recordPanel(panel, before.days, () => before.policy);
  const then = recordPanel(panel, days, (viewer) => arms[armOf(viewer)]?.policy ?? before.policy);
  return judgeExperiment({
    name,
    arms: arms.map(({ name: arm, share }) => ({ name: arm, share })),
    viewers: { viewer: viewers, arm: Int32Array.from(viewers, (viewer) => armOf(viewer)) },
    metrics: metricsOf(then, before.days > 0 ? first : null),
  });
}

/** Hours watched, share of rows something was taken from, and visits as the guardrail.
 * @param before - Of the pre-period; null without one. */
export function metricsOf(then: ViewerRecords, before: ViewerRecords | null): readonly AbMetric[] {
  const hours = { name: 'hours watched', unit: 'h', better: 'more', value: then.hours } as const;
  const taken = {
    name: 'rows taken from',
    unit: '1',
    better: 'more',
    value: then.taken,
    weight: then.rows,
  } as const;
  const visits = { name: 'visits', unit: 'visits', better: 'more', value: then.visits } as const;
  const usual = before ?? then;
  const mean = usual.visits.reduce((sum, one) => sum + one, 0) / Math.max(1, usual.visits.length);
  const margin = Math.max(Number.EPSILON, VISITS_MARGIN * mean);
  if (before === null) return [hours, taken, { ...visits, margin }];
  const takenBefore = before.taken.map((one, i) => one / (before.rows[i] ?? 0));
  return [
    { ...hours, before: before.hours },
    { ...taken, before: takenBefore },
    { ...visits, before: before.visits, margin },
  ];
}

/** Lets the panel go on and records each viewer. */
export function recordPanel(
  panel: Panel,
  days: number,
  policyOf: (viewer: number) => RowPolicy,
): ViewerRecords {
  const n = panel.viewers.length;
  const places = new Map(Array.from(panel.viewers, (viewer, at) => [viewer, at] as const));
  const zeros = (): Float64Array => new Float64Array(n);
  const records = { hours: zeros(), rows: zeros(), taken: zeros(), visits: zeros() };
  const visitsBefore = panel.states.visits.slice();
  const add = (column: Float64Array, viewer: number, amount: number): void => {
    const at = places.get(viewer) ?? 0;
    column[at] = (column[at] ?? 0) + amount;
  };
  panel.advance({
    days,
    policyOf,
    listener: {
      row({ viewer, takenSlot }) {
        add(records.rows, viewer, 1);
        if (takenSlot >= 0) add(records.taken, viewer, 1);
      },
      play: ({ viewer, watchedUs }) => add(records.hours, viewer, watchedUs / US_PER_HOUR),
    },
  });
  for (let at = 0; at < n; at += 1) {
    records.visits[at] = (panel.states.visits[at] ?? 0) - (visitsBefore[at] ?? 0);
  }
  return records;
}
