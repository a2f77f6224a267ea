/** Retry budgets by their descriptions: how many extra tries each allows at most, from the plain
 * history of what was asked. Sources: Finagle's `RetryBudget`, gRPC A6, Envoy's `RetryBudget`, the
 * AWS SDKs' retry quota (reference §1.4). Spec: T32. */
import type { RetryBudgetConfig } from '../../../queueing/calls/budgets/create-retry-budget.ts';
import type { CallFailure } from '../../../queueing/calls/call-failure.ts';

/** What is under way at the caller when an extra try is asked for. */
export interface UnderWay {
  readonly active: number;
  readonly activeExtra: number;
}

/** A budget that keeps the whole history. */
export interface BudgetReference {
  /** A call began. */
  called(nowUs: number): void;
  /** A try ended in a success or a failure that may be tried again. */
  ended(end: {
    readonly ok: boolean;
    readonly role: 'first' | 'retry' | 'hedge';
    readonly retryOf: CallFailure | undefined;
  }): void;
  /** An extra try was granted. @returns whether that is within the budget. */
  granted(nowUs: number, after: CallFailure | undefined, underWay: UnderWay): boolean;
}

/** The reference of a configuration. */
export function budgetReference(config: RetryBudgetConfig): BudgetReference {
  switch (config.kind) {
    case 'ratio-bucket': {
      const slotUs = config.ttlUs / config.slots;
      const reserve = Math.floor((config.minRetriesPerSec * config.ttlUs) / 1e6);
      const calls: number[] = [];
      const grants: number[] = [];
      const within = (times: readonly number[], nowUs: number) => {
        const oldest = Math.floor(nowUs / slotUs) - config.slots + 1;
        return times.filter((atUs) => Math.floor(atUs / slotUs) >= oldest).length;
      };
      return {
        called: (nowUs) => void calls.push(nowUs),
        ended: () => {},
        granted(nowUs) {
          grants.push(nowUs);
          const most = config.retryRatio * within(calls, nowUs) + reserve;
          return within(grants, nowUs) <= most + 1e-9;
        },
      };
    }
    case 'active-retries':
      return {
        called: () => {},
        ended: () => {},
        granted: (_nowUs, _after, { active, activeExtra }) =>
          activeExtra < Math.max(config.minRetryConcurrency, config.budgetRatio * active + 1e-9),
      };
    case 'grpc-throttle': {
      // In thousandths: three decimals of the ratio count.
      const most = 1_000 * config.maxTokens;
      const gain = Math.floor(1_000 * config.tokenRatio + 1e-9);
      let tokens = most;
      return {
        called: () => {},
        ended({ ok }) {
          tokens = ok ? Math.min(most, tokens + gain) : Math.max(0, tokens - 1_000);
        },
        granted: () => tokens > most / 2,
      };
    }
    case 'quota': {
      const priceOf = (failure: CallFailure | undefined) =>
        failure === 'timeout' ? config.timeoutCost : config.retryCost;
      let tokens = config.capacity;
      return {
        called: () => {},
        ended({ ok, role, retryOf }) {
          if (!ok) return;
          const gain = role === 'first' ? config.successGain : priceOf(retryOf);
          tokens = Math.min(config.capacity, tokens + gain);
        },
        granted(_nowUs, after) {
          tokens -= priceOf(after);
          return tokens >= 0;
        },
      };
    }
  }
}
