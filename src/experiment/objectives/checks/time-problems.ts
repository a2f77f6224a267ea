/** Times of objectives that the run does not have. */
import type { ScenarioProblem } from '../../../kernel/errors.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { durationText } from '../language/units.ts';
import { tickLengthUs } from '../measure/goal-ticks.ts';
import { clockStretch, faultStretches, type Stretch, scopeStretches } from '../measure/scopes.ts';
import { definitionOf } from '../metrics/metric-registry.ts';
import { termsOf } from '../metrics/terms-of.ts';
import type { Objective, Scope } from '../objective.ts';

/** A problem, and the words of the text that it is about. */
interface TimeProblem {
  readonly at: string;
  readonly rule: string;
}

/** Phases that end before they begin, lie outside of the run, or share a name. */
export function phaseProblems({ phases, clock }: Scenario): readonly ScenarioProblem[] {
  return phases.flatMap(({ name, from, to }, i) => {
    const problems: ScenarioProblem[] = [];
    if (phases.findIndex((other) => other.name === name) < i) {
      const found = JSON.stringify(name);
      problems.push({ path: `phases.${i}.name`, found, rule: 'a name of its own' });
    }
    if (to <= from) {
      problems.push({ path: `phases.${i}.to`, found: String(to), rule: 'a time after `from`' });
    } else if (to > clock.duration) {
      const rule = `the run ends at ${clock.duration} µs (clock.duration)`;
      problems.push({ path: `phases.${i}.to`, found: String(to), rule });
    }
    return problems;
  });
}

/** Windows, scopes and recoveries against the run. */
export function timeProblems(scenario: Scenario, objective: Objective): readonly TimeProblem[] {
  const outside = objective.scopes.flatMap((scope) => outsideProblems(scenario, scope));
  if (outside.length > 0) return outside;
  return [...windowProblems(scenario, objective), ...recoveryProblems(scenario, objective)];
}

function outsideProblems(scenario: Scenario, scope: Scope): readonly TimeProblem[] {
  if (scope.kind !== 'between' && scope.kind !== 'clock') return [];
  const { duration, start } = { ...scenario.clock };
  const { fromUs, toUs } = scope.kind === 'clock' ? clockStretch(scenario, scope) : scope;
  if (scope.kind === 'clock' && fromUs === toUs) {
    return [{ at: 'during', rule: 'ends when it begins' }];
  }
  if (fromUs >= 0 && toUs <= duration) return [];
  const run = `the run lasts ${durationText(duration)} from ${start.slice(11, 16)} on`;
  return [{ at: 'during', rule: `not within the run; ${run}` }];
}

function windowProblems(scenario: Scenario, objective: Objective): readonly TimeProblem[] {
  const { scopes, windows, recovery } = objective;
  const { warmUp, duration } = scenario.clock;
  const stretches = scopeStretches(scenario, scopes, { fromUs: warmUp, toUs: duration });
  // An unknown phase or fault is told by its name.
  if (hasUnknownName(scenario, scopes)) return [];
  if (stretches.length === 0) {
    return [{ at: ' ', rule: 'its scopes and the warm-up leave nothing of the run' }];
  }
  if (windows === null) return [];
  const at = 'over ';
  const lengthText = durationText(windows.lengthUs);
  const longest = Math.max(...stretches.map(({ fromUs, toUs }) => toUs - fromUs));
  if (recovery === null && windows.lengthUs > longest) {
    const rule = `windows of ${lengthText} are longer than what is measured, ${longest / 1e6}s`;
    return [{ at, rule }];
  }
  const tickUs = tickLengthUs(scenario);
  const sampled = termsOf(objective).find(({ metric }) =>
    ['amounts', 'levels'].includes(definitionOf(metric).kind),
  );
  if (sampled !== undefined && windows.lengthUs % tickUs !== 0) {
    const tick = durationText(tickUs);
    return [{ at, rule: `${sampled.metric} is read every ${tick}: windows are multiples of that` }];
  }
  return [];
}

function recoveryProblems(scenario: Scenario, objective: Objective): readonly TimeProblem[] {
  const { recovery, windows } = objective;
  if (recovery === null) return [];
  const { duration, warmUp } = scenario.clock;
  const late = faultStretches(scenario, recovery.fault).filter(
    ({ fromUs }: Stretch) => fromUs + recovery.withinUs > duration || fromUs < warmUp,
  );
  const problems: TimeProblem[] = late.map(({ fromUs }) => ({
    at: 'within',
    rule:
      fromUs < warmUp
        ? `the fault at ${fromUs / 1e6}s is in the warm-up`
        : `the fault at ${fromUs / 1e6}s leaves ${(duration - fromUs) / 1e6}s of the run`,
  }));
  if (windows !== null && windows.lengthUs > recovery.withinUs) {
    problems.push({ at: 'over ', rule: 'its windows are longer than it may take' });
  }
  return problems;
}

function hasUnknownName(scenario: Scenario, scopes: readonly Scope[]): boolean {
  return scopes.some((scope) => {
    if (scope.kind === 'phase') return !scenario.phases.some(({ name }) => name === scope.phase);
    if (scope.kind !== 'after-fault' && scope.kind !== 'outside-fault') return false;
    return faultStretches(scenario, scope.fault).length === 0;
  });
}
