/** Faults of services and zones on the kernel's clock; those of the catalogue are on the fault
 * board (`faults/board/`). An outage takes the process down: the service's
 * own, or the whole monolith that the domain lives in. Slowness hits the domain's work wherever it
 * is done. A lost zone takes the replicas of all servers in it. */
import type { ServerMessage } from '../../actors/server.ts';
import type { ApiArchitecture } from '../../gateway/architecture.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Scenario } from '../scenario/schema.ts';

/** Switches faults on and off. */
export interface FaultSwitch {
  /** How many times longer a domain's work takes now. */
  readonly slowness: (domain: string) => number;
  /** Notes that an outage of a server begins, or ends. @returns whether it is the first one to
   * begin, or the last one to end: outages may overlap. */
  turnsOutage(server: string, change: 1 | -1): boolean;
  /** Schedules all faults. @param tell - Carries a message to a server, or to all of a region. */
  schedule(tell: (to: string | number, message: ServerMessage) => void): void;
}

/** Faults run before other events of the same instant. */
const FAULT_PRIORITY = -1;
/** All in one lane: faults that touch do not overlap, whatever the order of ties. */
const FAULT_LANES = { group: 'fault', laneOf: () => 0 };

type Fault = Scenario['faults'][number];

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
  /** Whether a fault that may overlap with itself begins (or ends) for its place. */
  const turns = (place: string, change: 1 | -1): boolean => {
    const before = depth[place] ?? 0;
    depth[place] = before + change;
    return change === 1 ? before === 0 : before === 1;
  };
  const slow = (target: string, factor: number) => {
    slowness[target] = (slowness[target] ?? 1) * factor;
  };
  return {
    slowness: (domain) => slowness[domain] ?? 1,
    turnsOutage: turns,
    schedule(tell) {
      const turnOutage = (target: string, change: 1 | -1) => {
        const host = hostOf(target);
        if (turns(host, change)) tell(host, outageMessage(change));
      };
      const turnZone = (region: number, zone: number, change: 1 | -1) => {
        if (turns(`zone ${region}/${zone}`, change)) tell(region, zoneMessage(zone, change));
      };
      const turn = (fault: Fault | undefined, change: 1 | -1) => {
        if (fault === undefined) return;
        if (fault.kind === 'zone.loss') turnZone(fault.region, fault.zone, change);
        else if (fault.kind === 'service.outage') turnOutage(fault.target, change);
        else if (fault.kind === 'service.slow') {
          slow(fault.target, change === 1 ? fault.factor : 1 / fault.factor);
        }
      };
      const turning = (change: 1 | -1) => (i: number) => turn(scenario.faults[i], change);
      const starts = simulation.registerHandler('fault.start', turning(1), FAULT_LANES);
      const ends = simulation.registerHandler('fault.end', turning(-1), FAULT_LANES);
      scenario.faults.forEach((fault, i) => {
        simulation.schedule(fault.at, starts, i, undefined, FAULT_PRIORITY);
        simulation.schedule(fault.at + fault.for, ends, i, undefined, FAULT_PRIORITY);
      });
    },
  };
}

function outageMessage(change: 1 | -1): ServerMessage {
  return { type: change === 1 ? 'outage.started' : 'outage.ended' };
}

function zoneMessage(zone: number, change: 1 | -1): ServerMessage {
  return { type: change === 1 ? 'zone.lost' : 'zone.restored', zone };
}
