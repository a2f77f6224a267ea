/** The numbers of a scenario that a plan chooses, by dotted path: whether they exist, which station
 * each belongs to, and whether they cost anything. Spec: E202, E203. */
import type { ArchitectureName } from '../../../gateway/architecture.ts';
import { nearestName, type ScenarioProblem } from '../../../kernel/errors.ts';
import { fleetCostPerHour } from '../../costs/fleet-cost.ts';
import { machinesOf } from '../../costs/machines.ts';
import type { Planning } from '../../scenario/goals/planning-schema.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { applyVariant } from '../../scenario/variants.ts';
import type { Coordinate } from '../search/fleet.ts';

/** One of them. */
export interface PlannedCoordinate extends Coordinate {
  /** As results name it; `pipeline` for the clickstream's. */
  readonly station: string;
  /** What the scenario itself has. */
  readonly given: number;
  readonly usdPerHourPerStep: number;
}

/** What came of looking. */
export interface PlannedNumbers {
  readonly coordinates: readonly PlannedCoordinate[];
  /** Paths of servers that this architecture does not have. */
  readonly inactive: readonly string[];
  readonly problems: readonly ScenarioProblem[];
}

/** Servers of architectures, by the key of their settings. */
const GATEWAYS: Readonly<Record<string, string>> = {
  aggregation: 'gateway',
  federated: 'router',
  monolith: 'monolith',
  direct: 'direct',
};
/** Replicas of a server that no range was given for. */
const DEFAULT_MAX = 64;
/** Parts of a scenario that are the question, not the fleet. */
const QUESTION = ['audience', 'traffic', 'clock', 'seed', 'schema', 'limits', 'catalogue'];

/** Numbers to plan on one architecture. */
export function plannedNumbers(
  scenario: Scenario,
  architecture: ArchitectureName,
  vary: Planning['vary'],
): PlannedNumbers {
  const servers = machinesOf(scenario, architecture).servers.map(({ name }) => name);
  const ranges =
    Object.keys(vary).length > 0
      ? vary
      : Object.fromEntries(servers.map((name) => [replicasPath(name), ALL_REPLICAS]));
  const coordinates: PlannedCoordinate[] = [];
  const inactive: string[] = [];
  const problems: ScenarioProblem[] = [];
  for (const [path, range] of Object.entries(ranges)) {
    const station = stationOf(path);
    if (station !== 'pipeline' && isServerPath(path) && !servers.includes(station)) {
      if (isKnownStation(scenario, station)) inactive.push(path);
      else problems.push(unknownStation(scenario, path, station));
      continue;
    }
    const problem = problemOf(scenario, path, range);
    if (problem !== undefined) problems.push(problem);
    else coordinates.push(coordinateOf({ scenario, architecture, path, station, range }));
  }
  return { coordinates, inactive, problems };
}

const ALL_REPLICAS = { min: 1, max: DEFAULT_MAX, step: 1 };

type Range = Planning['vary'][string];

/** The path of a server's replicas, by the server's name in results. */
function replicasPath(server: string): string {
  const [key] = Object.entries(GATEWAYS).find(([, name]) => name === server) ?? [];
  return key === undefined ? `services.${server}.replicas` : `architectures.${key}.replicas`;
}

function stationOf(path: string): string {
  const [root = '', name = ''] = path.split('.');
  if (root === 'clickstream') return 'pipeline';
  return root === 'architectures' ? (GATEWAYS[name] ?? name) : name;
}

function isServerPath(path: string): boolean {
  return path.startsWith('services.') || path.startsWith('architectures.');
}

function isKnownStation({ services }: Scenario, station: string): boolean {
  return services[station] !== undefined || Object.values(GATEWAYS).includes(station);
}

function unknownStation({ services }: Scenario, path: string, station: string): ScenarioProblem {
  const known = [...Object.keys(services), ...Object.keys(GATEWAYS)];
  const nearest = nearestName(station, known);
  const hint = nearest === undefined ? '' : `did you mean "${nearest}"? `;
  return {
    path: `planning.vary.${path}`,
    found: `a server "${station}"`,
    rule: `${hint}there are ${known.join(', ')}`,
  };
}

function problemOf(scenario: Scenario, path: string, range: Range): ScenarioProblem | undefined {
  const { min, max } = range;
  const place = `planning.vary.${path}`;
  if (QUESTION.includes(path.split('.')[0] ?? '')) {
    return { path: place, found: 'a part of the question', rule: 'vary what serves, not who asks' };
  }
  if (min > max) {
    return { path: place, found: `min ${min}, max ${max}`, rule: 'give min ≤ max' };
  }
  const given = valueAt(scenario, path);
  if (!Number.isInteger(given)) {
    const rule = path.startsWith('clickstream.workers.')
      ? 'describe clickstream.workers: without, the pipeline takes no time'
      : 'give the path of a whole number that the scenario has, like services.movie.replicas';
    return { path: place, found: JSON.stringify(given) ?? 'nothing', rule };
  }
  if (isAutoscaled(scenario, path)) {
    return {
      path: place,
      found: 'a server with an autoscaler',
      rule:
        'its replicas come and go, so that nobody knows before a run what it costs: plan without ' +
        'its autoscaler, or leave it out of planning.vary',
    };
  }
  for (const value of [min, max]) {
    const applied = applyVariant(scenario, { [path]: value });
    if (applied.success) continue;
    const [issue] = applied.error.issues;
    return { path: place, found: `${value}`, rule: issue?.message ?? 'out of the range' };
  }
  return undefined;
}

/** Whether the path is of the size of a server that has an autoscaler. */
function isAutoscaled(scenario: Scenario, path: string): boolean {
  const [, server] = /^(.+)\.(?:replicas|workersPerReplica)$/.exec(path) ?? [];
  return server !== undefined && valueAt(scenario, `${server}.autoscaler`) !== undefined;
}

function coordinateOf(planned: {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
  readonly path: string;
  readonly station: string;
  readonly range: Range;
}): PlannedCoordinate {
  const { scenario, architecture, path, station, range } = planned;
  const given = Number(valueAt(scenario, path));
  const cost = (value: number) =>
    fleetCostPerHour(withNumbers(scenario, { [path]: value }), architecture);
  const usdPerHourPerStep = cost(given + range.step) - cost(given);
  return { path, ...range, station, given, usdPerHourPerStep, isPriced: usdPerHourPerStep > 0 };
}

/** The scenario with these numbers. They were found valid before. */
export function withNumbers(scenario: Scenario, set: Readonly<Record<string, number>>): Scenario {
  const applied = applyVariant(scenario, set);
  return applied.success ? applied.data : scenario;
}

function valueAt(value: unknown, path: string): unknown {
  let at: unknown = value;
  for (const step of path.split('.')) {
    const isObject = typeof at === 'object' && at !== null && Object.hasOwn(at, step);
    at = isObject ? (at as Record<string, unknown>)[step] : undefined;
  }
  return at;
}
