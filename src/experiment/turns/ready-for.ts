/** What has to be there before the run starts so that a fault can begin on the way: hazards of
 * servers, a broker around the log. A world without such faults has none of it and pays nothing. */

import { FAULT_KINDS, type FaultKindName } from '../faults/catalogue/fault-kinds.ts';
import { type CataloguedFault, isCatalogued } from '../faults/plan/fault-schema.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Turn } from './turned-simulation.ts';

/** What is known before the run of what may begin in it. */
export interface Expected {
  readonly scenario: Scenario;
  readonly turns?: readonly Turn[] | undefined;
  readonly mayBegin?: readonly CataloguedFault[] | undefined;
}

/** The scenario with faults that never happen by themselves: who would be hit by them is wired, and
 * the run is the same (E404). */
export function readyFor({ scenario, turns = [], mayBegin = [] }: Expected): Scenario {
  const all = [...mayBegin, ...faultsOf(turns)];
  if (all.length === 0) return scenario;
  const never = all.map((fault) => ({ ...fault, probability: 0 }));
  return { ...scenario, faults: [...scenario.faults, ...never] };
}

/** Faults that begin in turns. */
export function faultsOf(turns: readonly Turn[]): readonly CataloguedFault[] {
  return turns.flatMap(({ change }) => (change.kind === 'fault' ? [change.fault] : []));
}

/** What is wired for a kind and is not there without it; undefined where nothing is: such a fault
 * can begin in any world. */
export function wiringFor(kind: FaultKindName): string | undefined {
  const { family, targets } = FAULT_KINDS[kind];
  if (targets === 'server') return 'servers';
  if (kind === 'pipeline.schema-change') return kind;
  return family === 'storage' || family === 'pipeline' ? 'clickstream' : undefined;
}

/** All that is wired in a world for these faults and for those of its plan. */
export function wiringOf(
  scenario: Scenario,
  faults: readonly CataloguedFault[],
): ReadonlySet<string> {
  const all = [...scenario.faults.filter(isCatalogued), ...faults];
  const wired = new Set(all.flatMap(({ kind }) => wiringFor(kind) ?? []));
  return wired.has('pipeline.schema-change') ? wired.add('clickstream') : wired;
}
