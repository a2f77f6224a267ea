/** The scenario's faults on the kernel's clock. An outage takes the process down: the service's
 * own, or the whole monolith that the domain lives in. Slowness hits the domain's work wherever it
 * is done. */
import type { ServiceMessage } from '../../actors/service.ts';
import type { ApiArchitecture } from '../../gateway/architecture.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Scenario } from '../scenario/schema.ts';

/** Switches faults on and off. */
export interface FaultSwitch {
  /** How many times longer a domain's work takes now. */
  readonly slowness: (domain: string) => number;
  /** Schedules all faults; `tell` carries outages to services. */
  schedule(tell: (service: string, message: ServiceMessage) => void): void;
}

/** Faults run before other events of the same instant. */
const FAULT_PRIORITY = -1;

/** Makes the switch of one run. */
export function createFaultSwitch(
  scenario: Scenario,
  architecture: ApiArchitecture,
  simulation: Simulation,
): FaultSwitch {
  const slowness: Record<string, number> = {};
  const depth: Record<string, number> = {};
  const hostOf = (domain: string) =>
    architecture.services.includes(domain) ? domain : (architecture.services[0] ?? domain);
  return {
    slowness: (domain) => slowness[domain] ?? 1,
    schedule(tell) {
      const outage = (target: string, change: 1 | -1) => {
        const host = hostOf(target);
        const before = depth[host] ?? 0;
        depth[host] = before + change;
        if (before === 0 && change === 1) tell(host, { type: 'outage.started' });
        if (before === 1 && change === -1) tell(host, { type: 'outage.ended' });
      };
      const slow = (target: string, factor: number) => {
        slowness[target] = (slowness[target] ?? 1) * factor;
      };
      const starts = simulation.registerHandler('fault.start', (i) => {
        const fault = scenario.faults[i];
        if (fault?.kind === 'service.outage') outage(fault.target, 1);
        if (fault?.kind === 'service.slow') slow(fault.target, fault.factor);
      });
      const ends = simulation.registerHandler('fault.end', (i) => {
        const fault = scenario.faults[i];
        if (fault?.kind === 'service.outage') outage(fault.target, -1);
        if (fault?.kind === 'service.slow') slow(fault.target, 1 / fault.factor);
      });
      scenario.faults.forEach((fault, i) => {
        simulation.schedule(fault.at, starts, i, undefined, FAULT_PRIORITY);
        simulation.schedule(fault.at + fault.for, ends, i, undefined, FAULT_PRIORITY);
      });
    },
  };
}
