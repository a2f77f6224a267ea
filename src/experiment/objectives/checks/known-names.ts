/** The names that a scenario's objectives may use. */
import { PAGE_NAMES } from '../../../domain/page.ts';
import { PRODUCTS } from '../../../gateway/products/products.ts';
import type { DropReason } from '../../../sdk/sdk-messages.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { faultNames } from '../measure/scopes.ts';
import type { LabelName } from '../metrics/metric-registry.ts';

/** Faults by kind, and by kind and target. */
export function knownFaults({ faults }: Scenario): readonly string[] {
  return unique(faults.flatMap(faultNames));
}

/** What the scenario is run as. */
export function knownSubjects({ variants, product }: Scenario): readonly string[] {
  if (variants.length > 0) return variants.map(({ name }) => name);
  return PRODUCTS[product].architectures;
}

/** Why an SDK gives events up. */
const DROP_REASONS: Readonly<Record<DropReason, true>> = {
  sdk_queue_full: true,
  sdk_retries_exhausted: true,
  sdk_rejected: true,
  sdk_too_old: true,
  sdk_event_too_large: true,
  sdk_rate_limited: true,
  sdk_sampled_out: true,
  sdk_no_consent: true,
};

/** Values that a label can have in any architecture of the scenario. */
export function knownValues(scenario: Scenario, label: LabelName): readonly string[] {
  const { audience, traffic } = scenario;
  const hasViewers = audience.viewers > 0 || audience.guests.length > 0;
  switch (label) {
    case 'page':
      return unique([
        ...(hasViewers ? PAGE_NAMES : []),
        ...Object.keys(traffic?.pages ?? {}),
        ...(traffic?.operations ?? []).map(({ name }) => name),
      ]);
    case 'device': {
      const devices = Object.entries(audience.devices).filter(([, { share }]) => share > 0);
      return unique([
        ...(hasViewers ? devices.map(([kind]) => kind) : []),
        ...(traffic === undefined ? [] : [traffic.device]),
      ]);
    }
    case 'country': {
      const countries = Object.entries(audience.countries).filter(([, weight]) => weight > 0);
      return hasViewers ? countries.map(([country]) => country) : [];
    }
    case 'outcome':
      return ['ok', 'degraded', 'partial', 'failed', 'timeout', 'offline'];
    case 'service':
      return [...Object.keys(scenario.services), 'monolith', 'gateway', 'router'];
    case 'from':
      return ['clients', 'gateway', 'router'];
    case 'direction':
      return ['up', 'down'];
    case 'reason':
      return Object.keys(DROP_REASONS);
  }
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
