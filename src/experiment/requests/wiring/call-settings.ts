/** The call policies of a scenario, by edge. */
import type { CallPolicies } from '../../../queueing/calls/call-policies.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** No time-out of its own, one try: a page is waited for as long as its viewer is patient. */
const PATIENT: CallPolicies = {
  timeoutUs: Number.POSITIVE_INFINITY,
  retry: { maxAttempts: 1, backoff: { kind: 'none', baseUs: 0, capUs: 0 }, retryOn: [] },
};

/** Policies of clients that ask a gateway, or the monolith, for pages. */
export function pagePolicies({ requests }: Scenario): CallPolicies {
  return requests.pages ?? PATIENT;
}

/** Policies of whoever runs a plan, for calls to a service. */
export function servicePolicies(scenario: Scenario, service: string): CallPolicies {
  const { requests, services } = scenario;
  const { callTimeout, retry } = requests;
  return (
    services[service]?.calledWith ??
    requests.calls ?? {
      timeoutUs: callTimeout,
      retry: {
        maxAttempts: retry.maxAttempts,
        backoff: { kind: 'full-jitter', baseUs: retry.backoffBase, capUs: retry.backoffCap },
        retryOn: ['timeout', 'unavailable', 'overloaded', 'error'],
      },
    }
  );
}

/** Whether a client must remember anything between calls under these policies. */
export function isStateful(policies: CallPolicies): boolean {
  const { budget, breaker, bulkhead, hedge, throttle } = policies;
  return [budget, breaker, bulkhead, hedge, throttle].some((policy) => policy !== undefined);
}
