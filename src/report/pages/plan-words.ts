/** Fleets and what binds them, in words. */
import type {
  BindingConstraint,
  FleetSetting,
} from '../../experiment/capacity/documents/plan-document.ts';
import { formatNumber, formatShare } from '../numbers.ts';
import { formatObjectiveValue } from '../objective-values.ts';

/** A fleet in words: `services.talent.replicas 12, …`. */
export function fleetInWords(fleet: FleetSetting): string {
  return Object.entries(fleet)
    .map(([path, count]) => `${path} ${formatNumber(count)}`)
    .join(', ');
}

/** What binds, where and when. */
export function bindingInWords(binding: BindingConstraint): string {
  const { objective, situation, value, unit, margin, station, stationUtilization, atUs } = binding;
  const at = atUs === null ? '' : `, worst at minute ${formatNumber(atUs / 60e6)}`;
  const busy =
    station === null
      ? ''
      : `; busiest then: ${station} at ${formatShare(stationUtilization)} of its workers`;
  const found = formatObjectiveValue(value, unit);
  return `${objective} (${found}, margin ${formatShare(margin)}), ${situation}${at}${busy}`;
}
