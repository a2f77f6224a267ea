/** Which of a scenario's objectives a question of capacity judges. */
import type { Objective } from '../../objectives/objective.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** Objectives that are judged, and those that are not, with the reason. */
export interface JudgedObjectives {
  readonly judged: readonly Objective[];
  readonly leftOut: readonly { readonly objective: string; readonly reason: string }[];
}

/** Objectives of one subject at a time, at a confidence and with no more replications asked for
 * than a fleet gets. */
export function judgedObjectives(
  scenario: Scenario,
  { confidence, replications }: { readonly confidence: number; readonly replications: number },
): JudgedObjectives {
  const isOfSeveral = ({ condition }: Objective) => {
    const { expression } = condition;
    const terms = expression.kind === 'ratio' ? [expression.over, expression.under] : [expression];
    return terms.some(({ subject }) => subject !== null);
  };
  return {
    judged: scenario.objectives
      .filter((objective) => !isOfSeveral(objective))
      .map((objective) => ({
        ...objective,
        confidence,
        minReplications: Math.min(objective.minReplications, replications),
      })),
    leftOut: scenario.objectives.filter(isOfSeveral).map(({ text }) => ({
      objective: text,
      reason: 'it compares architectures, and fleets are judged one by one',
    })),
  };
}
