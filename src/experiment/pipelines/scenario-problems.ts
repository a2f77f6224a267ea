/** What a scenario's own plans must be: they run beside the built-in ones, by the watermark of its
 * clickstream, and a scenario, being data, has no bodies of functions. Spec: W147. */
import type { ScenarioProblem } from '../../kernel/errors.ts';
import { jobPlanProblems } from '../../streams/execute/job-plan.ts';
import type { Scenario } from '../scenario/schema.ts';
import { watermarkOf, worldPlans } from './built-in-plans.ts';

/** Every problem of `clickstream.pipelines`. */
export function pipelineProblems({ clickstream }: Scenario): readonly ScenarioProblem[] {
  const builtIn = worldPlans(clickstream);
  const { pipelines = [] } = clickstream;
  const terms = { watermark: watermarkOf(clickstream), functions: [] };
  return jobPlanProblems([...builtIn, ...pipelines], terms)
    .slice(builtIn.length)
    .flatMap((problems, n) =>
      problems.map((one) => ({ ...one, path: `clickstream.pipelines.${n}.${one.path}` })),
    );
}
