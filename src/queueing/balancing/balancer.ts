/** Load balancers of a fleet: a choice among replicas as they are seen, a state that learns from
 * what is sent and what comes back. Choosing is a pure function without a new state, so that the
 * hot path allocates next to nothing. The policies are beside this file. Spec: Q44–Q50. */

/** What a balancer sees of a replica. */
export interface ReplicaSight {
  /** Calls sent and not yet answered. */
  readonly outstanding: number;
  /** Started, and not going away. */
  readonly isReady: boolean;
  readonly zone: number;
  /** > 0; 1 for all alike. */
  readonly weight: number;
}

/** A call looks for its replica. Replicas are known by their index: one that leaves before the last
 * stays in the list, not ready. */
export interface ChoiceRequest {
  readonly replicas: readonly ReplicaSight[];
  readonly nowUs: number;
  /** What the call is about, a whole number ≥ 0: equal keys meet on a hash ring. */
  readonly key: number;
  /** Two independent uniforms in (0, 1). */
  readonly u1: number;
  readonly u2: number;
  /** Where the caller is. */
  readonly zone: number;
}

/** A call came back, or was given up. */
export interface CallOutcome {
  readonly replica: number;
  readonly ok: boolean;
  readonly durationUs: number;
  readonly nowUs: number;
}

/** A balancer. For each call: `choose`, then `sent` with the same request, in the end `observe`.
 * Round robin and power of two cost 30–50 ns for the first two together. */
export interface Balancer<S> {
  initial(): S;
  /** The replica for a call, or −1 if none is ready. An ejected one only where no other is ready.
   * Cost O(1) for power of two and round robin while all are ready, else O(replicas). */
  choose(state: S, request: ChoiceRequest): number;
  /** The state after a call went to `replica`; the same object where nothing changes. */
  sent(state: S, request: ChoiceRequest, replica: number): S;
  /** The state after an outcome; the same object where nothing changes. */
  observe(state: S, outcome: CallOutcome): S;
}
