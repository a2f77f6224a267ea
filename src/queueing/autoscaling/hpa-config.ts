/** The Kubernetes HorizontalPodAutoscaler as plain data: what it scales on, how far and how fast.
 * Source: autoscaling/v2 and the flags of kube-controller-manager. Spec: Q51. */

/** A target. Values are in thousandths, as Kubernetes counts them: 250 is 250m. */
export type HpaMetric =
  /** Usage as a percentage of what the pods request. */
  | {
      readonly kind: 'resource-utilization';
      readonly resource: 'cpu' | 'memory';
      readonly targetPercent: number;
    }
  | {
      readonly kind: 'resource-average';
      readonly resource: 'cpu' | 'memory';
      readonly targetMilli: number;
    }
  | { readonly kind: 'pods-average'; readonly targetMilli: number }
  /** Of one object or an external system, altogether. */
  | { readonly kind: 'object-value'; readonly targetMilli: number }
  /** Of one object or an external system, per replica. */
  | { readonly kind: 'object-average'; readonly targetMilli: number };

/** At most so many pods, or so many percent, in any period. */
export interface RatePolicy {
  readonly kind: 'pods' | 'percent';
  readonly value: number;
  /** At most 1800 s. */
  readonly periodUs: number;
}

/** How one direction of scaling is held back. */
export interface ScalingRules {
  /** No change while usage over target is within 1 ± tolerance. */
  readonly tolerance: number;
  /** Up: the least recommendation of this time counts; down: the greatest. At most 3600 s. */
  readonly stabilizationUs: number;
  /** The policy that allows most, or least; `disabled`: this direction never. */
  readonly selectPolicy: 'max' | 'min' | 'disabled';
  readonly policies: readonly RatePolicy[];
}

/** An autoscaler. */
export interface HpaConfig {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly HpaMetric[];
  /** Time between two steps; who steps keeps it. */
  readonly syncPeriodUs: number;
  /** Age below which the CPU usage of a pod counts only if it was measured while it was ready. */
  readonly cpuInitializationUs: number;
  /** A pod whose readiness last changed so soon after its start has never been ready. */
  readonly initialReadinessDelayUs: number;
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}

const SECOND_US = 1_000_000;

/** Everything that Kubernetes has a default for. */
export const HPA_DEFAULTS: Omit<HpaConfig, 'maxReplicas' | 'metrics'> = {
  minReplicas: 1,
  syncPeriodUs: 15 * SECOND_US,
  cpuInitializationUs: 300 * SECOND_US,
  initialReadinessDelayUs: 30 * SECOND_US,
  scaleUp: {
    tolerance: 0.1,
    stabilizationUs: 0,
    selectPolicy: 'max',
    policies: [
      { kind: 'percent', value: 100, periodUs: 15 * SECOND_US },
      { kind: 'pods', value: 4, periodUs: 15 * SECOND_US },
    ],
  },
  scaleDown: {
    tolerance: 0.1,
    stabilizationUs: 300 * SECOND_US,
    selectPolicy: 'max',
    policies: [{ kind: 'percent', value: 100, periodUs: 15 * SECOND_US }],
  },
};
