/** What a retry budget is: how many extra attempts (retries and hedges) a client may make over all
 * its calls to a service, so that retries cannot multiply an overload. Four published forms, one
 * interface, pure: states are plain data and are never changed. Spec: Q22–Q25. */

/** What is seen when an extra attempt is asked for. */
export interface RetryRequest {
  readonly nowUs: number;
  /** Attempts under way or waiting at the client, extra ones included. */
  readonly activeRequests: number;
  /** Extra attempts granted and not finished. */
  readonly activeRetries: number;
  /** Whether a timeout is what the attempt answers to; by default not. */
  readonly timedOut?: boolean | undefined;
}

/** How an attempt ended. Hand in successes and retryable failures; others say nothing here. */
export interface AttemptOutcome {
  readonly ok: boolean;
  readonly timedOut: boolean;
  readonly nowUs: number;
  /** The failure that this attempt was a retry of; by default it is a first attempt. */
  readonly retryOf?: 'failure' | 'timeout' | undefined;
}

/** A retry budget over states of type S. */
export interface RetryBudget<S> {
  readonly initial: S;
  /** A call begins (its first attempt). */
  onRequest(state: S, nowUs: number): S;
  /** Asks for an extra attempt, and pays for it where it is granted. */
  tryRetry(
    state: S,
    request: RetryRequest,
  ): {
    readonly state: S;
    readonly allowed: boolean;
  };
  /** An attempt ended. */
  onOutcome(state: S, outcome: AttemptOutcome): S;
}
