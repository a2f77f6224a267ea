/** Trials drawn whole: topology, policies, clickstream, workload, faults and the order of ties. One
 * seed draws one trial, the same for ever within a version. Every member shrinks towards the
 * plainest scenario: one guest, no faults, policies left out, simultaneous events in the order of
 * scheduling. Spec: T50–T53. */
import fc from 'fast-check';
import {
  FAULT_KIND_NAMES,
  FAULT_KINDS,
  type FaultKindName,
} from '../../../experiment/faults/catalogue/fault-kinds.ts';
import { targetsOf } from '../../../experiment/scenario/problems/fault-problems.ts';
import type { ScenarioInput } from '../../../experiment/scenario/schema.ts';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../../gateway/architecture.ts';
import { seconds } from '../../../kernel/time.ts';
import type { Trial } from '../../trial/trial.ts';
import { clickstreams } from './clickstreams.ts';
import { anySeed, oneOf, present, seldom } from './draw.ts';
import { type DrawnFault, faultPlans, fittedFault } from './fault-plans.ts';
import { requestPolicies } from './policies.ts';
import { SWARM_SERVICES, type Topology, topologies } from './topologies.ts';
import { type DrawnWorkload, fittedAudience, fittedTraffic, workloads } from './workloads.ts';

/** What a swarm draws from. */
export interface SwarmOptions {
  /** Kinds of faults that may be enabled. Default: all. */
  readonly kinds?: readonly FaultKindName[] | undefined;
  /** Default: all four. */
  readonly architectures?: readonly ArchitectureName[] | undefined;
}

interface Drawn {
  readonly seed: number;
  readonly tieOrder: number | undefined;
  readonly architecture: ArchitectureName;
  readonly topology: Topology;
  readonly requests: NonNullable<ScenarioInput['requests']>;
  readonly clickstream: NonNullable<ScenarioInput['clickstream']>;
  readonly workload: DrawnWorkload;
  readonly safety: number;
  readonly liveness: number;
  readonly faults: readonly DrawnFault[];
}

/** What scenarios that are drawn whole are called. */
export const SWARM_NAME = 'swarm';
/** Time that everybody may take to finish. */
const DRAIN_US = seconds(45);
/** All trials are about the same titles: what pages look like is worked out once. */
const TITLES = 20;
const TITLES_SEED = 1;

/** Trials. */
export function trialArbitrary(options: SwarmOptions = {}): fc.Arbitrary<Trial> {
  const { kinds = FAULT_KIND_NAMES, architectures = ARCHITECTURE_NAMES } = options;
  const drawn = fc.record<Drawn>({
    faults: faultPlans(kinds),
    workload: workloads(),
    tieOrder: seldom(anySeed(), 0.5),
    architecture: fc.constantFrom(...architectures),
    topology: topologies(),
    requests: requestPolicies(),
    clickstream: clickstreams(),
    safety: oneOf(seconds(15), seconds(8), seconds(25)),
    liveness: oneOf(seconds(25), seconds(40)),
    seed: anySeed(),
  });
  // Without fast-check's bias to small and edge values: the weights above are meant.
  return fc.noBias(drawn).map(trialOf);
}

function trialOf(drawn: Drawn): Trial {
  const { architecture, safety: healedAt, liveness, topology, workload } = drawn;
  const duration = healedAt + liveness;
  const room = {
    healedAt,
    targetsOf: (kind: FaultKindName) => reachableTargets(kind, architecture, SWARM_SERVICES),
  };
  return present({
    schema: 'backlot.trial/1',
    architecture,
    healedAt,
    tieOrder: drawn.tieOrder,
    scenario: present({
      schema: 1,
      name: SWARM_NAME,
      question: 'Does every invariant hold?',
      seed: drawn.seed,
      clock: { start: '2026-11-20T20:00:00Z', duration, drain: DRAIN_US },
      audience: fittedAudience(workload, { healedAt, duration }),
      traffic: fittedTraffic(workload),
      catalogue: { titles: TITLES, seed: TITLES_SEED },
      ...topology,
      requests: drawn.requests,
      clickstream: drawn.clickstream,
      faults: drawn.faults.map((fault) => fittedFault(fault, room)),
    }),
  });
}

/** Names that faults of a kind can be aimed at on an architecture. */
export function reachableTargets(
  kind: FaultKindName,
  architecture: ArchitectureName,
  services: readonly string[],
): readonly string[] {
  const absent = ARCHITECTURE_NAMES.filter((name) => name !== architecture);
  const known = targetsOf(FAULT_KINDS[kind].targets, architecture === 'monolith' ? [] : services);
  return known.filter((name) => !(absent as readonly string[]).includes(name));
}
