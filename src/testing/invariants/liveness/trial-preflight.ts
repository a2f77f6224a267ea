/** The pre-flight of a trial, as `check` does it: what theory says of its stations before the run.
 * */
import type { SubjectPreflight } from '../../../experiment/check/check-document.ts';
import { viewerDemand } from '../../../experiment/check/demand/viewer-demand.ts';
import { subjectPreflight } from '../../../experiment/check/stations/subject-preflight.ts';
import type { RunInputs } from '../../../experiment/run-inputs.ts';
import { defineScenario } from '../../../experiment/scenario/define-scenario.ts';
import { createPageTraces } from '../../../gateway/page-trace.ts';
import { PRODUCTS } from '../../../gateway/products/products.ts';
import type { Trial } from '../../trial/trial.ts';

/** Works a trial out. @throws EngineError `SCENARIO_INVALID`. */
export function trialPreflight(trial: Trial, inputs: RunInputs): SubjectPreflight {
  const scenario = defineScenario(trial.scenario);
  const product = PRODUCTS[scenario.product];
  const architecture = product.createArchitecture(trial.architecture, scenario.architectures);
  const { publicSchema, types } = product.supergraph();
  const traces = createPageTraces({
    publicSchema,
    types,
    backends: product.createBackends(inputs.catalogue),
    schedule: architecture.executedAt === 'router' ? scenario.architectures.schedule : 'plan',
  });
  const viewers = viewerDemand(scenario, inputs);
  return subjectPreflight({ name: 'trial', scenario, architecture, traces, inputs, viewers });
}
