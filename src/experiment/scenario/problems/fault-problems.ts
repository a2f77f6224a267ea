/** Faults must be aimed at what is there, and be as strong as their kind can be. */
import { ARCHITECTURE_NAMES } from '../../../gateway/architecture.ts';
import type { ScenarioProblem } from '../../../kernel/errors.ts';
import type { FaultTargets } from '../../faults/catalogue/fault-kind.ts';
import { FAULT_KINDS } from '../../faults/catalogue/fault-kinds.ts';
import { type CataloguedFault, isCatalogued } from '../../faults/plan/fault-schema.ts';
import type { Scenario } from '../schema.ts';
import { shown, suggestion } from './problem-words.ts';

/** Everything wrong with a scenario's faults. Zones and regions are checked with the places. */
export function faultProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const services = Object.keys(scenario.services);
  return scenario.faults.flatMap((fault, i) => {
    if (fault.kind === 'zone.loss') return [];
    if (!isCatalogued(fault)) return targetProblem(`faults.${i}`, fault.target, services);
    const known = targetsOf(FAULT_KINDS[fault.kind].targets, services);
    return [
      ...(fault.target === undefined ? [] : targetProblem(`faults.${i}`, fault.target, known)),
      ...intensityProblem(`faults.${i}`, fault),
      ...rateProblem(`faults.${i}`, fault),
    ];
  });
}

/** Names that a fault may be aimed at. Spec: E403. */
export function targetsOf(targets: FaultTargets, services: readonly string[]): readonly string[] {
  const servers = [...services, ...ARCHITECTURE_NAMES.filter((name) => name !== 'direct')];
  if (targets === 'server') return servers;
  if (targets === 'link') return [...servers, 'clickstream'];
  if (targets === 'store') return ['log', 'warehouse'];
  return [targets];
}

function targetProblem(
  path: string,
  target: string,
  known: readonly string[],
): readonly ScenarioProblem[] {
  if (known.includes(target)) return [];
  return [{ path: `${path}.target`, found: shown(target), rule: suggestion(target, known) }];
}

function intensityProblem(path: string, fault: CataloguedFault): readonly ScenarioProblem[] {
  const { intensity } = FAULT_KINDS[fault.kind];
  const found = fault.intensity;
  if (found === undefined) return [];
  if (intensity === undefined) {
    const rule = `${fault.kind} has no intensity: leave it out`;
    return [{ path: `${path}.intensity`, found: shown(found), rule }];
  }
  const { min, max, unit } = intensity;
  if (found >= min && found <= max) return [];
  const rule = `${fault.kind} has an intensity of ${min} … ${max} (${unit})`;
  return [{ path: `${path}.intensity`, found: shown(found), rule }];
}

function rateProblem(path: string, { at, rate }: CataloguedFault): readonly ScenarioProblem[] {
  if (rate === undefined || rate.until > at) return [];
  const rule = `after the fault's \`at\` (${at})`;
  return [{ path: `${path}.rate.until`, found: shown(rate.until), rule }];
}
