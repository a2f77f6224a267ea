/** Every concurrency limit by its configuration: plain data in, a pure reducer out. Spec:
 * Q40–Q42. */
import { badArgument } from '../bad-argument.ts';
import { type AimdConfig, createAimdLimit } from './aimd-limit.ts';
import { createGradientLimit, type GradientConfig, type GradientState } from './gradient-limit.ts';
import {
  createGradient2Limit,
  type Gradient2Config,
  type Gradient2State,
} from './gradient2-limit.ts';
import type { ConcurrencyLimit } from './limit-sample.ts';
import { type SampleWindowConfig, type WindowedState, windowedLimit } from './sample-window.ts';
import { createVegasLimit, type VegasConfig, type VegasState } from './vegas-limit.ts';

/** A limit that does not adapt. */
export interface FixedLimitConfig {
  readonly kind: 'fixed';
  readonly limit: number;
}

/** Which algorithm, with its parameters. */
export type LimitAlgorithm =
  | FixedLimitConfig
  | AimdConfig
  | VegasConfig
  | GradientConfig
  | Gradient2Config;

/** A concurrency limit; with `window`, the algorithm sees averages instead of each request. */
export interface ConcurrencyLimitConfig {
  readonly algorithm: LimitAlgorithm;
  readonly window?: SampleWindowConfig | undefined;
}

/** State of an algorithm: a number for `fixed` and `aimd`. */
export type AlgorithmState = number | VegasState | GradientState | Gradient2State;

/** State of a limit: plain data. */
export type LimitState = AlgorithmState | WindowedState<AlgorithmState>;

/** The published defaults of each algorithm and of the window (Netflix concurrency-limits). */
export const LIMIT_DEFAULTS = {
  aimd: {
    kind: 'aimd',
    initialLimit: 20,
    minLimit: 20,
    maxLimit: 200,
    backoffRatio: 0.9,
    timeoutUs: 5_000_000,
  },
  vegas: { kind: 'vegas', initialLimit: 20, maxLimit: 1_000, smoothing: 1, probeMultiplier: 30 },
  gradient: {
    kind: 'gradient',
    initialLimit: 50,
    minLimit: 1,
    maxLimit: 1_000,
    smoothing: 0.2,
    rttTolerance: 2,
    backoffRatio: 0.9,
    probeInterval: 1_000,
  },
  gradient2: {
    kind: 'gradient2',
    initialLimit: 20,
    minLimit: 20,
    maxLimit: 200,
    smoothing: 0.2,
    rttTolerance: 1.5,
    room: 4,
    longWindow: 600,
  },
  window: {
    minWindowUs: 1_000_000,
    maxWindowUs: 1_000_000,
    minSamples: 10,
    minDurationUs: 100,
  },
} as const satisfies {
  readonly aimd: AimdConfig;
  readonly vegas: VegasConfig;
  readonly gradient: GradientConfig;
  readonly gradient2: Gradient2Config;
  readonly window: SampleWindowConfig;
};

/** Makes a concurrency limit.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT` unless 1 ≤ minLimit ≤ initialLimit ≤ maxLimit. */
export function createConcurrencyLimit(
  config: ConcurrencyLimitConfig,
): ConcurrencyLimit<LimitState> {
  const { algorithm, window } = config;
  checkBounds(algorithm);
  if (window === undefined) return algorithmOf(algorithm);
  return windowedLimit(algorithmOf(algorithm), window);
}

function algorithmOf(algorithm: LimitAlgorithm): ConcurrencyLimit<AlgorithmState> {
  switch (algorithm.kind) {
    case 'fixed':
      return fixedLimit(algorithm.limit);
    case 'aimd':
      return createAimdLimit(algorithm);
    case 'vegas':
      return createVegasLimit(algorithm);
    case 'gradient':
      return createGradientLimit(algorithm);
    case 'gradient2':
      return createGradient2Limit(algorithm);
  }
}

function fixedLimit(limit: number): ConcurrencyLimit<number> {
  return { initial: limit, limitOf: (state) => state, onSample: (state) => state };
}

/** A gradient limit keeps room for a waiting line of 4, so that its ceiling cannot be lower. */
const GRADIENT_CEILING_MIN = 4;

function checkBounds(algorithm: LimitAlgorithm): void {
  if (algorithm.kind === 'fixed') {
    atLeast('limit', algorithm.limit, 1);
    return;
  }
  const minLimit = algorithm.kind === 'vegas' ? 1 : algorithm.minLimit;
  atLeast('minLimit', minLimit, 1);
  atLeast('initialLimit', algorithm.initialLimit, minLimit);
  atLeast('maxLimit', algorithm.maxLimit, algorithm.initialLimit);
  if (algorithm.kind === 'gradient') {
    atLeast('maxLimit', algorithm.maxLimit, GRADIENT_CEILING_MIN);
  }
}

function atLeast(parameter: string, found: number, minimum: number): void {
  if (found >= minimum) return;
  throw badArgument(`limit.${parameter}`, found, `raise it to at least ${minimum}`);
}
