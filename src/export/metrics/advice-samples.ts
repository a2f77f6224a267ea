/** Advice as samples: what every confirmed action does to every metric, and the verdicts. */
import type { AdviceDocument } from '../../experiment/advise/advice-document.ts';
import { createSampler, type MetricSample } from './metric-sample.ts';
import { ownMetric } from './other-samples.ts';
import { addVerdicts } from './verdict-samples.ts';

/** Differences from the baseline by action, those of the plan, and verdicts before and after. The
 * room of an objective has the objective as a label. */
export function adviceSamples(document: AdviceDocument): readonly MetricSample[] {
  const sampler = createSampler({ scenario: document.scenario });
  const { actions, plan, objectives } = document;
  const { name: subject, architecture } = document.subject;
  const units = new Map(document.metrics.map(({ name, unit }) => [name, unit]));
  const changed = [...actions, ...(plan === null ? [] : [{ id: 'plan', effects: plan.effects }])];
  for (const { id: action, effects } of changed) {
    for (const { metric, difference, verdict } of effects) {
      const [, objective] = /^room: (.*)$/.exec(metric) ?? [];
      const name = objective === undefined ? metric : 'objective room';
      const { named, scale } = ownMetric(`${name} difference`, units.get(metric) ?? '1');
      const of = { subject, architecture, action, verdict };
      sampler.addOther(named, difference, {
        of: objective === undefined ? of : { ...of, objective },
        scale,
      });
    }
  }
  addVerdicts(
    sampler,
    objectives.map(({ verdict }) => verdict),
    { phase: 'baseline' },
  );
  addVerdicts(sampler, plan?.after ?? [], { phase: 'plan' });
  return sampler.samples;
}
