/** What cannot be planned or ramped at all is said before anything runs, all of it at once. */
import { EngineError, type ScenarioProblem } from '../../../kernel/errors.ts';
import type { Objective } from '../../objectives/objective.ts';
import type { Planning } from '../../scenario/goals/planning-schema.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** What is missing for any question of capacity: traffic, and objectives that can fail.
 * @param peakOverMean - 0 where there is no traffic. */
export function capacityProblems(
  objectives: readonly Objective[],
  peakOverMean: number,
): readonly ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  if (peakOverMean === 0) {
    problems.push({
      path: 'traffic',
      found: 'no viewers, arrivals or users at any time',
      rule: 'nothing is asked, so nothing needs capacity: raise audience.viewers or traffic rates',
    });
  }
  if (objectives.every(({ severity }) => severity !== 'fail')) {
    problems.push({
      path: 'objectives',
      found: 'none that a run can fail',
      rule: "say what must hold, like objectives: ['p99(page.load) < 450ms']",
    });
  }
  return problems;
}

/** Constraints of a plan that contradict the scenario. */
export function constraintProblems(
  { network }: Scenario,
  { survive, demand }: Pick<Planning, 'survive' | 'demand'>,
): readonly ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  if (survive === 'zone' && network.zones < 2) {
    problems.push({
      path: 'planning.survive',
      found: '"zone", with all machines in one zone',
      rule: 'whoever loses their only zone has nothing left: set network.zones to 2 or more',
    });
  }
  const factors = demand.map(({ factor }) => factor);
  if (new Set(factors).size < factors.length) {
    problems.push({
      path: 'planning.demand',
      found: JSON.stringify(factors),
      rule: 'give each factor once, with its whole probability',
    });
  }
  return problems;
}

/** Throws where there is a problem.
 * @param what - What cannot be done, for the message.
 * @throws EngineError `SCENARIO_UNPLANNABLE` that lists them all. */
export function refuseProblems(
  scenario: Scenario,
  problems: readonly ScenarioProblem[],
  what = 'plan',
): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, found, rule }) => `${path}: found ${found}; ${rule}`);
  throw new EngineError(
    'SCENARIO_UNPLANNABLE',
    `scenario "${scenario.name}" leaves nothing to ${what}: ${lines.join(' | ')}`,
    { problems },
  );
}
