/** Autoscalers decide what Kubernetes' would, step by step, and never leave their bounds.
 * Spec: T36. */
import type { Invariant } from '../invariant.ts';
import { HpaReference } from '../references/hpa-reference.ts';
import { watching } from '../watching.ts';

/** Steps of autoscalers. */
export const AUTOSCALERS_STEP_AS_KUBERNETES: Invariant = watching(
  'autoscalers-step-as-kubernetes',
  'each step of an autoscaler asks for what the reference asks for on the same readings',
  ({ tower, checked, broken }) => {
    const references = new Map<string, HpaReference>();
    tower.servers.scalings.on(({ server, step }) => {
      const { hpa, observation, nowUs, desiredReplicas, atLeast } = step;
      const reference = references.get(server) ?? new HpaReference(hpa);
      references.set(server, reference);
      checked();
      const expected = reference.step(observation, nowUs, atLeast);
      if (expected === desiredReplicas) return;
      const message = `the autoscaler of ${server} asks for ${desiredReplicas}, not ${expected}`;
      broken(message, { server, nowUs, desiredReplicas, expected, observation });
    });
    return undefined;
  },
);

/** Bounds of autoscalers. */
export const AUTOSCALERS_STAY_WITHIN_BOUNDS: Invariant = watching(
  'autoscalers-stay-within-bounds',
  'an autoscaler asks for no fewer replicas than its least and no more than its most',
  ({ tower, checked, broken }) => {
    tower.servers.scalings.on(({ server, step }) => {
      const { hpa, desiredReplicas, observation } = step;
      // Who has none at all and may not come to none is switched off.
      if (observation.currentReplicas === 0 && hpa.minReplicas > 0) return;
      checked();
      const { minReplicas, maxReplicas } = hpa;
      if (minReplicas <= desiredReplicas && desiredReplicas <= maxReplicas) return;
      const message = `the autoscaler of ${server} asks for ${desiredReplicas} replicas`;
      broken(message, { server, desiredReplicas, minReplicas, maxReplicas });
    });
    return undefined;
  },
);
