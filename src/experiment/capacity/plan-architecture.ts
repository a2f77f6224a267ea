/** The plan of one architecture: pilot, search, regret over the demand, headroom, cross-check. */
import { fleetMemoryGib } from '../costs/fleet-cost.ts';
import { machinesOf } from '../costs/machines.ts';
import { pageDemand } from '../results/page-demand.ts';
import type { Planning } from '../scenario/goals/planning-schema.ts';
import type { Peak } from './demand/peak.ts';
import type { ArchitecturePlan, DemandRegret, SimulatedFleet } from './documents/plan-document.ts';
import { headroomOf } from './headroom.ts';
import { numbersOf, planOf } from './plan-figures.ts';
import { simulatedFleets } from './plan-front.ts';
import { type RegretPlan, regretOver } from './plan-regret.ts';
import { cheapestFleet, type FleetAnswer } from './search/cheapest-fleet.ts';
import { type Fleet, topOf } from './search/fleet.ts';
import { offeredAtPeak, type ServersOf, staffedStart, staffingChecks } from './staffing/pilot.ts';
import {
  createFleetTrials,
  type FleetTrial,
  type FleetTrials,
  type TrialsSubject,
} from './subject/fleet-trials.ts';
import { type PlannedNumbers, withNumbers } from './subject/planned-numbers.ts';

/** What is planned, and how. */
export interface ArchitectureSubject extends Omit<TrialsSubject, 'coordinates' | 'factor'> {
  readonly numbers: PlannedNumbers;
  readonly planning: Planning;
  readonly peak: Peak;
  /** Servers by station that somebody asks the search to start from. */
  readonly seeded: ReadonlyMap<string, number>;
  readonly hasHeadroom: boolean;
  /** Told of each fleet tried. */
  readonly onTrial?: ((line: string) => void) | undefined;
}

/** The plan, and the fleets that were simulated for it. */
export interface PlannedArchitecture {
  readonly plan: ArchitecturePlan;
  readonly simulated: readonly SimulatedFleet[];
}

/** Plans one architecture. Cost: fleets × situations × replications runs, as the search needs. */
export async function planArchitecture(subject: ArchitectureSubject): Promise<PlannedArchitecture> {
  const { numbers, planning } = subject;
  const { coordinates } = numbers;
  const trialsAt = (factor: number) => createFleetTrials({ ...subject, coordinates, factor });
  const trials = trialsAt(1);
  const serversOf = serversIn(subject);
  const pilot = await trials.unhinderedSamples(coordinates.map(topOf), [0]);
  const offered = offeredAtPeak(pilot ?? [], subject.peak.overMean);
  const zones = planning.survive === 'zone' ? subject.scenario.network.zones : 1;
  const staffing = { coordinates, serversOf, offered, zones, tier: planning.tier };
  const start = staffedStart({ ...staffing, seeded: subject.seeded });
  const answer = await searched(subject, trials, start);
  const isMet = answer.verdict === 'met';
  const regret = isMet ? await regretFor(subject, answer, trialsAt) : null;
  const headroom =
    isMet && subject.hasHeadroom ? await headroomOf(subject, trials, answer.fleet) : null;
  const rootStaffed = staffedStart({ ...staffing, seeded: new Map() });
  const given = coordinates.map((one) => one.given);
  return {
    plan: {
      name: subject.name,
      architecture: subject.architecture,
      demand: pageDemand(subject.scenario),
      ...planOf(subject, trials, answer),
      numbers: numbersOf(coordinates, start, { answer, regret }),
      inactive: numbers.inactive,
      squareRootUsdPerHour: offered.size === 0 ? null : trials.costOf(rootStaffed),
      regret,
      headroom,
      staffing: staffingChecks({
        offered,
        planned: isMet ? serversOf(answer.fleet) : null,
        given: serversOf(given),
      }),
    },
    simulated: simulatedFleets(subject, trials, answer),
  };
}

/** Searches, telling of each fleet as it is tried. */
async function searched(
  subject: ArchitectureSubject,
  trials: FleetTrials,
  start: Fleet,
): Promise<FleetAnswer<FleetTrial>> {
  const { coordinates } = subject.numbers;
  const told = async (fleet: Fleet, trial: Promise<FleetTrial | undefined>) => {
    const found = await trial;
    const usd = trials.costOf(fleet).toFixed(2);
    if (found !== undefined) {
      const how = found.isConfirmation ? 'confirmed as' : found.isScreened ? 'screened:' : '';
      subject.onTrial?.(`${subject.name} [${fleet.join(', ')}] $${usd}/h ${how} ${found.verdict}`);
    }
    return found;
  };
  return cheapestFleet({
    coordinates,
    start,
    costOf: (fleet) => trials.costOf(fleet),
    judge: (fleet) => told(fleet, trials.judge(fleet)),
    confirm: (fleet) => told(fleet, trials.confirm(fleet)),
  });
}

/** Null where demand is certain, and where runs ended before all of it was searched. */
async function regretFor(
  subject: ArchitectureSubject,
  answer: FleetAnswer<FleetTrial>,
  trialsAt: (factor: number) => FleetTrials,
): Promise<DemandRegret | null> {
  const { scenario, architecture } = subject;
  const { demand } = subject.planning;
  if (demand.length < 2) return null;
  const plans: RegretPlan[] = [];
  for (const { factor, probability } of demand) {
    const trials = trialsAt(factor);
    const at = factor === 1 ? answer : await searchedAt(subject, trials, answer.fleet);
    // Nothing is known of this demand then, not even that no fleet bears it.
    if (at.verdict === 'stopped') return null;
    const fleet = at.verdict === 'met' ? at.fleet : null;
    const setting = fleet === null ? null : trials.settingOf(fleet);
    plans.push({
      factor,
      probability,
      fleet: setting,
      usdPerHour: fleet === null ? 0 : trials.costOf(fleet),
      memoryGib:
        setting === null ? 0 : fleetMemoryGib(withNumbers(scenario, setting), architecture),
    });
  }
  return regretOver(plans);
}

/** The cheapest fleet at another demand, from the one at hand; by the search's replications
 * alone. */
function searchedAt(
  subject: ArchitectureSubject,
  trials: FleetTrials,
  start: Fleet,
): Promise<FleetAnswer<FleetTrial>> {
  const { coordinates } = subject.numbers;
  const judge = (fleet: Fleet) => trials.judge(fleet);
  const costOf = (fleet: Fleet) => trials.costOf(fleet);
  return cheapestFleet({ coordinates, start, costOf, judge, confirm: judge });
}

/** Servers of each station of a fleet: replicas × workers, and the pipeline's workers. */
function serversIn({ scenario, architecture, numbers }: ArchitectureSubject): ServersOf {
  return (fleet) => {
    const setting = Object.fromEntries(
      numbers.coordinates.map(({ path }, i) => [path, fleet[i] ?? 0]),
    );
    const sized = withNumbers(scenario, setting);
    const { servers, databases } = machinesOf(sized, architecture);
    const machines = [...servers, ...databases].map(
      ({ name, replicas, coresPerReplica }) => [name, replicas * coresPerReplica] as const,
    );
    const { workers } = sized.clickstream;
    return new Map([
      ...machines,
      ...(workers === undefined ? [] : [['pipeline', workers.count] as const]),
    ]);
  };
}
