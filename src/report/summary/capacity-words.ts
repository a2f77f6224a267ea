/** Words that summaries of `plan` and `load` share. */
import type { BindingConstraint } from '../../experiment/capacity/documents/plan-document.ts';
import { formatNumber, formatShare } from '../numbers.ts';

const US_PER_SECOND = 1_000_000;

/** Time since the start of the run: `0:21:30`. */
export function formatTime(atUs: number): string {
  const seconds = Math.round(atUs / US_PER_SECOND);
  const two = (value: number) => String(value).padStart(2, '0');
  const [h, m] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${h}:${two(m)}:${two(seconds % 60)}`;
}

/** A share with its sign, without false digits: `+19 %`, `−8 %`, `±0 %`. */
export function spread(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 0) return '±0 %';
  return percent > 0 ? `+${formatNumber(percent)} %` : `−${formatNumber(-percent)} %`;
}

/** `talent (93 % busy, waits 12 ms) at 0:21:30, zone 1 lost: p99(…) < 450ms, 4 % of room`. */
export function bindingText(binding: BindingConstraint): string {
  const { station, stationUtilization, stationWaitMs, atUs, situation, objective } = binding;
  const wait = stationWaitMs === null ? '' : `, waits ${formatNumber(stationWaitMs)} ms`;
  const busy =
    stationUtilization === null ? '' : ` (${formatShare(stationUtilization)} busy${wait})`;
  const who = station === null ? '' : `${station}${busy}, `;
  const when = atUs === null ? '' : `, worst at ${formatTime(atUs)}`;
  return `${who}${situation}${when}: ${objective}, ${roomText(binding)}`;
}

function roomText({ margin }: BindingConstraint): string {
  if (margin === null || !Number.isFinite(margin)) return 'no figure';
  const share = formatShare(Math.abs(margin));
  return margin >= 0 ? `${share} of room` : `missed by ${share}`;
}
