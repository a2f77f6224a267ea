/** Plans of faults: kinds of the catalogue, aimed at what a scenario has, as strong as swarms draw
 * them. They shrink to fewer faults, early, short, and as the catalogue has them. Spec: T98. */

import fc from 'fast-check';
import type { FaultKind } from '../../experiment/faults/catalogue/fault-kind.ts';
import {
  FAULT_KIND_NAMES,
  FAULT_KINDS,
  type FaultKindName,
} from '../../experiment/faults/catalogue/fault-kinds.ts';
import { targetsOf } from '../../experiment/scenario/problems/fault-problems.ts';
import type { ScenarioInput } from '../../experiment/scenario/schema.ts';
import { EngineError, nearestName } from '../../kernel/errors.ts';
import { US_PER_SECOND } from '../../kernel/time.ts';

/** One fault of a plan, as a scenario takes it. */
export type PlannedFault = NonNullable<ScenarioInput['faults']>[number];

/** What is drawn. */
export interface FaultPlanOptions {
  /** Default: all of the catalogue. */
  readonly kinds?: readonly FaultKindName[];
  /** All faults are over by then, µs. */
  readonly untilUs: number;
  /** Default 3. */
  readonly maxFaults?: number;
  /** Services that may be aimed at; default: those of the default scenario. */
  readonly services?: readonly string[];
  /** Whom faults are aimed at, where their kind can; default: anybody, or all at once. */
  readonly targets?: readonly string[];
}

const FAULTS_MAX = 3;
const SERVICES = ['movie', 'production', 'talent'];

/** Plans of faults. A subset of the kinds is drawn first, so that some plans have few kinds, often,
 * and none has a bit of everything (swarm testing: Groce et al., ISSTA 2012).
 * @throws EngineError `TESTING_BAD_ARGUMENT` for a kind that is unknown, or a target that no kind
 * can hit. */
export function faultPlans(options: FaultPlanOptions): fc.Arbitrary<readonly PlannedFault[]> {
  const { kinds = FAULT_KIND_NAMES, maxFaults = FAULTS_MAX } = options;
  requireKnown(kinds, options);
  const one = fc.constantFrom(...kinds).chain((kind) => plannedFault(kind, options));
  return fc.array(one, { maxLength: maxFaults, size: 'max' });
}

/** Faults of one kind. */
export function plannedFault(
  kind: FaultKindName,
  { untilUs, services = SERVICES, targets: wanted }: FaultPlanOptions,
): fc.Arbitrary<PlannedFault> {
  const found = FAULT_KINDS[kind];
  const lastSecond = Math.max(1, Math.floor(untilUs / US_PER_SECOND));
  const span = fc
    .tuple(fc.nat(lastSecond - 1), fc.integer({ min: 1, max: lastSecond }))
    .map(([at, forSeconds]) => ({
      at: at * US_PER_SECOND,
      for: Math.min(forSeconds, lastSecond - at) * US_PER_SECOND,
    }));
  const all = targetsOf(found.targets, services);
  const aimed = all.filter((one) => wanted?.includes(one));
  const target =
    aimed.length > 0
      ? fc.constantFrom(...aimed)
      : fc.option(fc.constantFrom(...all), { nil: undefined, freq: 2 });
  return fc
    .tuple(span, target, intensityOf(found), probabilityOf(found))
    .map(([when, aimedAt, intensity, probability]) => ({
      kind,
      ...when,
      ...(aimedAt === undefined ? {} : { target: aimedAt }),
      ...(intensity === undefined ? {} : { intensity }),
      ...(probability === undefined ? {} : { probability }),
    }));
}

/** What is misspelt would be drawn as nothing, and a check of nothing holds. */
function requireKnown(
  kinds: readonly FaultKindName[],
  { services = SERVICES, targets = [] }: FaultPlanOptions,
): void {
  const reachable = kinds.flatMap((kind) => {
    if (!FAULT_KIND_NAMES.includes(kind)) throw unknown('kinds', kind, FAULT_KIND_NAMES);
    return targetsOf(FAULT_KINDS[kind].targets, services);
  });
  for (const target of targets) {
    if (!reachable.includes(target)) throw unknown('targets', target, [...new Set(reachable)]);
  }
}

function unknown(argument: string, found: string, known: readonly string[]): EngineError {
  const nearest = nearestName(found, known);
  const remedy = nearest === undefined ? 'docs/FAULTS.md lists them' : `did you mean "${nearest}"?`;
  const message = `faults.${argument}: "${found}" is none that these faults can have; ${remedy}`;
  return new EngineError('TESTING_BAD_ARGUMENT', message, {
    argument: `faults.${argument}`,
    found,
  });
}

/** Undefined: the kind's own. */
function intensityOf({ intensity }: FaultKind): fc.Arbitrary<number | undefined> {
  if (intensity === undefined) return fc.constant(undefined);
  return within(intensity.swarm, intensity.unit !== 'share' && intensity.unit !== 'factor');
}

function probabilityOf({ swarmProbability }: FaultKind): fc.Arbitrary<number | undefined> {
  return swarmProbability === undefined ? fc.constant(undefined) : within(swarmProbability, false);
}

/** Hundredths of a range: plain to read. */
function within(
  [least, most]: readonly [number, number],
  isWhole: boolean,
): fc.Arbitrary<number | undefined> {
  const value = fc.nat(100).map((hundredth) => {
    const found = least + ((most - least) * hundredth) / 100;
    return isWhole ? Math.round(found) : Number(found.toPrecision(6));
  });
  return fc.option(value, { nil: undefined, freq: 2 });
}
