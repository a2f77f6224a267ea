/** The circuit breaker that a configuration names. */
import type { CircuitBreaker } from './circuit-breaker.ts';
import {
  type ConsecutiveFailuresConfig,
  type ConsecutiveFailuresState,
  createConsecutiveFailuresBreaker,
} from './consecutive.ts';
import { createHystrixBreaker, type HystrixConfig, type HystrixState } from './hystrix.ts';
import {
  type CountWindowConfig,
  createSlidingWindowBreaker,
  type SlidingWindowState,
  type TimeWindowConfig,
} from './sliding-window.ts';

/** Every form of breaker, told apart by `kind`. */
export type CircuitBreakerConfig =
  | HystrixConfig
  | CountWindowConfig
  | TimeWindowConfig
  | ConsecutiveFailuresConfig;

/** The state of one form or another. Hand a breaker only states of its own. */
export type CircuitBreakerState = HystrixState | SlidingWindowState | ConsecutiveFailuresState;

/** Makes the breaker that the configuration describes. */
export function createCircuitBreaker(
  config: CircuitBreakerConfig,
): CircuitBreaker<CircuitBreakerState> {
  switch (config.kind) {
    case 'hystrix':
      return createHystrixBreaker(config);
    case 'count-window':
    case 'time-window':
      return createSlidingWindowBreaker(config);
    case 'consecutive-failures':
      return createConsecutiveFailuresBreaker(config);
  }
}
