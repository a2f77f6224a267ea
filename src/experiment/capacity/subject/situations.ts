/** What a fleet is put through: the scenario as it is and, where a zone must be survived, the same
 * with each zone lost over the peak. Objectives must hold in all of them. Spec: E201. */

import type { ArchitectureName } from '../../../gateway/architecture.ts';
import type { Objective } from '../../objectives/objective.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { Variant } from '../../scenario/variants.ts';
import type { Peak } from '../demand/peak.ts';

/** One of them. */
export interface Situation {
  readonly name: string;
  readonly faults: Scenario['faults'];
  /** Whether searches try it: the fullest zone of a region tells of its others, and confirmations
   * try them all. */
  readonly isSearched: boolean;
}

/** Nothing is lost besides what the scenario itself loses. */
const ALL_ZONES: Omit<Situation, 'isSearched'> = { name: 'all zones', faults: [] };

/** Situations of a scenario on an architecture, those that tell most first: zone 0 has a replica
 * more than others where they do not come out even. The last is that of all zones. */
export function situationsOf(
  { scenario, architecture }: Pick<Variant, 'scenario' | 'architecture'>,
  survive: 'nothing' | 'zone',
  peak: Peak,
): readonly Situation[] {
  if (survive === 'nothing') return [{ ...ALL_ZONES, isSearched: true }];
  const regions = regionsOf(scenario, architecture);
  const zones = Array.from({ length: scenario.network.zones }, (_, zone) => zone);
  const lost = zones.flatMap((zone) =>
    regions.map((region): Situation => {
      const during = { at: peak.fromUs, for: Math.max(1, peak.toUs - peak.fromUs) };
      const where = regions.length === 1 ? '' : ` of region ${region}`;
      return {
        name: `zone ${zone}${where} lost`,
        faults: [{ kind: 'zone.loss', zone, region, ...during }],
        isSearched: zone === 0,
      };
    }),
  );
  return [...lost, { ...ALL_ZONES, isSearched: false }];
}

/** The scenario in a situation, with the objectives that can be judged in it. */
export function inSituation(
  scenario: Scenario,
  situation: Situation,
  objectives: readonly Objective[],
): Scenario {
  const faults = [...scenario.faults, ...situation.faults];
  return { ...scenario, faults, objectives: judgedIn(objectives, faults) };
}

/** Objectives that speak of a fault can be judged only where there is one of its kind. */
export function judgedIn(
  objectives: readonly Objective[],
  faults: Scenario['faults'],
): Objective[] {
  return objectives.filter((objective) =>
    faultsNamed(objective).every((name) => faults.some(({ kind }) => kind === name)),
  );
}

function faultsNamed({ scopes, recovery }: Objective): readonly string[] {
  const after = scopes.flatMap((scope) => (scope.kind === 'after-fault' ? [scope.fault] : []));
  return recovery === null ? after : [...after, recovery.fault];
}

/** Regions in which the architecture has servers, ascending. */
function regionsOf(
  { services, architectures }: Scenario,
  architecture: ArchitectureName,
): readonly number[] {
  const gateway = architecture === 'direct' ? undefined : architectures[architecture];
  const behind = architecture === 'monolith' ? [] : Object.values(services);
  const servers = [...behind, ...(gateway === undefined ? [] : [gateway])];
  const regions = new Set(servers.map(({ region }) => region));
  // A monolith that nobody describes stands in the first.
  return regions.size === 0 ? [0] : [...regions].sort((a, b) => a - b);
}
