/** Which jobs a page puts on which station of an architecture, as means and variances: the same
 * rules as `requests/calls/demands.ts`, `servers/gateway-costs.ts` and `servers/database.ts`. */
import type { ApiArchitecture } from '../../../gateway/architecture.ts';
import type { PageEnd, TracedCall } from '../../../gateway/page-trace.ts';
import { gatewaySettings } from '../../requests/wiring/server-settings.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { type Moments, momentsOfTime, NO_TIME, sumOf, timesOf } from './job-moments.ts';

/** A job: the station's name and its time there. */
export type StationJob = readonly [station: string, time: Moments];

/** Jobs of the steps of a page; undefined where a step costs no worker anything. */
export interface PageCosts {
  readonly plan: StationJob | undefined;
  /** For each answer of a service. */
  readonly answer: StationJob | undefined;
  merge(end: PageEnd): StationJob | undefined;
  /** At the service, and at its database where it has a limited one. */
  call(call: TracedCall): readonly StationJob[];
}

const BYTES_PER_KIB = 1_024;

/** The name of the station that is a server's database. */
export function databaseStation(server: string): string {
  return `database.${server}`;
}

/** The costs of pages on an architecture. */
export function createPageCosts(scenario: Scenario, architecture: ApiArchitecture): PageCosts {
  const gateway = gatewaySettings(scenario, architecture);
  const name = gateway?.server.name ?? '';
  const costs = gateway?.costs;
  return {
    plan: costs && [name, momentsOfTime(costs.planTime)],
    answer:
      costs === undefined || costs.answerTime === 0
        ? undefined
        : [name, momentsOfTime(costs.answerTime)],
    merge({ callCount, bytes }) {
      if (costs === undefined) return undefined;
      const { mergeTimePerFetch, mergeTimePerKib } = costs;
      const meanUs = mergeTimePerFetch * callCount + (mergeTimePerKib * bytes) / BYTES_PER_KIB;
      return meanUs > 0 ? [name, { meanUs, varianceUs2: 0 }] : undefined;
    },
    call: createCallCosts(scenario),
  };
}

function createCallCosts(scenario: Scenario): PageCosts['call'] {
  const domains = Object.entries(scenario.services).map(([domain, service]) => ({
    domain,
    base: momentsOfTime(service.baseTime),
    perEntity: momentsOfTime(service.timePerEntity),
  }));
  const databases = new Map(
    Object.entries({
      ...scenario.services,
      monolith: scenario.architectures.monolith ?? Object.values(scenario.services)[0],
    }).flatMap(([server, station]) =>
      station?.database === undefined
        ? []
        : [[server, { ...station.database, query: momentsOfTime(station.database.queryTime) }]],
    ),
  );
  return ({ service, work, entityKeys, databaseRoundTrips }) => {
    let time = NO_TIME;
    let entitiesInAll = 0;
    for (const { domain, base, perEntity } of domains) {
      const entities = work[domain] ?? 0;
      entitiesInAll += entities;
      if (entities > 0) time = sumOf(time, base, timesOf(perEntity, entities));
    }
    const jobs: StationJob[] = [[service, time]];
    const database = databases.get(service);
    if (database !== undefined) {
      const rows = service === 'monolith' ? entitiesInAll : entityKeys.length;
      const fixed = { meanUs: database.timePerRow * rows, varianceUs2: 0 };
      const query = sumOf(timesOf(database.query, databaseRoundTrips), fixed);
      jobs.push([databaseStation(service), query]);
    }
    return jobs;
  };
}
