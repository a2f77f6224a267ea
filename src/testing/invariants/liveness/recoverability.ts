/** Whether a trial can recover at all: where its own settings overload it even without faults, or
 * let retries keep an overload up that a fault began, nobody is to blame that it does not. What is
 * said comes from the pre-flight of `check`, not from what the run did. Spec: T49. */
import type { World } from '../../../experiment/assemble.ts';
import type {
  StationPreflight,
  SubjectPreflight,
} from '../../../experiment/check/check-document.ts';
import {
  pagePolicies,
  servicePolicies,
} from '../../../experiment/requests/wiring/call-settings.ts';
import type { CallPolicies } from '../../../queueing/calls/call-policies.ts';

/** Where a pre-flight can be had. */
export interface Preflighted {
  /** Undefined where the inputs of the run are not known. Cost: some 50 ms, once. */
  preflight(): SubjectPreflight | undefined;
}

/** Why a world cannot be expected to recover; undefined where it can. */
export function whyNotRecoverable(world: World, { preflight }: Preflighted): string | undefined {
  const stations = preflight()?.stations ?? [];
  for (const station of stations) {
    const reason = overloadOf(station) ?? stormAt(world, station);
    if (reason !== undefined) return `not recoverable because ${reason}`;
  }
  return undefined;
}

/** More is asked than all of its workers, autoscaled ones included, can do. */
function overloadOf({ station, kind, offeredLoad, ...rest }: StationPreflight): string | undefined {
  const most = Math.max(rest.peak.workers, rest.maxReplicas * rest.workersPerReplica);
  if (offeredLoad < most) return undefined;
  const load = (offeredLoad / most).toFixed(2);
  const who = kind === 'pipeline' ? 'the workers of the pipeline are' : `${station} is`;
  return `${who} overloaded even without faults (ρ = ${load})`;
}

/** Tries without a budget: when all calls are tried as often as they may be, the overload keeps
 * itself up. */
function stormAt(world: World, station: StationPreflight): string | undefined {
  const { station: name, offeredLoad, maxReplicas, workersPerReplica } = station;
  const tries = triesPerPage(world, name);
  const most = Math.max(station.peak.workers, maxReplicas * workersPerReplica);
  if (tries <= 1 || offeredLoad * tries < most) return undefined;
  const load = (offeredLoad / most).toFixed(2);
  return (
    `retries without a budget can keep ${name} overloaded once it is ` +
    `(ρ = ${load}, up to ${tries} tries of each call)`
  );
}

/** How often the work of a server can be done for one page: tries multiply from edge to edge. */
function triesPerPage({ scenario, wired }: World, name: string): number {
  const ofPages = unboundedTries(pagePolicies(scenario));
  const edge = wired.edges.find(({ account }) => account.name.endsWith(`→${name}`));
  if (edge === undefined) return 1;
  if (!(name in scenario.services)) return ofPages;
  const isBehindGateway = !edge.account.name.startsWith('clients→');
  const ofCalls = unboundedTries(servicePolicies(scenario, name));
  return isBehindGateway ? ofPages * ofCalls : ofCalls;
}

function unboundedTries({ retry, budget }: CallPolicies): number {
  return budget === undefined ? retry.maxAttempts : 1;
}
