/** Every balancer by its configuration: a policy, with or without outlier ejection and a preference
 * for the caller's zone. Spec: Q44–Q50. */
import type { Balancer, ChoiceRequest } from './balancer.ts';
import type { Field } from './field.ts';
import {
  type EjectionConfig,
  type EjectionState,
  keepHealth,
  noEjections,
  observeHealth,
} from './outlier-ejection.ts';
import { type PeakEwmaState, peakEwma } from './peak-ewma.ts';
import {
  leastOutstanding,
  type PickRule,
  POWER_OF_TWO,
  RANDOM,
  ROUND_ROBIN,
} from './pick-rules.ts';
import { ringHash } from './ring-hash.ts';
import { type DeadlineState, weightedLeastRequest } from './weighted-least-request.ts';
import { fieldOf, type ZonePreference } from './zone-preference.ts';

/** Which replica of those that may be taken. */
export type BalancingPolicy =
  | { readonly kind: 'round-robin' }
  | { readonly kind: 'random' }
  | { readonly kind: 'least-outstanding'; readonly ties: 'lowest-index' | 'random' }
  | { readonly kind: 'power-of-two' }
  | { readonly kind: 'weighted-least-request'; readonly bias: number }
  | { readonly kind: 'peak-ewma'; readonly decayUs: number }
  | { readonly kind: 'ring-hash'; readonly virtualNodes: number };

/** A balancer as plain data. */
export interface BalancerConfig {
  readonly policy: BalancingPolicy;
  readonly ejection?: EjectionConfig | undefined;
  readonly zones?: ZonePreference | undefined;
}

/** What a policy remembers: `null` for those that remember nothing. */
export type PolicyState = null | number | DeadlineState | PeakEwmaState;

/** State of a balancer: plain data. */
export interface BalancerState<P = PolicyState> {
  readonly policy: P;
  readonly ejection: EjectionState | undefined;
}

/** Makes a balancer. */
export function createBalancer(config: BalancerConfig): Balancer<BalancerState> {
  const { policy } = config;
  switch (policy.kind) {
    case 'round-robin':
      return balancerOf(ROUND_ROBIN, config);
    case 'random':
      return balancerOf(RANDOM, config);
    case 'least-outstanding':
      return balancerOf(leastOutstanding(policy.ties), config);
    case 'power-of-two':
      return balancerOf(POWER_OF_TWO, config);
    case 'weighted-least-request':
      return balancerOf(weightedLeastRequest(policy.bias), config);
    case 'peak-ewma':
      return balancerOf(peakEwma(policy.decayUs), config);
    case 'ring-hash':
      return balancerOf(ringHash(policy.virtualNodes), config);
  }
}

const NOBODY: ChoiceRequest = { replicas: [], nowUs: 0, key: 0, u1: 0, u2: 0, zone: 0 };

function balancerOf<P>(rule: PickRule<P>, config: BalancerConfig): Balancer<BalancerState<P>> {
  const { ejection: ejecting, zones } = config;
  const initial: BalancerState<P> = {
    policy: rule.initial,
    ejection: ejecting === undefined ? undefined : noEjections(ejecting),
  };
  const isPlain = ejecting === undefined && zones === undefined;
  // Rules keep nothing of a field: the whole fleet is one object, written for each call anew.
  const plain = { request: NOBODY, health: undefined, zones: 'all' as const, u1: 0 };
  const fieldFor = (request: ChoiceRequest, ejection: EjectionState | undefined): Field => {
    if (!isPlain) return fieldOf(request, ejection, zones);
    plain.request = request;
    plain.u1 = request.u1;
    return plain;
  };
  return {
    initial: () => initial,
    choose: (state, request) => rule.pick(state.policy, fieldFor(request, state.ejection)),
    sent(state, request, replica) {
      let { policy, ejection } = state;
      if (rule.sent !== undefined) {
        policy = rule.sent(policy, fieldFor(request, ejection), replica);
      }
      if (ejecting !== undefined && ejection !== undefined) {
        const { nowUs, replicas } = request;
        ejection = keepHealth(ejecting, ejection, { nowUs, replicaCount: replicas.length });
      }
      return policy === state.policy && ejection === state.ejection ? state : { policy, ejection };
    },
    observe(state, outcome) {
      const policy = rule.observe?.(state.policy, outcome) ?? state.policy;
      const ejection =
        ejecting === undefined || state.ejection === undefined
          ? undefined
          : observeHealth(ejecting, state.ejection, outcome);
      return policy === state.policy && ejection === state.ejection ? state : { policy, ejection };
    },
  };
}
