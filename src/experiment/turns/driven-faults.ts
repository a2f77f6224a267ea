/** A scenario's faults as they were in a run in which somebody began and ended some: what documents
 * show, and what objectives that speak of faults go by. Spec: E538. */
import { type Fault, isCatalogued } from '../faults/plan/fault-schema.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Turn } from './turned-simulation.ts';

/** The scenario with these faults; the same object where nothing was changed. */
export function drivenScenario(scenario: Scenario, turns: readonly Turn[]): Scenario {
  if (turns.length === 0) return scenario;
  return { ...scenario, faults: drivenFaults(scenario.faults, turns) };
}

/** Faults of the plan and of turns, in that order; those that were healed end then. */
export function drivenFaults(plan: readonly Fault[], turns: readonly Turn[]): Fault[] {
  let faults = [...plan];
  for (const { atUs, change } of turns) {
    if (change.kind === 'heal') faults = faults.flatMap((fault) => healed(fault, atUs));
    if (change.kind === 'fault') faults.push({ ...change.fault, at: atUs + change.fault.at });
  }
  return faults;
}

/** What is left of a fault when everything ends; outages of a scenario's own kinds go on. */
function healed(fault: Fault, atUs: number): readonly Fault[] {
  if (!isCatalogued(fault)) return [fault];
  if (fault.at >= atUs) return [];
  if (fault.rate === undefined) return [{ ...fault, for: Math.min(fault.for, atUs - fault.at) }];
  return [{ ...fault, rate: { ...fault.rate, until: Math.min(fault.rate.until, atUs) } }];
}
