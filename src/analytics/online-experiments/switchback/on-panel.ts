/** A switchback on a panel: all viewers have one policy, then the other, by blocks of days. What
 * they watched and how content they are outlasts a switch, so that carry-over is real. */
import type { RowPolicy } from '../../../domain/recommending/row-policy.ts';
import type { Draws } from '../../../kernel/chance.ts';
import type { Panel } from '../../panel/panel.ts';
import { DAY_US } from '../../panel/panel-config.ts';
import { designSwitchback } from './design.ts';
import { judgeSwitchback, type SwitchbackReport } from './report.ts';

/** Runs it; the panel goes on by all blocks. The value is whether something of a row was taken.
 * @param options - `blocks`: at least 4. `burnInDays`: cut off at the begin of each block.
 * @throws EngineError `STATS_BAD_ARGUMENT`. */
export function switchPanel(options: {
  readonly panel: Panel;
  readonly control: RowPolicy;
  readonly treatment: RowPolicy;
  readonly blocks: number;
  readonly blockDays: number;
  readonly burnInDays: number;
  readonly draws: Draws;
}): SwitchbackReport {
  const { panel, control, treatment, blocks, blockDays, burnInDays, draws } = options;
  const blockUs = blockDays * DAY_US;
  const design = designSwitchback({ startUs: panel.nowUs, blockUs, blocks, draws });
  const timeUs: number[] = [];
  const value: number[] = [];
  for (const { arm } of design.blocks) {
    const policy = arm === 'treatment' ? treatment : control;
    panel.advance({
      days: blockDays,
      policyOf: () => policy,
      listener: {
        row({ atUs, takenSlot }) {
          timeUs.push(atUs);
          value.push(Number(takenSlot >= 0));
        },
      },
    });
  }
  return judgeSwitchback(design, { timeUs, value }, { burnInUs: burnInDays * DAY_US });
}
