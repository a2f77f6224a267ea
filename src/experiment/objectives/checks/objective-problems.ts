/** What a scenario shows to be wrong with its objectives, before it is run: names that it does not
 * have, times outside of it, objectives that contradict each other. Spec: E103. */
import type { ScenarioProblem } from '../../../kernel/errors.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { nearest } from '../language/token-reader.ts';
import { matches } from '../measure/label-match.ts';
import type { LabelName } from '../metrics/metric-registry.ts';
import { termsOf } from '../metrics/terms-of.ts';
import type { LabelMatch, Objective } from '../objective.ts';
import { contradictionProblems } from './contradictions.ts';
import { knownFaults, knownSubjects, knownValues } from './known-names.ts';
import { phaseProblems, timeProblems } from './time-problems.ts';

/** All problems of a scenario's objectives and phases. */
export function objectiveProblems(scenario: Scenario): readonly ScenarioProblem[] {
  return [
    ...phaseProblems(scenario),
    ...scenario.objectives.flatMap((objective, i) =>
      [...nameProblems(scenario, objective), ...timeProblems(scenario, objective)].map(
        ({ at, rule }) => located(objective, i, { at, rule }),
      ),
    ),
    ...contradictionProblems(scenario.objectives).map(({ index, rule }) => ({
      path: `objectives.${index}`,
      found: `'${scenario.objectives[index]?.text}'`,
      rule,
    })),
  ];
}

/** Ratios between architectures or variants that the scenario is not run as. Of the scenario as a
 * whole: a variant alone does not know the others. */
export function subjectProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const known = knownSubjects(scenario);
  return scenario.objectives.flatMap((objective, i) =>
    termsOf(objective).flatMap(({ subject }) => {
      if (subject === null || known.includes(subject)) return [];
      const rule = `it is not run as "${subject}"; ${nearest(subject, known)}`;
      return [located(objective, i, { at: `arch="${subject}"`, rule })];
    }),
  );
}

/** A problem, and the words of the text that it is about. */
interface FoundProblem {
  readonly at: string;
  readonly rule: string;
}

function located({ text }: Objective, index: number, { at, rule }: FoundProblem): ScenarioProblem {
  const column = Math.max(0, text.indexOf(at)) + 1;
  return { path: `objectives.${index}`, found: `'${text}'`, rule: `column ${column}: ${rule}` };
}

function nameProblems(scenario: Scenario, objective: Objective): readonly FoundProblem[] {
  return [
    ...termsOf(objective).flatMap(({ metric, labels }) => [
      ...labels.flatMap((match) => labelProblems(scenario, match)),
      ...(metric === 'cost.per_hour' && scenario.prices === undefined
        ? [{ at: metric, rule: 'the scenario has no price book: give it `prices`' }]
        : []),
    ]),
    ...objective.scopes.flatMap((scope) => {
      if (scope.kind === 'phase') return phaseNameProblems(scenario, scope.phase);
      return scope.kind === 'outside-fault' || scope.kind === 'after-fault'
        ? faultProblems(scenario, scope.fault)
        : [];
    }),
    ...(objective.recovery === null ? [] : faultProblems(scenario, objective.recovery.fault)),
  ];
}

function labelProblems(scenario: Scenario, match: LabelMatch): readonly FoundProblem[] {
  const { label, operator, value } = match;
  const known = knownValues(scenario, label as LabelName);
  const asked = operator === '!=' ? { ...match, operator: '=' as const } : match;
  if (known.some((one) => matches([asked], { [label]: one }))) return [];
  const what = operator === '=~' ? `no ${label} matches` : `no such ${label} as`;
  return [{ at: `${label}${operator}`, rule: `${what} "${value}"; ${nearest(value, known)}` }];
}

function phaseNameProblems(scenario: Scenario, phase: string): readonly FoundProblem[] {
  const known = scenario.phases.map(({ name }) => name);
  if (known.includes(phase)) return [];
  const rule = known.length === 0 ? 'the scenario has no `phases`' : nearest(phase, known);
  return [{ at: 'phase(', rule: `no such phase as "${phase}"; ${rule}` }];
}

function faultProblems(scenario: Scenario, fault: string | null): readonly FoundProblem[] {
  const known = knownFaults(scenario);
  if (fault === null ? known.length > 0 : known.includes(fault)) return [];
  const rule = known.length === 0 ? 'the scenario has no faults' : nearest(fault ?? '', known);
  const what = fault === null ? 'no fault to be outside of' : `no such fault as "${fault}"`;
  return [{ at: 'fault(', rule: `${what}; ${rule}` }];
}
