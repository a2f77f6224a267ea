/** Objectives as samples: the verdict as 1, and the room that is left. */
import type { ObjectiveVerdict } from '../../experiment/objectives/objective.ts';
import type { Attributes, Sampler } from './metric-sample.ts';

/** Adds all verdicts. @param common - Further attributes, as of the point of a sweep. */
export function addVerdicts(
  sampler: Sampler,
  verdicts: readonly ObjectiveVerdict[],
  common: Attributes = {},
): void {
  for (const { objective, subject, severity, verdict, margin } of verdicts) {
    const of = { subject, ...common, objective, severity };
    sampler.add('backlot.objective.verdict', 1, { of: { ...of, verdict } });
    sampler.add('backlot.objective.margin', margin, { of });
  }
}
